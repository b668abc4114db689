"""Trust: two administrators let a verified organisation publish changes of its own places by itself, inside units and layers.

One of them, or any moderator, ends it at once; and it ends with the verification, by a trigger.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.accounts.memberships import seat_of
from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.models import Feature, FeatureState
from app.features.places_in_text import without_places
from app.features.revisions import FeatureNotFound, NotOnTheMap, hold_layers
from app.i18n import N_
from app.moderation.actions.verify_organisation import standing_verification
from app.moderation.assurance import LONGEST, OwnClaim
from app.moderation.trust_models import Trust
from app.moderation.trusts import ORGANISATIONS, standing_trust
from app.moderation.two_people import still_counts
from app.moderation.written_reason import reason_in

#: What both who give it have to be allowed.
TO_TRUST: Final = "organisation.trust"
ONLY_OFFICIAL: Final = N_(
    "Choose communes, counties or regions. Areas of one's own can be changed by one person alone."
)


class NotVerified(Conflict):
    """Only an organisation can be trusted of which two people have made sure who it is."""


class TrustedAlready(Conflict):
    """This organisation is trusted already, or somebody has proposed it. End that first."""


class NothingProposed(Conflict):
    """Nobody has proposed to trust this organisation, or this has changed since. Look at the current state first."""


class ProposedByYou(Conflict):
    """You have proposed it, so another administrator has to confirm it."""


class NothingToEnd(Conflict):
    """This organisation is not trusted, or no longer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """For what an organisation is trusted: codes of units with all below them, and keys of layers; none of them is empty."""

    areas: tuple[str, ...]
    layers: tuple[str, ...]

    @classmethod
    def of(cls, areas: Collection[str], layers: Collection[str], runnable: Collection[str]) -> Self:
        """Give it in one order; `runnable` are the layers whose entries say who runs them. `InvalidInput`."""
        if not layers or not set(layers) <= set(runnable):
            raise InvalidInput(FieldProblem("layer", "missing", N_("Choose for which entries.")))
        if not areas:
            raise InvalidInput(FieldProblem("areas", "missing", N_("Write where the organisation works.")))
        return cls(tuple(sorted(set(areas))), tuple(sorted(set(layers))))


async def propose_trust(
    session: AsyncSession, organisation_id: uuid.UUID, limits: Limits, *, actor: Actor
) -> Trust:
    """Propose it, as the first of two; nothing changes yet.

    `InvalidInput` for areas of one's own: one administrator alone can change their outline. `FeatureNotFound` for what is no organisation, `NotOnTheMap`, `OwnClaim`, `NotVerified`, `TrustedAlready`.
    """
    await _held(session, organisation_id)
    await _check_not_own(session, organisation_id, actor)
    verification = await standing_verification(session, organisation_id)
    if verification is None or verification.second_by is None:
        raise NotVerified
    if await standing_trust(session, organisation_id) is not None:
        raise TrustedAlready
    if not await session.scalar(_ARE_OFFICIAL, {"codes": list(limits.areas)}):
        raise InvalidInput(FieldProblem("areas", "own", ONLY_OFFICIAL))
    trust = Trust(
        organisation_id=organisation_id,
        verification_id=verification.id,
        version=1,
        areas=list(limits.areas),
        layers=list(limits.layers),
        first_by=actor.user_id,
    )
    session.add(trust)
    _note(session, actor, "proposed", trust)
    await session.flush()
    return trust


async def confirm_trust(
    session: AsyncSession, organisation_id: uuid.UUID, *, version: int, actor: Actor, now: dt.datetime
) -> Trust:
    """Confirm what was proposed, as the second of two: it holds from now on.

    Whoever comes after one who may do so no more is the first. `FeatureNotFound`, `NotOnTheMap`, `OwnClaim`, `NothingProposed`,
    `ProposedByYou`, `NotVerified`.
    """
    await _held(session, organisation_id)
    await _check_not_own(session, organisation_id, actor)
    trust = await standing_trust(session, organisation_id)
    if trust is None or trust.second_by is not None or trust.version != version:
        raise NothingProposed
    verification = await standing_verification(session, organisation_id)
    if verification is None or verification.second_by is None or verification.id != trust.verification_id:
        raise NotVerified
    if trust.first_by == actor.user_id:
        raise ProposedByYou
    counts = await still_counts(
        session,
        trust.first_by,
        feature_id=organisation_id,
        organisation_id=organisation_id,
        permission=TO_TRUST,
    )
    trust.version += 1
    if not counts and actor.user_id is not None:
        trust.first_by, trust.first_at = actor.user_id, now
        _note(session, actor, "proposed", trust)
    else:
        trust.second_by, trust.second_at = actor.user_id, now
        _note(session, actor, "given", trust, first=str(trust.first_by))
    await session.flush()
    return trust


async def end_trust(
    session: AsyncSession, organisation_id: uuid.UUID, *, note: str, actor: Actor, now: dt.datetime
) -> None:
    """End it, or turn down what was proposed, with the next request: one person is enough. `InvalidInput`, `NothingToEnd`."""
    said = reason_in(note, LONGEST, field="note")
    await _held(session, organisation_id, on_the_map=False)
    trust = await standing_trust(session, organisation_id)
    if trust is None:
        raise NothingToEnd
    trust.ended_at, trust.ended_by, trust.note = now, actor.user_id, without_places(said)
    trust.version += 1
    _note(session, actor, "ended" if trust.second_by else "turned_down", trust)
    await session.flush()


async def _held(session: AsyncSession, organisation_id: uuid.UUID, *, on_the_map: bool = True) -> Feature:
    """Give an organisation with its layer held: what it publishes by itself comes before or after."""
    await hold_layers(session, [ORGANISATIONS])
    feature = await session.get(Feature, organisation_id, populate_existing=True)
    if feature is None or feature.layer != ORGANISATIONS:
        raise FeatureNotFound
    if on_the_map and feature.state != FeatureState.PUBLISHED:
        raise NotOnTheMap
    return feature


async def _check_not_own(session: AsyncSession, organisation_id: uuid.UUID, actor: Actor) -> None:
    if actor.user_id is None or await seat_of(session, actor.user_id, organisation_id) is not None:
        raise OwnClaim


def _note(session: AsyncSession, actor: Actor, what: str, trust: Trust, **detail: str) -> None:
    record(
        session,
        actor,
        f"trust.{what}",
        "feature",
        trust.organisation_id,
        areas=trust.areas,
        layers=trust.layers,
        **detail,
    )


_ARE_OFFICIAL = text(
    """
    SELECT bool_and(EXISTS (
      SELECT FROM published.area a WHERE a.code = given.code AND a.level NOT IN ('metropolis', 'custom')))
    FROM unnest(CAST(:codes AS text[])) AS given (code)
    """
)
