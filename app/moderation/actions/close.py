"""Close, and reopen: a place stays on the map and says since when it is closed and why, until somebody opens it again.

Of protected help one person closes at once, with a reason of the taxonomy; to words of their own a second one has to agree,
and what is closed for good comes back as what was taken off the map does.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.content import Content
from app.features.layer import Layer
from app.features.models import Feature, FeatureState
from app.features.publishing import Item, Provenance, Publication, publish_many
from app.features.revisions import NotOnTheMap, StaleRevision
from app.features.setting import Setting
from app.i18n import N_
from app.moderation.actions.take_down import Move, tell_submitter
from app.moderation.agreements import NeedsTwo, Yes, agree, check_two, mark_of, needs_two, use_first_yes
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
) -> Publication | None:
    """Publish that a place is closed, in place of whatever was said of it, and have its submitter told.

    `status` is the member of the content, which the public reads; `move.reason` is for submitter and history. Nobody
    has checked anything else by that, so the last check stays. New words about protected help (its note) are published
    when somebody else has said yes to the same: until then it is closed without them, and None is given where that is
    what the map says already. What is closed for good is closed less by two. `NeedsTwo`; `InvalidInput`; `FeatureNotFound`, `NotOnTheMap`, `StaleRevision`, `NeverCloses`, `ClosedLikeThis`.
    """
    if not status.get("note") and status.get("reason", "unknown") == "unknown":
        raise InvalidInput(FieldProblem("reason", "missing", N_("Choose a reason, or write one.")))
    feature, content = await _as_said(session, setting, layer, move, status)
    now = feature.content.get("status", _OPEN)
    if _comes_back(now, status):
        yes = _yes(move, CLOSED, content, feature, which={"status": dict(status)})
        await check_two(session, setting.vocabulary, yes, feature.content)
        return await _publish(session, setting, layer, move, content, feature, CLOSED)
    note = now.get("note")
    if not status.get("note") or status["note"] == note or not needs_two(setting.vocabulary, feature.content):
        return await _publish(session, setting, layer, move, content, feature, CLOSED)
    said = _yes(move, CLOSED, content, feature)
    try:
        await use_first_yes(session, said)
    except NeedsTwo:
        return await _without_words(session, setting, layer, move, said, status)
    return await _publish(session, setting, layer, move, content, feature, CLOSED)


async def reopen(session: AsyncSession, setting: Setting, layer: Layer, move: Move) -> Publication:
    """Publish that a place works again, and have its submitter told. As `close`; `NotClosed`."""
    feature, content = await _as_said(session, setting, layer, move, _OPEN)
    if _comes_back(feature.content["status"], _OPEN):
        yes = _yes(move, REOPENED, content, feature)
        await check_two(session, setting.vocabulary, yes, feature.content)
    return await _publish(session, setting, layer, move, content, feature, REOPENED)


def _comes_back(now: Mapping[str, Any], status: Mapping[str, Any]) -> bool:
    """Whether a place that is closed for good is closed no more, or not yet, by another status."""
    for_good = now.get("state") == status.get("state") == "closed"
    return now.get("state") == "closed" and not (for_good and status.get("since", "") <= now.get("since", ""))


def _yes(
    move: Move, act: str, content: Content, feature: Feature, which: Mapping[str, Any] | None = None
) -> Yes:
    mark, base = mark_of(content.to_dict()), feature.revision
    return Yes(move.actor, act, mark, feature_id=feature.id, content=which, base=base)


async def _without_words(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    move: Move,
    said: Yes,
    status: Mapping[str, Any],
) -> Publication | None:
    """Close it at once with all that is nobody's words, and note the first yes to the words."""
    plain = {key: value for key, value in status.items() if key != "note"}
    feature, content = await _as_said(session, setting, layer, move, plain)
    done = None
    if content.to_dict() != feature.content:
        done = await _publish(session, setting, layer, move, content, feature, CLOSED)
    base = done.revision if done is not None else feature.revision
    await agree(session, replace(said, base=base, content={"status": dict(status)}))
    return done


async def _as_said(
    session: AsyncSession, setting: Setting, layer: Layer, move: Move, status: Mapping[str, Any]
) -> tuple[Feature, Content]:
    """Give the place as it is, and what it would say."""
    move.said()
    feature = await read_feature(session, move.feature_id)
    if not may_close(layer):
        raise NeverCloses
    if feature.state != FeatureState.PUBLISHED:
        raise NotOnTheMap
    if move.revision != feature.revision:
        raise StaleRevision
    if status is _OPEN and not is_closed(layer, feature.content):
        raise NotClosed
    return feature, layer.content.read({**feature.content, "status": status}, country=setting.country)


async def _publish(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    move: Move,
    content: Content,
    feature: Feature,
    action: str,
) -> Publication:
    if content.to_dict() == feature.content:
        raise ClosedLikeThis
    item = Item(content, feature.id, base_revision=feature.revision, provenance=Provenance(keeps_check=True))
    (done,) = await publish_many(
        session, setting, layer, [item], actor=move.actor, action=action, reason=move.said()
    )
    await tell_submitter(session, done)
    return done
