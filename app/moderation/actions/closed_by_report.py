"""What resolving a report by closing its place did to the map, and how undoing it puts that right again."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.features.layer import Layer
from app.features.models import Feature, FeatureState, Revision
from app.features.publishing import Item, Provenance, publish_many
from app.features.setting import Setting
from app.moderation.actions.close import CLOSED, REOPENED, is_closed
from app.moderation.actions.take_down import tell_submitter
from app.moderation.actions.undo import UNDONE
from app.moderation.live import read_feature
from app.moderation.models import Report


class Map(StrEnum):
    """What the map says after a report waits again."""

    #: The report had changed nothing on it.
    SAME = "1"
    BACK = "back"
    OPENED = "opened"
    #: It was closed otherwise before, and is so again.
    AS_BEFORE = "before"
    STAYS_DOWN = "down"
    STAYS_CLOSED = "closed"


async def closed_by(session: AsyncSession, one: Report) -> int | None:
    """The revision by which resolving a report closed its place, if nothing has become of the place since."""
    if one.state != "resolved":
        return None
    query = (
        select(Revision.number)
        .join(Feature, Feature.id == Revision.feature_id)
        .where(
            Revision.feature_id == one.feature_id,
            Revision.number == Feature.revision,
            Feature.state == FeatureState.PUBLISHED,
            Revision.action == CLOSED,
            # Both were written at the moment of the one press.
            Revision.created_at == one.resolved_at,
        )
    )
    return await session.scalar(query)


async def open_again(
    session: AsyncSession, setting: Setting, layer: Layer, one: Report, closed: int, actor: Actor
) -> Map:
    """Let the map say of a place what it said before revision `closed`, and have its submitter told once more."""
    feature = await read_feature(session, one.feature_id)
    before = await session.scalar(
        select(Revision.content).where(
            Revision.feature_id == one.feature_id,
            Revision.number == closed - 1,
        )
    )
    content = {key: value for key, value in feature.content.items() if key != "status"}
    if before and "status" in before:
        content["status"] = before["status"]
    item = Item(
        layer.content.kept(content), feature.id, base_revision=closed, provenance=Provenance(keeps_check=True)
    )
    (done,) = await publish_many(session, setting, layer, [item], actor=actor, action=REOPENED, reason=UNDONE)
    await tell_submitter(session, done)
    return Map.AS_BEFORE if is_closed(layer, content) else Map.OPENED
