"""An area that the desk keeps has changed: the places in it are found, and then it can be chosen."""

import datetime as dt

from app.areas.own import COUNT
from app.features.recounting import recount_area
from app.features.setting import Setting
from app.jobs import Retry, Work, task
from app.layers.registry import LAYERS
from app.taxonomy.vocabulary import load_vocabulary


@task(COUNT, retry=Retry(times=5))
async def count(work: Work, *, code: str, version: int) -> None:
    """Find them, batch by batch."""
    settings = work.settings
    setting = Setting(load_vocabulary(), settings.timezone, settings.countries[0], dt.datetime.now(dt.UTC))
    await recount_area(work.database, setting, LAYERS, code, version)
