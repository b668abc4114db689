"""Visitors say that a place is as the map says: once enough of them have, it counts as checked."""

import datetime as dt
import uuid

from app.features.setting import Setting
from app.jobs import Retry, Work, task
from app.layers.registry import LAYERS
from app.moderation.actions.still_true import settle
from app.taxonomy.vocabulary import load_vocabulary


@task("notifications.settle", retry=Retry(times=5))
async def settle_confirmations(work: Work, *, feature_id: str) -> None:
    """Count a place as checked by visitors, if it still is to be when its turn comes."""
    settings = work.settings
    setting = Setting(load_vocabulary(), settings.timezone, settings.countries[0], dt.datetime.now(dt.UTC))
    async with work.transaction() as session:
        await settle(session, setting, LAYERS, uuid.UUID(feature_id))
