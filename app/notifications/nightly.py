"""What happens by the clock: openings for the coming days, and forgetting what is no longer needed."""

import datetime as dt

from app.features.reindexing import renew_openings
from app.features.setting import Setting
from app.jobs import Retry, Work, task
from app.layers.registry import LAYERS
from app.moderation.openings import end_old
from app.moderation.place_claims import end_old_claims
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
    """Keep the promises about how long submissions and addresses are kept."""
    await forget(work.database)
    # Each batch a transaction: what is done in one holds the end of the log.
    while await _ended(work):
        pass
    async with work.transaction() as session:
        await end_old_claims(session)


async def _ended(work: Work) -> int:
    async with work.transaction() as session:
        return await end_old(session)
