"""Close, and reopen: a place stays on the map and says since when it is closed and why, until somebody opens it again."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.layer import Layer
from app.features.models import FeatureState
from app.features.publishing import Item, Provenance, Publication, publish_many
from app.features.revisions import NotOnTheMap, StaleRevision
from app.features.setting import Setting
from app.i18n import N_
from app.moderation.actions.take_down import Move, tell_submitter
from app.moderation.live import read_feature

#: Actions of the versions.
CLOSED: Final = "close"
REOPENED: Final = "reopen"
_OPEN: Final[Mapping[str, Any]] = {"state": "active"}


class NeverCloses(Conflict):
    """Things of this kind do not open or close."""


class ClosedLikeThis(Conflict):
    """The map says so already, so nothing was changed."""


class NotClosed(Conflict):
    """This place is not closed, so there is nothing to open again."""


def is_closed(layer: Layer, content: Mapping[str, Any]) -> bool:
    """Whether a content says that its place is closed, or will be."""
    return may_close(layer) and content.get("status", _OPEN).get("state") != "active"


def may_close(layer: Layer) -> bool:
    """Whether things of this layer can be closed."""
    return "status" in layer.content.model_fields


async def close(
    session: AsyncSession, setting: Setting, layer: Layer, move: Move, status: Mapping[str, Any]
) -> Publication:
    """Publish that a place is closed, in place of whatever was said of it, and have its submitter told.

    `status` is the member of the content, which the public reads; `move.reason` is for submitter and history. Nobody
    has checked anything else by that, so the last check stays. `InvalidInput`; `FeatureNotFound`, `NotOnTheMap`, `StaleRevision`,
    `NeverCloses`, `ClosedLikeThis`.
    """
    if not status.get("note") and status.get("reason", "unknown") == "unknown":
        raise InvalidInput(FieldProblem("reason", "missing", N_("Choose a reason, or write one.")))
    return await _say(session, setting, layer, move, status, CLOSED)


async def reopen(session: AsyncSession, setting: Setting, layer: Layer, move: Move) -> Publication:
    """Publish that a place works again, and have its submitter told. As `close`; `NotClosed`."""
    return await _say(session, setting, layer, move, _OPEN, REOPENED)


async def _say(
    session: AsyncSession, setting: Setting, layer: Layer, move: Move, status: Mapping[str, Any], action: str
) -> Publication:
    reason = move.said()
    feature = await read_feature(session, move.feature_id)
    if not may_close(layer):
        raise NeverCloses
    if feature.state != FeatureState.PUBLISHED:
        raise NotOnTheMap
    if move.revision != feature.revision:
        raise StaleRevision
    if action == REOPENED and not is_closed(layer, feature.content):
        raise NotClosed
    content = layer.content.read({**feature.content, "status": status}, country=setting.country)
    if content.to_dict() == feature.content:
        raise ClosedLikeThis
    item = Item(content, feature.id, base_revision=feature.revision, provenance=Provenance(keeps_check=True))
    (done,) = await publish_many(
        session, setting, layer, [item], actor=move.actor, action=action, reason=reason
    )
    await tell_submitter(session, done)
    return done
