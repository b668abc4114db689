"""Forgets photos by the clock: those of forms that nobody goes on with, and those that nothing names any more."""

from typing import Final

from app.jobs import Retry, Work, task
from app.photos.keeping import forget_photos, old_photos
from app.photos.waiting import count_again, forget_old_waiting

#: Photos looked at in one transaction: of a hundred thousand each holds a few, for a moment.
TOGETHER: Final = 200


@task("photos.forget_waiting", cron="*/15 * * * *")
async def forget_waiting(work: Work) -> None:
    """Delete what was chosen for forms and never sent, some of it at a time."""
    deleted = TOGETHER
    while deleted == TOGETHER:
        async with work.transaction() as session:
            deleted = await forget_old_waiting(session, limit=TOGETHER)
    async with work.transaction() as session:
        await count_again(session)


@task("photos.forget_unnamed", retry=Retry(times=5), cron="52 2 * * *")
async def forget_unnamed(work: Work) -> None:
    """Delete what is in no version of a place, and in no submission that is still kept for it.

    Some at a time, each in a transaction of its own: what is done stays done, and nobody waits for all of it.
    """
    after = ""
    while True:
        async with work.transaction() as session:
            files = await old_photos(session, after=after, limit=TOGETHER)
            await forget_photos(session, files)
        if len(files) < TOGETHER:
            return
        after = files[-1]
