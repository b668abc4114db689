"""What happens by the clock: openings for the coming days, and forgetting what is no longer needed."""

import datetime as dt
from collections.abc import Awaitable, Callable

from app.features.reindexing import renew_openings
from app.features.setting import Setting
from app.jobs import Retry, Work, task
from app.layers.registry import LAYERS
from app.moderation.old_claims import end_old_claims
from app.moderation.openings import end_old
from app.moderation.retention import forget
from app.taxonomy.vocabulary import load_vocabulary


@task("notifications.renew_openings", retry=Retry(times=5), cron="7 * * * *")
async def openings(work: Work) -> None:
    """Write the openings of the next fourteen days; every hour, since midnight is not the same everywhere.

    Layers that have today's openings already are left alone, so that most runs do nothing.
    """
    settings = work.settings
    setting = Setting(load_vocabulary(), settings.timezone, settings.countries[0], dt.datetime.now(dt.UTC))
    await renew_openings(work.database, setting, LAYERS)


@task("notifications.forget_submissions", retry=Retry(times=5), cron="37 2 * * *")
async def forget_submissions(work: Work) -> None:
    """Keep the promises about how long submissions and addresses are kept; what fails of one does not hold up the others."""
    failed: list[Exception] = []
    acts: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: forget(work.database),
        lambda: _end_wishes(work),
        lambda: end_old_claims(work.database),
    )
    for act in acts:
        try:
            await act()
        except Exception as error:  # noqa: BLE001 - raised below
            failed.append(error)
    if failed:
        raise failed[0]


async def _end_wishes(work: Work) -> None:
    # Each batch a transaction: what is done in one holds the end of the log.
    while await _ended(work):
        pass


async def _ended(work: Work) -> int:
    async with work.transaction() as session:
        return await end_old(session)
