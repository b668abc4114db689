"""Take down, and put back: what is on the map leaves it at once, for a reason that its submitter learns."""

import uuid
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.errors import FieldProblem, InvalidInput
from app.features.layer import Layer
from app.features.publishing import Publication, republish, unpublish
from app.features.setting import Setting
from app.i18n import N_
from app.jobs import defer
from app.moderation.live import submitter_of

LONGEST_REASON: Final = 2000


async def take_down(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    feature_id: uuid.UUID,
    *,
    actor: Actor,
    reason: str,
    revision: int | None = None,
) -> Publication:
    """Take a feature off the map and have its submitter told; its history stays.

    `revision` is the one that was looked at. `InvalidInput` without a reason, `FeatureNotFound`, `NotOnTheMap`,
    `StaleRevision`.
    """
    said = _said(reason)
    done = await unpublish(
        session, setting, layer, feature_id, actor=actor, reason=said, base_revision=revision
    )
    await _tell(session, done)
    return done


async def put_back(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    feature_id: uuid.UUID,
    *,
    actor: Actor,
    reason: str,
    revision: int | None = None,
) -> Publication:
    """Put a feature that was taken down back on the map, as it was, and have its submitter told.

    `InvalidInput` without a reason, `FeatureNotFound`, `OnTheMapAlready`, `StaleRevision`.
    """
    said = _said(reason)
    done = await republish(
        session, setting, layer, feature_id, actor=actor, reason=said, base_revision=revision
    )
    await _tell(session, done)
    return done


def _said(reason: str) -> str:
    said = reason.strip()
    if not said:
        raise InvalidInput(FieldProblem("reason", "missing", N_("Write the reason in a sentence or two.")))
    if len(said) > LONGEST_REASON:
        raise InvalidInput(FieldProblem("reason", "too_long", N_("Write the reason in a sentence or two.")))
    return said


async def _tell(session: AsyncSession, done: Publication) -> None:
    if await submitter_of(session, done.feature_id) is not None:
        await defer(session, "notifications.moved", feature_id=str(done.feature_id), revision=done.revision)
