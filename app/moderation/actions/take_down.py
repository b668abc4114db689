"""Take down, and put back: what is on the map leaves it at once, for a reason that its submitter learns."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.features.layer import Layer
from app.features.models import FeatureState
from app.features.publishing import Publication, republish, unpublish
from app.features.setting import Setting
from app.jobs import defer
from app.moderation.agreements import Yes, check_two, mark_of
from app.moderation.live import read_feature, submitter_of
from app.moderation.written_reason import reason_in

LONGEST_REASON: Final = 2000
#: Action of the version that comes back.
PUT_BACK: Final = "republish"
#: What publication does for a move: `unpublish` or `republish`.
Change = Callable[..., Awaitable[Publication]]


@dataclass(frozen=True, slots=True)
class Move:
    """What is to leave the map or come back to it, by whom and why; `revision` is the one that was looked at."""

    feature_id: uuid.UUID
    actor: Actor
    reason: str
    revision: int | None = None

    def said(self) -> str:
        """The reason as it is kept. Raises `InvalidInput` where there is none, or a whole story."""
        return reason_in(self.reason, LONGEST_REASON)


async def take_down(session: AsyncSession, setting: Setting, layer: Layer, move: Move) -> Publication:
    """Take a feature off the map and have its submitter told; its history stays.

    `InvalidInput` without a reason, `FeatureNotFound`, `NotOnTheMap`, `StaleRevision`.
    """
    return await _carry_out(unpublish, session, setting, layer, move)


async def put_back(session: AsyncSession, setting: Setting, layer: Layer, move: Move) -> Publication:
    """Put a feature that was taken down back on the map, as it was, and have its submitter told.

    `InvalidInput` without a reason, `FeatureNotFound`, `OnTheMapAlready`, `StaleRevision`; `NeedsTwo`.
    """
    move.said()
    feature = await read_feature(session, move.feature_id)
    yes = Yes(move.actor, PUT_BACK, mark_of(feature.content), feature_id=feature.id, base=feature.revision)
    if feature.state != FeatureState.PUBLISHED and move.revision in (None, feature.revision):
        await check_two(session, setting.vocabulary, yes, feature.content)
    return await _carry_out(republish, session, setting, layer, move)


async def _carry_out(
    change: Change, session: AsyncSession, setting: Setting, layer: Layer, move: Move
) -> Publication:
    done = await change(
        session,
        setting,
        layer,
        move.feature_id,
        actor=move.actor,
        reason=move.said(),
        base_revision=move.revision,
    )
    await tell_submitter(session, done)
    return done


async def tell_submitter(session: AsyncSession, done: Publication) -> None:
    """Have whoever sent it last told, if they can be written to."""
    if await submitter_of(session, done.feature_id) is not None:
        await defer(session, "notifications.moved", feature_id=str(done.feature_id), revision=done.revision)
