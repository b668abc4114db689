"""A service that an administrator has renamed: the places that have it are found by its new name."""

import datetime as dt

from app.features.reindexing import renew_with_service
from app.features.setting import Setting
from app.jobs import Retry, Work, task
from app.layers.registry import LAYERS
from app.taxonomy.added_services import RENEW
from app.taxonomy.vocabulary import load_vocabulary


@task(RENEW, retry=Retry(times=5))
async def renew(work: Work, *, code: str) -> None:
    """Write them anew, batch by batch."""
    settings = work.settings
    setting = Setting(load_vocabulary(), settings.timezone, settings.countries[0], dt.datetime.now(dt.UTC))
    await renew_with_service(work.database, setting, LAYERS, code)
