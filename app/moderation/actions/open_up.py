"""Open up: a protected place is shown again when its owner asks, two moderators agree, and the owner says where it is.

Nothing of the place changes before that, and nothing of where it is reaches the register before both have agreed.
"""

import datetime as dt
import uuid
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SUBMITTER, Actor, record
from app.accounts.models import User
from app.errors import Conflict
from app.features.content import Content
from app.features.family import keep_open
from app.features.layer import Layer
from app.features.places_in_text import without_places
from app.jobs import defer
from app.moderation.actions.submit import Proposal, submit
from app.moderation.models import Submission
from app.moderation.opening_models import STANDING, Opening, OpeningState
from app.moderation.openings import (
    ALLOWED_FOR,
    OpeningNotFound,
    StaleOpening,
    held,
    last_of,
    owned,
    withhold_change,
)
from app.moderation.states import OPEN_STATES, SubmissionState
from app.moderation.submissions import locked
from app.moderation.written_reason import reason_in
from app.taxonomy.vocabulary import Vocabulary

LONGEST_REASON: Final = 2000
#: The task that writes to whoever asked.
TELL: Final = "notifications.opening"


class CannotBeOpened(Conflict):
    """The address of this place cannot be shown: the help that it gives is protected, or the place is not on the map."""


class AskedAlready(Conflict):
    """You have asked for this already. Look at where it is."""


class AgreedAlready(Conflict):
    """You have agreed already. Somebody else has to agree as well."""


class OwnWish(Conflict):
    """You have asked for this yourself, so others decide on it."""


class NotAllowedYet(Conflict):
    """Two moderators have to agree before the address is asked for."""


class PlaceGivenAlready(Conflict):
    """You have sent the address already. Look at where it is."""


async def ask(
    session: AsyncSession,
    vocabulary: Vocabulary,
    submission_id: uuid.UUID,
    *,
    reason: str,
    email: str,
    language: str,
) -> Opening:
    """Ask for a place to be shown again, with the link of what brought it in. Where it is, is not said here.

    `InvalidInput` without a reason, `CannotBeOpened`, `AskedAlready`.
    """
    submission = await locked(session, submission_id)
    feature = await owned(session, submission, vocabulary)
    if feature is None:
        raise CannotBeOpened
    if (last := await last_of(session, submission_id)) is not None and last.state in STANDING:
        raise AskedAlready
    opening = Opening(
        id=uuid.uuid4(),
        feature_id=feature.id,
        submission_id=submission.id,
        state=OpeningState.ASKED,
        version=1,
        # Nobody is to read in it where the place is, before it may be known.
        reason=without_places(reason_in(reason, LONGEST_REASON)),
        contact_email=email,
        language=language,
    )
    session.add(opening)
    record(session, SUBMITTER, "opening.asked", "feature", feature.id)
    await session.flush()
    await defer(session, TELL, opening_id=str(opening.id), what="asked")
    return opening


async def cancel(session: AsyncSession, submission_id: uuid.UUID, *, now: dt.datetime) -> None:
    """Take the wish back, before the place is shown. A second time changes nothing."""
    opening = await last_of(session, submission_id)
    if opening is None or opening.state not in STANDING:
        return
    await _end(session, await held(session, opening.feature_id), OpeningState.CANCELLED, SUBMITTER, now)


