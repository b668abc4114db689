"""Forgets photos by the clock: those of forms that nobody goes on with, and those that nothing names any more."""

from app.jobs import Retry, Work, task
from app.photos.keeping import forget_photos
from app.photos.waiting import forget_old_waiting


@task("photos.forget_waiting", cron="*/15 * * * *")
async def forget_waiting(work: Work) -> None:
    """Delete what was chosen for forms and never sent."""
    async with work.transaction() as session:
        await forget_old_waiting(session)


@task("photos.forget_unnamed", retry=Retry(times=5), cron="52 2 * * *")
async def forget_unnamed(work: Work) -> None:
    """Delete what is in no version of a place, and in no submission that is still kept for it."""
    async with work.transaction() as session:
        await forget_photos(session)
