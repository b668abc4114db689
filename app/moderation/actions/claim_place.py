"""Claim: an organisation says that an entry is its own, or takes that back. Until somebody has made sure nothing changes."""

import datetime as dt
import uuid
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.accounts.memberships import hold_seat
from app.accounts.models import User
from app.errors import Conflict
from app.features.family import keep_open
from app.features.layer import Layer
from app.features.models import FeatureState
from app.features.places_in_text import without_places
from app.features.revisions import FeatureNotFound
from app.jobs import defer
from app.moderation.assurance import LONGEST
from app.moderation.claim_models import ClaimState, PlaceClaim
from app.moderation.live import read_feature
from app.moderation.place_claims import (
    TELL_BEHIND,
    ClaimNotFound,
    can_be_run,
    end_claim,
    held,
    is_run_by,
    note_claim,
    read_claim,
)
from app.moderation.protected_help import is_protected_help
from app.moderation.written_reason import reason_in
from app.taxonomy.vocabulary import Vocabulary

#: More are a list of addresses, and each is a moderator's telephone call.
MOST_STANDING: Final = 40


class ClaimedAlready(Conflict):
    """Your organisation has said so already. A moderator is looking at it."""


class YoursAlready(Conflict):
    """This is your organisation's already."""


class RunByNobody(Conflict):
    """Only places that somebody runs can be said to be yours."""


class TooManyClaims(Conflict):
    """Your organisation waits for answers about many entries. Wait for some of them first."""


async def ask(
    session: AsyncSession,
    vocabulary: Vocabulary,
    layer: Layer,
    feature_id: uuid.UUID,
    *,
    organisation_id: uuid.UUID,
    user: User,
    reason: str,
) -> PlaceClaim:
    """Say that an entry is the organisation's own. Whoever is behind it is told; nothing else happens.

    `NoSuchOrganisation` for whoever belongs to it no more; `FeatureNotFound` for what is not on the map, `RunByNobody`,
    `YoursAlready`, `ClaimedAlready`, `TooManyClaims`, `InvalidInput` without a reason.
    """
    said = reason_in(reason, LONGEST)
    await keep_open(session, feature_id)
    await hold_seat(session, user.id, organisation_id)
    await session.execute(_ONE_AT_A_TIME, {"id": str(organisation_id)})
    feature = await read_feature(session, feature_id)
    # As it is now that nobody forgets where it is.
    await session.refresh(feature)
    if feature.state != FeatureState.PUBLISHED or feature.layer != layer.key:
        raise FeatureNotFound
    if not can_be_run(layer):
        raise RunByNobody
    if is_run_by(feature, organisation_id):
        raise YoursAlready
    standing = select(PlaceClaim.feature_id).where(
        PlaceClaim.organisation_id == organisation_id, PlaceClaim.state == ClaimState.ASKED
    )
    asked = (await session.scalars(standing)).all()
    if feature_id in asked:
        raise ClaimedAlready
    if len(asked) >= MOST_STANDING:
        raise TooManyClaims
    claim = PlaceClaim(
        id=uuid.uuid4(),
        feature_id=feature_id,
        organisation_id=organisation_id,
        claimed_by=user.id,
        state=ClaimState.ASKED,
        version=1,
        reason=without_places(said) if is_protected_help(feature.content, vocabulary) else said,
    )
    session.add(claim)
    # It locks its entry, and the end of the log comes after everything.
    await session.flush()
    note_claim(session, Actor("staff", user.id), "asked", claim)
    await session.flush()
    await defer(session, TELL_BEHIND, claim_id=str(claim.id), what="asked")
    return claim


async def cancel(
    session: AsyncSession,
    claim_id: uuid.UUID | None,
    *,
    organisation_id: uuid.UUID,
    user: User,
    now: dt.datetime,
) -> None:
    """Take it back before anybody has decided. A second time changes nothing; `ClaimNotFound` for another one's."""
    await hold_seat(session, user.id, organisation_id)
    claim = await held(session, (await read_claim(session, claim_id)).id)
    if claim.organisation_id != organisation_id:
        raise ClaimNotFound
    if claim.state == ClaimState.ASKED:
        await end_claim(session, claim, ClaimState.CANCELLED, Actor("staff", user.id), now)


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('pomapa claim'), hashtext(:id))")
