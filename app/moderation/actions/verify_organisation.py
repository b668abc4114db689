"""Verify: two different people have made sure who an organisation is, each out of band, and the public reads that.

A change of what it is known by takes the mark away by itself (the trigger `keeps_its_mark`): then two make sure again.
"""

import datetime as dt
import uuid
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.accounts.memberships import seat_of
from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.models import Feature, FeatureState
from app.features.places_in_text import without_places
from app.features.revisions import FeatureNotFound, NotOnTheMap, StaleRevision, hold_layers, tell
from app.i18n import N_
from app.moderation.assurance import (
    BY_MAILED_CODE,
    LONGEST,
    WAYS,
    Assurance,
    OwnClaim,
    SureAlready,
)
from app.moderation.two_people import still_counts
from app.moderation.verification_models import Verification
from app.moderation.written_reason import reason_in

ORGANISATIONS: Final = "organisations"
#: Of an organisation nobody is mailed a code: its mailbox is what the mark is to vouch for.
WAYS_TO_VERIFY: Final = tuple(way for way in WAYS if way != BY_MAILED_CODE)


class VerifiedAlready(Conflict):
    """Two people have made sure of this organisation already."""


class NothingToWithdraw(Conflict):
    """Nobody vouches for this organisation, or no longer."""


async def standing_verification(session: AsyncSession, feature_id: uuid.UUID) -> Verification | None:
    """Give who vouches for an organisation at this moment, one person or two."""
    query = select(Verification).where(Verification.feature_id == feature_id, Verification.ended_at.is_(None))
    found: Verification | None = await session.scalar(query.execution_options(populate_existing=True))
    return found


async def vouch(
    session: AsyncSession,
    feature_id: uuid.UUID,
    assurance: Assurance,
    *,
    revision: int,
    actor: Actor,
    now: dt.datetime,
) -> Verification:
    """Say that one has made sure of an organisation: as the first of two, or as the second, and the public reads it.

    `InvalidInput`, `FeatureNotFound` for what is no organisation, `NotOnTheMap`, `StaleRevision`, `OwnClaim`,
    `SureAlready`, `VerifiedAlready`.
    """
    if assurance.way not in WAYS_TO_VERIFY:
        raise InvalidInput(FieldProblem("way", "missing", N_("Choose how you have made sure.")))
    said = assurance.checked(by_two=False)
    feature = await _held(session, feature_id)
    if feature.state != FeatureState.PUBLISHED:
        raise NotOnTheMap
    if feature.revision != revision:
        raise StaleRevision
    if actor.user_id is None or await seat_of(session, actor.user_id, feature_id) is not None:
        raise OwnClaim
    said = without_places(said)
    found = await standing_verification(session, feature_id)
    if found is None:
        found = Verification(feature_id=feature_id, version=0)
        session.add(found)
        return await _note_first(session, found, assurance.way, said, actor, now)
    if found.second_by is not None:
        raise VerifiedAlready
    if found.first_by == actor.user_id:
        raise SureAlready
    if not await still_counts(session, found.first_by, feature_id=feature_id, organisation_id=feature_id):
        # As if nobody had made sure so far.
        return await _note_first(session, found, assurance.way, said, actor, now)
    found.second_by, found.second_at = actor.user_id, now
    found.second_how, found.second_said = assurance.way, said
    found.version += 1
    await session.execute(_SHOW, {"id": feature_id, "since": now})
    await tell(session, ORGANISATIONS, [feature_id], "published")
    record(
        session,
        actor,
        "verification.verified",
        "feature",
        feature_id,
        how=assurance.way,
        first=str(found.first_by),
    )
    await session.flush()
    return found


async def _note_first(
    session: AsyncSession, found: Verification, way: str, said: str, actor: Actor, now: dt.datetime
) -> Verification:
    assert actor.user_id is not None
    found.first_by, found.first_at = actor.user_id, now
    found.first_how, found.first_said = way, said
    found.version += 1
    record(session, actor, "verification.first", "feature", found.feature_id, how=way)
    await session.flush()
    return found


async def withdraw(
    session: AsyncSession, feature_id: uuid.UUID, *, note: str, actor: Actor, now: dt.datetime
) -> None:
    """Vouch for it no more, whoever has: one person is enough. `InvalidInput` without a reason, `NothingToWithdraw`."""
    said = reason_in(note, LONGEST, field="note")
    await _held(session, feature_id)
    found = await standing_verification(session, feature_id)
    if found is None:
        raise NothingToWithdraw
    found.ended_at, found.ended_by, found.note = now, actor.user_id, without_places(said)
    found.version += 1
    await session.execute(_HIDE, {"id": feature_id})
    await tell(session, ORGANISATIONS, [feature_id], "published")
    record(session, actor, "verification.withdrawn", "feature", feature_id)
    await session.flush()


async def _held(session: AsyncSession, feature_id: uuid.UUID) -> Feature:
    """Give an organisation with its layer held: publications of it, and others who vouch, come before or after."""
    await hold_layers(session, [ORGANISATIONS])
    feature = await session.get(Feature, feature_id, populate_existing=True)
    if feature is None or feature.layer != ORGANISATIONS:
        raise FeatureNotFound
    return feature


_SHOW = text(
    "INSERT INTO published.verified_organisation (feature_id, since)"
    " SELECT id, :since FROM published.feature WHERE id = :id ON CONFLICT DO NOTHING"
)
_HIDE = text("DELETE FROM published.verified_organisation WHERE feature_id = :id")
