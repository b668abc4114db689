"""Organisations that say an entry is theirs: which claims there are, what of them is waiting, when they end by themselves."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.accounts.audit import SYSTEM, record
from app.accounts.roles import Holder
from app.accounts.scopes import Scope
from app.db import Database
from app.db import session as transaction
from app.errors import Conflict, NotFound
from app.features.layer import Layer
from app.features.models import Feature, FeatureState
from app.moderation.claim_models import ClaimState, PlaceClaim
from app.moderation.protected_help import is_protected_help
from app.moderation.scope import features_within
from app.taxonomy.vocabulary import Vocabulary

#: So long a claim waits for a moderator, and so long afterwards it is shown to both sides.
ASKED_FOR: Final = "60 days"
SHOWN_FOR: Final = dt.timedelta(days=30)
PERSONAL_KEPT: Final = "90 days"
#: So many of them end in one transaction.
BATCH: Final = 100


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


def needs_two(feature: Feature, vocabulary: Vocabulary) -> bool:
    """Whether an entry is protected, so that two people have to make sure whose it is."""
    return is_protected_help(feature.content, vocabulary)


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


async def end_old_claims(database: Database, *, batch: int = BATCH) -> None:
    """End what nobody decided on, and erase what people wrote in what ended. Twice does nothing more.

    Each batch is a transaction: interrupted, it goes on from there the next time. Where one fails, its claims are tried
    one by one, and what stands in the way of one of them is raised when all others are done.
    """
    failed: list[Exception] = []
    after = uuid.UUID(int=0)
    while due := await _due(database, after, batch):
        after = due[-1]
        try:
            await _end_old(database, due)
        except Exception:  # noqa: BLE001 - each by itself, and raised below
            failed += [error for one in due if (error := await _refused(database, one)) is not None]
    if failed:
        raise failed[0]


async def _due(database: Database, after: uuid.UUID, batch: int) -> Sequence[uuid.UUID]:
    async with transaction(database) as session:
        return (await session.scalars(_DUE, {"after": after, "batch": batch})).all()


async def _refused(database: Database, claim_id: uuid.UUID) -> Exception | None:
    try:
        await _end_old(database, [claim_id])
    except Exception as error:  # noqa: BLE001 - raised by the caller
        return error
    return None


async def _end_old(database: Database, ids: Sequence[uuid.UUID]) -> None:
    async with transaction(database) as session:
        await session.execute(_HOLD_OLD, {"ids": ids})
        ended = (await session.scalars(_OLD, {"ids": ids})).all()
        await session.execute(_FORGET, {"ids": ids})
        # The end of the log is held after every claim, as by whoever decides on one.
        for claim_id in ended:
            record(session, SYSTEM, "claim.expired", "claim", claim_id)


def _both() -> Select[PlaceClaim, Feature, Feature]:
    organisation = aliased(Feature)
    return (
        select(PlaceClaim, Feature, organisation)
        .join(Feature, Feature.id == PlaceClaim.feature_id)
        .join(organisation, organisation.id == PlaceClaim.organisation_id)
        .where((PlaceClaim.state != ClaimState.ASKED) | (Feature.state == FeatureState.PUBLISHED))
    )


_IS_OLD: Final = f"state = 'asked' AND asked_at <= now() - interval '{ASKED_FOR}'"
_IS_TO_FORGET: Final = f"""
    coalesce(undone_at, ended_at) < now() - interval '{PERSONAL_KEPT}'
      AND (reason IS NOT NULL OR first_said IS NOT NULL OR said IS NOT NULL OR note IS NOT NULL)
"""
_DUE = text(
    f"""
    SELECT id FROM core.place_claim WHERE id > :after AND (({_IS_OLD}) OR ({_IS_TO_FORGET}))
    ORDER BY id LIMIT :batch
    """  # noqa: S608 - our own constants
)
# In the order in which `app.features.forgetting` holds them.
_HOLD_OLD = text("SELECT FROM core.place_claim WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
_OLD = text(
    f"""
    UPDATE core.place_claim SET state = 'expired', ended_at = now(), version = version + 1,
      code_hash = NULL, code_id = NULL
    WHERE id = ANY(:ids) AND {_IS_OLD} RETURNING id
    """  # noqa: S608 - our own constants
)
_FORGET = text(
    f"""
    UPDATE core.place_claim SET reason = NULL, first_said = NULL, said = NULL, note = NULL
    WHERE id = ANY(:ids) AND {_IS_TO_FORGET}
    """  # noqa: S608 - our own constants
)
