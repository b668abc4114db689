"""Organisations that say an entry is theirs: which claims there are, what of them is waiting, and what is noted of each."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.accounts.audit import Actor, record
from app.accounts.roles import Holder
from app.accounts.scopes import Scope
from app.errors import Conflict, NotFound
from app.features.layer import Layer
from app.features.models import Feature, FeatureState
from app.moderation.claim_models import ClaimState, PlaceClaim
from app.moderation.scope import features_within

#: So long after its end a claim is shown to both sides.
SHOWN_FOR: Final = dt.timedelta(days=30)
#: The tasks that write to whoever claims, and to whoever was behind the entry before.
TELL_DECIDED: Final = "notifications.claim_decided"
TELL_BEHIND: Final = "notifications.claim_behind"


class ClaimNotFound(NotFound):
    """Nobody says so of this entry, or no longer."""


class StaleClaim(Conflict):
    """This has changed since you opened it. Look at the current state first."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim with the entry that it is about, and the organisation that says so."""

    claim: PlaceClaim
    feature: Feature
    organisation: Feature


def can_be_run(layer: Layer) -> bool:
    """Whether things of this layer say who runs them."""
    return "organisation" in layer.content.model_fields


def is_run_by(feature: Feature, organisation_id: uuid.UUID) -> bool:
    """Whether an entry says that this organisation runs it."""
    return bool((feature.content.get("organisation") or {}).get("id") == str(organisation_id))


async def read_claim(session: AsyncSession, claim_id: uuid.UUID | None) -> PlaceClaim:
    """Give a claim; `ClaimNotFound`."""
    found = await session.get(PlaceClaim, claim_id) if claim_id else None
    if found is None:
        raise ClaimNotFound
    return found


async def held(session: AsyncSession, claim_id: uuid.UUID, version: int | None = None) -> PlaceClaim:
    """Give a claim, locked until the end of the transaction; `StaleClaim` when `version` is not its current one."""
    query = select(PlaceClaim).where(PlaceClaim.id == claim_id).with_for_update()
    found: PlaceClaim | None = await session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise ClaimNotFound
    if version is not None and version != found.version:
        raise StaleClaim
    return found


async def of_organisation(
    session: AsyncSession, organisation_id: uuid.UUID, now: dt.datetime
) -> list[Claimed]:
    """Give what an organisation says is its own: what waits, and what was decided lately, the newest first."""
    query = _both().where(
        PlaceClaim.organisation_id == organisation_id,
        PlaceClaim.ended_at.is_(None) | (PlaceClaim.ended_at > now - SHOWN_FOR),
    )
    rows = await session.execute(query.order_by(PlaceClaim.asked_at.desc(), PlaceClaim.id).limit(100))
    return [Claimed(*row) for row in rows]


async def waiting(
    session: AsyncSession, user: Holder | None, permission: str, now: dt.datetime
) -> list[Claimed]:
    """Give claims of entries that somebody may decide on: what waits, the oldest first, then what was decided lately."""
    query = _both().where(
        features_within(user, permission).clause,
        PlaceClaim.ended_at.is_(None)
        | (PlaceClaim.state.in_((ClaimState.APPROVED, ClaimState.REFUSED, ClaimState.UNDONE)))
        & (PlaceClaim.ended_at > now - SHOWN_FOR),
    )
    ordered = query.order_by(PlaceClaim.ended_at.desc().nulls_first(), PlaceClaim.asked_at, PlaceClaim.id)
    return [Claimed(*row) for row in await session.execute(ordered.limit(200))]


async def count_standing(session: AsyncSession, within: Scope) -> int:
    """Count the claims that wait about places within a scope (of `core.feature`)."""
    query = (
        select(func.count())
        .select_from(PlaceClaim)
        .join(Feature, Feature.id == PlaceClaim.feature_id)
        .where(PlaceClaim.state == ClaimState.ASKED, Feature.state == FeatureState.PUBLISHED, within.clause)
    )
    return await session.scalar(query) or 0


async def others_who_claim(session: AsyncSession, claim: PlaceClaim) -> Sequence[uuid.UUID]:
    """Give the other organisations that say the same of the entry at this moment."""
    query = select(PlaceClaim.organisation_id).where(
        PlaceClaim.feature_id == claim.feature_id,
        PlaceClaim.state == ClaimState.ASKED,
        PlaceClaim.id != claim.id,
    )
    return (await session.scalars(query)).all()


async def approved_of(session: AsyncSession, feature: Feature) -> PlaceClaim | None:
    """Give the claim by which an entry is whose it is now; None where it is by none."""
    run_by = (feature.content.get("organisation") or {}).get("id")
    query = select(PlaceClaim).where(
        PlaceClaim.feature_id == feature.id, PlaceClaim.state == ClaimState.APPROVED
    )
    found: PlaceClaim | None = await session.scalar(query.order_by(PlaceClaim.ended_at.desc()).limit(1))
    return found if found is not None and str(found.organisation_id) == run_by else None


async def end_claim(
    session: AsyncSession, claim: PlaceClaim, state: ClaimState, actor: Actor, now: dt.datetime
) -> None:
    """Let a held claim stand no more: from now on it is in `state`, and its code works no longer."""
    claim.state, claim.ended_at = state, now
    claim.code_hash, claim.code_id = None, None
    claim.version += 1
    note_claim(session, actor, state.value, claim)
    await session.flush()


def note_claim(session: AsyncSession, actor: Actor, what: str, claim: PlaceClaim, **detail: object) -> None:
    """Say in the audit log what was done about a claim."""
    both = {"feature": str(claim.feature_id), "organisation": str(claim.organisation_id)}
    record(session, actor, f"claim.{what}", "claim", claim.id, **both, **detail)


def _both() -> Select[PlaceClaim, Feature, Feature]:
    organisation = aliased(Feature)
    return (
        select(PlaceClaim, Feature, organisation)
        .join(Feature, Feature.id == PlaceClaim.feature_id)
        .join(organisation, organisation.id == PlaceClaim.organisation_id)
        .where((PlaceClaim.state != ClaimState.ASKED) | (Feature.state == FeatureState.PUBLISHED))
    )
