"""Decide on a claim: a moderator makes sure that it is true, turns it down, or takes back what it has changed.

Of a protected place two people make sure, and neither of them by a mail: whoever reads the mailbox of a shelter may be whom
it hides from.
"""

import datetime as dt
import uuid
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.accounts.memberships import NoSuchOrganisation, hold_seat, is_organisation, seat_of
from app.errors import Conflict
from app.features.layer import Layer
from app.features.models import Feature, FeatureState
from app.features.places_in_text import without_places
from app.features.publishing import Item, Provenance, Publication, publish_many
from app.features.revisions import NotOnTheMap, StaleRevision, hold_layers
from app.features.setting import Setting
from app.jobs import defer
from app.moderation.actions.claim_code import NotProved, is_proved
from app.moderation.agreements import Yes, check_two, mark_of
from app.moderation.assurance import BY_MAILED_CODE, LONGEST, Assurance, OwnClaim, SureAlready
from app.moderation.claim_models import ClaimState, PlaceClaim
from app.moderation.place_claims import (
    TELL_BEHIND,
    TELL_DECIDED,
    StaleClaim,
    end_claim,
    held,
    is_run_by,
    note_claim,
    read_claim,
)
from app.moderation.protected_help import is_protected_help
from app.moderation.two_people import still_counts
from app.moderation.written_reason import reason_in

#: What stands in the history of a version that says whose the entry is, and of one that takes this back.
CLAIMED: Final = "claim"
UNCLAIMED: Final = "unclaim"


class ClaimerGone(Conflict):
    """Who says so no longer belongs to the organisation, or the organisation is off the map. Refuse it."""


class NothingToTakeBack(Conflict):
    """The entry says by now that somebody else runs it, so there is nothing to take back."""


async def make_sure(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    claim_id: uuid.UUID,
    assurance: Assurance,
    *,
    version: int,
    revision: int,
    actor: Actor,
    secret: str,
) -> Publication | None:
    """Say that the claim is true, and how that was made sure: the entry is the organisation's from now on.

    Of a protected place the first of two people changes nothing yet, and None is given; whoever comes second is the
    first where that one may do so no more. `revision` is the version of
    the entry that was looked at. `StaleClaim`, `StaleRevision`, `OwnClaim`, `ClaimerGone`, `SureAlready`, `NotProved`,
    `NotOnTheMap`, `InvalidInput`.
    """
    found = await read_claim(session, claim_id)
    try:
        await hold_seat(session, found.claimed_by, found.organisation_id)
    except NoSuchOrganisation:
        raise ClaimerGone from None
    claim, feature = await _held_to_decide(session, claim_id, version, ClaimState.ASKED, actor)
    if feature.state != FeatureState.PUBLISHED:
        raise NotOnTheMap
    if feature.revision != revision:
        raise StaleRevision
    by_two = is_protected_help(feature.content, setting.vocabulary)
    said = assurance.checked(by_two=by_two)
    if assurance.way == BY_MAILED_CODE and not await is_proved(session, claim, feature, setting.now, secret):
        raise NotProved
    said = without_places(said) if by_two else said
    if by_two and claim.first_by == actor.user_id:
        raise SureAlready
    if by_two and not await _has_a_first(session, claim):
        await _note_first(session, claim, assurance.way, said, actor, setting.now)
        return None
    was = feature.content.get("organisation")
    # An organisation that is merged at this moment leads its places on, or comes too late.
    organisation = await session.get_one(Feature, claim.organisation_id)
    await hold_layers(session, {layer.key, organisation.layer})
    if not await is_organisation(session, claim.organisation_id):
        raise ClaimerGone
    item = _item(layer, feature, {"id": str(claim.organisation_id)})
    with session.no_autoflush:
        (done,) = await publish_many(session, setting, layer, [item], actor=actor, action=CLAIMED)
    claim.said, claim.by_two = said, by_two
    if was:
        claim.was = was
    await _note_approved(session, claim, assurance.way, done, actor, setting.now)
    return done


async def refuse(
    session: AsyncSession, setting: Setting, claim_id: uuid.UUID, *, version: int, actor: Actor, note: str
) -> None:
    """Turn it down with a word to the organisation; one person is enough, for nothing changes by it.

    `InvalidInput` without a word, `StaleClaim`, `OwnClaim`.
    """
    said = reason_in(note, LONGEST, field="note")
    claim, feature = await _held_to_decide(session, claim_id, version, ClaimState.ASKED, actor)
    claim.note = without_places(said) if is_protected_help(feature.content, setting.vocabulary) else said
    claim.ended_by = actor.user_id
    await end_claim(session, claim, ClaimState.REFUSED, actor, setting.now)
    await defer(session, TELL_DECIDED, claim_id=str(claim.id), what="refused")


