"""Who has looked at the invented places: their pages say of a check when it was, how, and by whom."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.demonstration.points import Invented
from app.features.history import Role
from app.features.history_models import FeatureCheck
from app.features.layer import Layer
from app.features.reindexing import renew
from app.features.setting import Setting

#: Who looks in each way; of a partner's word nobody knows more than that it came with the data.
LOOKED: Final[Mapping[str, Role]] = {
    "visit": Role.MODERATOR,
    "phone": Role.MODERATOR,
    "email": Role.MODERATOR,
    "web": Role.MODERATOR,
    "owner_confirmed": Role.ORGANISATION,
}


async def note_checks(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    ids: Sequence[uuid.UUID],
    invented: Sequence[Invented],
) -> None:
    """Note the last check of each published invention as one of the desk's or of its organisation."""
    checks = [
        FeatureCheck(
            feature_id=id_, at=given.verified_at, how=given.verified_how, by=LOOKED[given.verified_how]
        )
        for id_, given in zip(ids, (one.provenance for one in invented), strict=True)
        if given.verified_at is not None and given.verified_how in LOOKED
    ]
    session.add_all(checks)
    await session.flush()
    await renew(session, setting, layer, [check.feature_id for check in checks])
