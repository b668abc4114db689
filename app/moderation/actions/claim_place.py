"""Claim: an organisation says that an entry is its own, and it is once somebody has made sure out of band.

Until then nothing changes. Of a protected place two people make sure, and neither of them by a mail: whoever reads the
mailbox of a shelter may be whom it hides from.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.accounts.memberships import NoSuchOrganisation, hold_seat, is_organisation, seat_of
from app.accounts.models import User
from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.forgetting import keep_open
from app.features.layer import Layer
from app.features.models import Feature, FeatureState
from app.features.places_in_text import without_places
from app.features.publishing import Item, Provenance, Publication, publish_many
from app.features.revisions import FeatureNotFound, NotOnTheMap, StaleRevision, hold_layers
from app.features.setting import Setting
from app.i18n import N_
from app.jobs import defer
from app.moderation.actions.claim_code import NotProved, is_proved
from app.moderation.agreements import Yes, check_two, mark_of
from app.moderation.claim_models import ClaimState, PlaceClaim
from app.moderation.live import read_feature
from app.moderation.place_claims import (
    ClaimNotFound,
    StaleClaim,
    can_be_run,
    held,
    is_run_by,
    needs_two,
    read_claim,
)
from app.moderation.two_people import still_counts
from app.moderation.written_reason import reason_in
from app.taxonomy.vocabulary import Vocabulary

#: What stands in the history of a version that says whose the entry is, and of one that takes this back.
CLAIMED: Final = "claim"
UNCLAIMED: Final = "unclaim"
#: The tasks that write to whoever claims, and to whoever was behind the entry before.
TELL_DECIDED: Final = "notifications.claim_decided"
TELL_BEHIND: Final = "notifications.claim_behind"
LONGEST: Final = 1000
LEAST_SAID: Final = 10
#: More are a list of addresses, and each is a moderator's telephone call.
MOST_STANDING: Final = 40
#: Ways to make sure; the first one is the program's own.
BY_MAILED_CODE: Final = "mailed_code"
WAYS: Final = (BY_MAILED_CODE, "called_back", "register", "letter", "domain_mail")


class ClaimedAlready(Conflict):
    """Your organisation has said so already. A moderator is looking at it."""


class YoursAlready(Conflict):
    """This is your organisation's already."""


class RunByNobody(Conflict):
    """Only places that somebody runs can be said to be yours."""


class TooManyClaims(Conflict):
    """Your organisation waits for answers about many entries. Wait for some of them first."""


class OwnClaim(Conflict):
    """This is about your own organisation, so others decide on it."""


class ClaimerGone(Conflict):
    """Who says so no longer belongs to the organisation, or the organisation is off the map. Refuse it."""


class SureAlready(Conflict):
    """You have made sure already. Somebody else has to make sure as well."""


class NothingToTakeBack(Conflict):
    """The entry says by now that somebody else runs it, so there is nothing to take back."""


@dataclass(frozen=True, slots=True)
class Verification:
    """How somebody made sure: one of `WAYS`, and in their own words whom they reached, and how they knew the number."""

    way: str
    said: str

    def checked(self, *, by_two: bool) -> str:
        """Give the words as they are kept; `InvalidInput` where it is not said how. Of a protected place no mail is enough."""
        if self.way not in WAYS:
            raise InvalidInput(FieldProblem("way", "missing", N_("Choose how you have made sure.")))
        if by_two and self.way in (BY_MAILED_CODE, "domain_mail"):
            raise InvalidInput(
                FieldProblem("way", "protected", N_("A mail is not enough for a protected place."))
            )
        said = self.said.strip()
        if self.way != BY_MAILED_CODE and not LEAST_SAID <= len(said) <= LONGEST:
            raise InvalidInput(
                FieldProblem(
                    "said",
                    "too_long" if len(said) > LONGEST else "missing",
                    N_("Write whom you have reached, and where you have the number from."),
                )
            )
        return said[:LONGEST]


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
        reason=without_places(said) if needs_two(feature, vocabulary) else said,
    )
    session.add(claim)
    # It locks its entry, and the end of the log comes after everything.
    await session.flush()
    _note(session, Actor("staff", user.id), "asked", claim)
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
        await _end(session, claim, ClaimState.CANCELLED, Actor("staff", user.id), now)