async def agree(
    session: AsyncSession,
    vocabulary: Vocabulary,
    feature_id: uuid.UUID,
    *,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> Opening:
    """Agree as the first or the second of two moderators; after the second the owner may say where the place is.

    `OpeningNotFound`, `StaleOpening`, `AgreedAlready`, `OwnWish`, `CannotBeOpened`.
    """
    opening = await _held(session, feature_id, version)
    if opening.state != OpeningState.ASKED:
        raise StaleOpening
    if await owned(session, await session.get_one(Submission, opening.submission_id), vocabulary) is None:
        raise CannotBeOpened
    if await _is_of(session, opening, actor):
        raise OwnWish
    if opening.first_by == actor.user_id:
        raise AgreedAlready
    opening.version += 1
    if opening.first_by is None:
        opening.first_by, opening.first_at = actor.user_id, now
        record(session, actor, "opening.agreed", "feature", feature_id)
    else:
        opening.second_by, opening.second_at = actor.user_id, now
        opening.state = OpeningState.ALLOWED
        record(session, actor, "opening.allowed", "feature", feature_id, first=str(opening.first_by))
        await defer(session, TELL, opening_id=str(opening.id), what="allowed")
    await session.flush()
    return opening


async def refuse(
    session: AsyncSession, feature_id: uuid.UUID, *, version: int, actor: Actor, note: str, now: dt.datetime
) -> None:
    """Refuse, or take back what two have agreed to. One moderator is enough: the place stays hidden.

    `InvalidInput` without a word to whoever asked, `OpeningNotFound`, `StaleOpening`.
    """
    said = reason_in(note, LONGEST_REASON, field="note")
    opening = await _held(session, feature_id, version)
    opening.note, opening.ended_by = said, actor.user_id
    await _end(session, opening, OpeningState.REFUSED, actor, now)


async def end_for(session: AsyncSession, feature_id: uuid.UUID, *, actor: Actor, now: dt.datetime) -> None:
    """End a wish about a place that somebody has just protected better; nothing where there is none."""
    try:
        opening = await held(session, feature_id)
    except OpeningNotFound:
        return
    opening.ended_by = actor.user_id
    await _end(session, opening, OpeningState.REFUSED, actor, now)


async def give_place(
    session: AsyncSession, layer: Layer, opening: Opening, content: Content, *, now: dt.datetime
) -> Submission:
    """Take in where the place is, as a change that a moderator still has to approve; its mail is confirmed as any.

    `NotAllowedYet`, `PlaceGivenAlready`.
    """
    await keep_open(session, opening.feature_id)
    opening = await held(session, opening.feature_id)
    if opening.state != OpeningState.ALLOWED or opening.second_at is None:
        raise NotAllowedYet
    if opening.second_at + ALLOWED_FOR <= now or opening.contact_email is None:
        raise NotAllowedYet
    before = await session.get(Submission, opening.change_id) if opening.change_id else None
    if before is not None and before.state in (*OPEN_STATES, SubmissionState.UNCONFIRMED):
        raise PlaceGivenAlready
    await withhold_change(session, opening)
    made = await submit(
        session,
        Proposal(layer, content, opening.feature_id),
        language=opening.language,
        contact_email=opening.contact_email,
    )
    # What any other submission leaves out of a protected place, this one may say.
    made.content, opening.change_id = content.to_dict(), made.id
    record(session, SUBMITTER, "opening.place_given", "feature", opening.feature_id, submission=str(made.id))
    await session.flush()
    return made


async def note_opened(session: AsyncSession, opening: Opening, actor: Actor, now: dt.datetime) -> None:
    """Say that the place is shown again; in the transaction that has published it."""
    opening.ended_by = actor.user_id
    await _end(session, opening, OpeningState.OPENED, actor, now)


async def _held(session: AsyncSession, feature_id: uuid.UUID, version: int) -> Opening:
    opening = await held(session, feature_id)
    if opening.version != version:
        raise StaleOpening
    return opening


async def _end(
    session: AsyncSession, opening: Opening, state: OpeningState, actor: Actor, now: dt.datetime
) -> None:
    opening.state, opening.ended_at = state, now
    opening.version += 1
    record(session, actor, f"opening.{state.value}", "feature", opening.feature_id)
    await session.flush()
    if state is OpeningState.REFUSED:
        await defer(session, TELL, opening_id=str(opening.id), what="refused")
    if state is not OpeningState.OPENED:
        await withhold_change(session, opening)


async def _is_of(session: AsyncSession, opening: Opening, actor: Actor) -> bool:
    """Whether whoever decides is whoever asks."""
    email = await session.scalar(select(User.email).where(User.id == actor.user_id))
    sent = await session.scalar(
        select(Submission.contact_email).where(Submission.id == opening.submission_id)
    )
    return email is not None and email in (opening.contact_email, sent)