async def take_back(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    claim_id: uuid.UUID,
    *,
    version: int,
    actor: Actor,
    note: str,
) -> Publication:
    """Let the entry say again whose it was before; everything else stays as it is now. Both sides are told why.

    Of protected help somebody else is named by that, so that it takes two; one is enough where nobody was before.
    `InvalidInput` without a reason, `StaleClaim`, `OwnClaim`, `NothingToTakeBack`, `NotOnTheMap`, `NeedsTwo`.
    """
    said = reason_in(note, LONGEST, field="note")
    claim, feature = await _held_to_decide(session, claim_id, version, ClaimState.APPROVED, actor)
    if feature.state != FeatureState.PUBLISHED:
        raise NotOnTheMap
    if not is_run_by(feature, claim.organisation_id):
        raise NothingToTakeBack
    if is_protected_help(feature.content, setting.vocabulary):
        said = without_places(said)
    organisation = await session.get_one(Feature, claim.organisation_id)
    await hold_layers(session, {layer.key, organisation.layer})
    item = _item(layer, feature, await _by_its_id_now(session, claim.was))
    if claim.was:
        said_yes = Yes(
            actor,
            UNCLAIMED,
            mark_of(item.content.to_dict()),
            feature_id=feature.id,
            content={"claim": str(claim.id)},
            base=feature.revision,
        )
        await check_two(session, setting.vocabulary, said_yes, feature.content)
    with session.no_autoflush:
        (done,) = await publish_many(
            session, setting, layer, [item], actor=actor, action=UNCLAIMED, reason=said
        )
    claim.state, claim.note = ClaimState.UNDONE, said
    claim.undone_at, claim.undone_by = setting.now, actor.user_id
    claim.version += 1
    note_claim(session, actor, "undone", claim, revision=done.revision)
    await session.flush()
    await defer(session, TELL_DECIDED, claim_id=str(claim.id), what="undone")
    await defer(session, TELL_BEHIND, claim_id=str(claim.id), what="undone")
    return done


async def _held_to_decide(
    session: AsyncSession, claim_id: uuid.UUID, version: int, state: ClaimState, actor: Actor
) -> tuple[PlaceClaim, Feature]:
    """A claim in this state, held, and its entry as it is now; `StaleClaim`, and `OwnClaim` for whoever has a part in it."""
    claim = await held(session, claim_id, version)
    if claim.state != state:
        raise StaleClaim
    await _check_not_own(session, claim, actor)
    return claim, await session.get_one(Feature, claim.feature_id, populate_existing=True)


async def _note_first(
    session: AsyncSession, claim: PlaceClaim, way: str, said: str, actor: Actor, now: dt.datetime
) -> None:
    claim.first_by, claim.first_at = actor.user_id, now
    claim.first_how, claim.first_said = way, said
    claim.version += 1
    note_claim(session, actor, "first_sure", claim, how=way)
    await session.flush()


async def _note_approved(
    session: AsyncSession,
    claim: PlaceClaim,
    way: str,
    done: Publication,
    actor: Actor,
    now: dt.datetime,
) -> None:
    claim.state, claim.ended_at, claim.ended_by = ClaimState.APPROVED, now, actor.user_id
    claim.how, claim.revision = way, done.revision
    claim.code_hash, claim.code_id = None, None
    claim.version += 1
    note_claim(session, actor, "approved", claim, how=way, revision=done.revision)
    await session.flush()
    await defer(session, TELL_DECIDED, claim_id=str(claim.id), what="approved")
    await defer(session, TELL_BEHIND, claim_id=str(claim.id), what="approved")


def _item(layer: Layer, feature: Feature, run_by: dict[str, Any] | None) -> Item:
    """The entry as it is, but for whose it is. Nobody has checked anything else by that."""
    content = {key: value for key, value in feature.content.items() if key != "organisation"}
    if run_by:
        content["organisation"] = run_by
    return Item(
        layer.content.kept(content),
        feature.id,
        base_revision=feature.revision,
        provenance=Provenance(keeps_check=True),
    )


async def _by_its_id_now(session: AsyncSession, run_by: dict[str, Any] | None) -> dict[str, Any] | None:
    """Whose it was, under the id of what that organisation was merged into meanwhile."""
    while run_by and "id" in run_by:
        into = await session.scalar(select(Feature.merged_into).where(Feature.id == uuid.UUID(run_by["id"])))
        if into is None:
            break
        run_by = {"id": str(into)}
    return run_by


async def _check_not_own(session: AsyncSession, claim: PlaceClaim, actor: Actor) -> None:
    """Nobody decides for their own organisation, whatever else they are (SECURITY A7)."""
    if actor.user_id is None or actor.user_id == claim.claimed_by:
        raise OwnClaim
    if await seat_of(session, actor.user_id, claim.organisation_id) is not None:
        raise OwnClaim


async def _has_a_first(session: AsyncSession, claim: PlaceClaim) -> bool:
    return claim.first_by is not None and await still_counts(
        session, claim.first_by, feature_id=claim.feature_id, organisation_id=claim.organisation_id
    )