async def make_sure(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    claim_id: uuid.UUID,
    verification: Verification,
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
    claim = await held(session, claim_id, version)
    if claim.state != ClaimState.ASKED:
        raise StaleClaim
    await _check_not_own(session, claim, actor)
    feature = await session.get_one(Feature, claim.feature_id, populate_existing=True)
    if feature.state != FeatureState.PUBLISHED:
        raise NotOnTheMap
    if feature.revision != revision:
        raise StaleRevision
    by_two = needs_two(feature, setting.vocabulary)
    said = verification.checked(by_two=by_two)
    if verification.way == BY_MAILED_CODE and not await is_proved(
        session, claim, feature, setting.now, secret
    ):
        raise NotProved
    said = without_places(said) if by_two else said
    if by_two and claim.first_by == actor.user_id:
        raise SureAlready
    if by_two and not await _has_a_first(session, claim):
        claim.first_by, claim.first_at = actor.user_id, setting.now
        claim.first_how, claim.first_said = verification.way, said
        claim.version += 1
        _note(session, actor, "first_sure", claim, how=verification.way)
        await session.flush()
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
    claim.state, claim.ended_at, claim.ended_by = ClaimState.APPROVED, setting.now, actor.user_id
    claim.how, claim.said, claim.by_two = verification.way, said, by_two
    claim.revision, claim.code_hash, claim.code_id = done.revision, None, None
    if was:
        claim.was = was
    claim.version += 1
    _note(session, actor, "approved", claim, how=verification.way, revision=done.revision)
    await session.flush()
    await defer(session, TELL_DECIDED, claim_id=str(claim.id), what="approved")
    await defer(session, TELL_BEHIND, claim_id=str(claim.id), what="approved")
    return done


async def refuse(
    session: AsyncSession, setting: Setting, claim_id: uuid.UUID, *, version: int, actor: Actor, note: str
) -> None:
    """Turn it down with a word to the organisation; one person is enough, for nothing changes by it.

    `InvalidInput` without a word, `StaleClaim`, `OwnClaim`.
    """
    said = reason_in(note, LONGEST, field="note")
    claim = await held(session, claim_id, version)
    if claim.state != ClaimState.ASKED:
        raise StaleClaim
    await _check_not_own(session, claim, actor)
    feature = await session.get_one(Feature, claim.feature_id, populate_existing=True)
    claim.note = without_places(said) if needs_two(feature, setting.vocabulary) else said
    claim.ended_by = actor.user_id
    await _end(session, claim, ClaimState.REFUSED, actor, setting.now)
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
    claim = await held(session, claim_id, version)
    if claim.state != ClaimState.APPROVED:
        raise StaleClaim
    await _check_not_own(session, claim, actor)
    feature = await session.get_one(Feature, claim.feature_id, populate_existing=True)
    if feature.state != FeatureState.PUBLISHED:
        raise NotOnTheMap
    if not is_run_by(feature, claim.organisation_id):
        raise NothingToTakeBack
    if needs_two(feature, setting.vocabulary):
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
    _note(session, actor, "undone", claim, revision=done.revision)
    await session.flush()
    await defer(session, TELL_DECIDED, claim_id=str(claim.id), what="undone")
    await defer(session, TELL_BEHIND, claim_id=str(claim.id), what="undone")
    return done


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


async def _end(
    session: AsyncSession, claim: PlaceClaim, state: ClaimState, actor: Actor, now: dt.datetime
) -> None:
    claim.state, claim.ended_at = state, now
    claim.code_hash, claim.code_id = None, None
    claim.version += 1
    _note(session, actor, state.value, claim)
    await session.flush()


def _note(session: AsyncSession, actor: Actor, what: str, claim: PlaceClaim, **detail: object) -> None:
    both = {"feature": str(claim.feature_id), "organisation": str(claim.organisation_id)}
    record(session, actor, f"claim.{what}", "claim", claim.id, **both, **detail)


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('pomapa claim'), hashtext(:id))")
