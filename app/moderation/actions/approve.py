"""Approve: what was proposed becomes the next revision and is public at once."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.content import Content
from app.features.history import BY_ITSELF
from app.features.layer import Layer
from app.features.models import Feature
from app.features.publishing import Item, Publication, publish_many, republish
from app.features.setting import Setting
from app.i18n import N_
from app.jobs import defer
from app.moderation.actions.open_up import note_opened
from app.moderation.actions.still_true import check
from app.moderation.agreement_models import Agreement
from app.moderation.agreements import (
    PUBLISH,
    NeedsTwo,
    Yes,
    check_not_own,
    concerns_protected,
    is_second,
    mark_of,
    standing,
)
from app.moderation.as_sent import as_sent, provenance_of
from app.moderation.corrections import note_correction
from app.moderation.models import Submission
from app.moderation.openings import let_through
from app.moderation.states import SubmissionState, check_move
from app.moderation.submissions import locked, move
from app.moderation.trusts import ORGANISATIONS
from app.moderation.ways_to_check import own_ways_to_check


async def approve(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    submission_id: uuid.UUID,
    *,
    version: int,
    actor: Actor,
    edited: Content | None = None,
    edited_from: int | None = None,
    by_itself: uuid.UUID | None = None,
    checked: str = "",
) -> Publication:
    """Publish a submission, or the moderator's corrected version of it (`edited`), and have the submitter told.

    What was sent stays as it was sent; what a correction made of it is in the revision (see `app.moderation.corrections`).
    `edited_from` is the live revision that a suggestion was corrected on. `by_itself` is the trust by which its own
    organisation does so: the history and the log say whose decision it is, and nobody writes to who has made it
    (`app.moderation.actions.publish_own` alone gives it). `checked` is how the moderator has made sure of all of it, "" for a
    look at the desk; a first yes of two checks nothing.

    All of it is one transaction: state, revision, audit, published rows, version of the layer and the
    deferred mail. `StaleSubmission` when the submission is no longer as the moderator saw it,
    `SubmissionAlreadyDecided`. A change that somebody suggested is laid on what is live: `ConflictingChange` when
    the same fields were changed since, `NotOnTheMap` when it was taken down. `OwnSubmission` for whoever has sent it;
    `NeedsTwo` for protected help, as it is or would be, and for the organisation that runs some, while nobody else has said yes to the same content. Whole contents (of an import, or as a
    moderator has edited them) raise `StaleRevision` when the feature has changed since they were proposed.
    `OutdatedContent` for what was proposed, or suggested about, under older rules; `InvalidInput` for a way of checking that is
    not a moderator's own.
    """
    if checked and checked not in own_ways_to_check(setting):
        raise InvalidInput(FieldProblem("how", "missing", N_("Choose how it was checked.")))
    submission = await locked(session, submission_id, version=version)
    check_move(submission.state, SubmissionState.APPROVED)
    if by_itself is None:
        await check_not_own(session, submission, actor)
    decision = _Decision(setting, layer, submission, actor, checked, by_itself)
    # Read before the submission moves on, which forgets it.
    agreed = await standing(session, submission=submission)
    before = await _live(session, submission)
    _move_on(session, decision, agreed)
    # The submission is written once, with what comes of it.
    with session.no_autoflush:
        opening = await let_through(session, submission.id, lock=True)
        if edited is not None:
            content, base_revision = edited, edited_from or submission.base_revision
            await note_correction(session, setting, layer, submission, edited, actor)
        else:
            content, base_revision = await as_sent(session, setting, layer, submission)
        yes = Yes(
            actor,
            PUBLISH,
            mark_of(content.to_dict()),
            submission_id=submission.id,
            version=version,
            content=content.to_dict() if edited is not None else None,
            base=edited_from if edited is not None else None,
        )
        by_two = await concerns_protected(
            session, setting.vocabulary, _organisation(submission), before, content.to_dict()
        )
        publication = await _publish(session, decision, content, base_revision, opens_up=opening is not None)
        if opening is not None:
            await note_opened(session, opening, actor, setting.now)
    if by_two and not is_second(agreed, yes):
        # All else is right. Nothing of it stays, the first yes is noted by itself.
        raise NeedsTwo(yes)
    await _conclude(session, decision, publication)
    return publication


async def first_yes(
    session: AsyncSession, setting: Setting, layer: Layer, submission: Submission
) -> Agreement | None:
    """Give the first yes to a submission, as long as what it was given to is what would be published."""
    kept = await standing(session, submission=submission)
    if kept is None or kept.content is not None:
        return kept
    try:
        content, _ = await as_sent(session, setting, layer, submission)
    except (Conflict, InvalidInput):
        return None
    return kept if kept.mark == mark_of(content.to_dict()) else None


async def _live(session: AsyncSession, submission: Submission) -> Mapping[str, Any]:
    """What its entry says now, nothing where it has none."""
    found = await session.get(Feature, submission.feature_id) if submission.feature_id else None
    return found.content if found is not None else {}


def _organisation(submission: Submission) -> tuple[uuid.UUID, ...]:
    """The organisation that a submission is about: what it runs may be protected help."""
    if submission.layer != ORGANISATIONS or submission.feature_id is None:
        return ()
    return (submission.feature_id,)


@dataclass(frozen=True, slots=True)
class _Decision:
    """Who publishes what, by which rules; `checked` and `by_itself` as `approve` has them."""

    setting: Setting
    layer: Layer
    submission: Submission
    actor: Actor
    checked: str
    by_itself: uuid.UUID | None


def _move_on(session: AsyncSession, decision: _Decision, agreed: Agreement | None) -> None:
    """Have it approved, and the log say whose decision it is: of a trusted organisation, or the second of two."""
    second = agreed is not None and agreed.agreed_by != decision.actor.user_id
    as_whom = {"by": BY_ITSELF, "trust": str(decision.by_itself)} if decision.by_itself else {}
    if agreed is not None and second:
        as_whom["first"] = str(agreed.agreed_by)
    move(
        session,
        decision.submission,
        SubmissionState.APPROVED,
        decision.actor,
        is_second=second,
        **as_whom,
    )


async def _publish(
    session: AsyncSession,
    decision: _Decision,
    content: Content,
    base_revision: int | None,
    *,
    opens_up: bool,
) -> Publication:
    """Put a content on the map; what was published before and undone comes back under its old address."""
    submission, setting, layer = decision.submission, decision.setting, decision.layer
    if submission.kind == "new" and submission.feature_id is not None:
        again = submission.feature_id
        await republish(session, setting, layer, again, actor=decision.actor, reason="Decided anew.")
    item = Item(
        content=content,
        feature_id=submission.feature_id,
        base_revision=base_revision,
        provenance=provenance_of(submission, decision.checked),
        submission_id=submission.id,
        opens_up=opens_up,
    )
    action = BY_ITSELF if decision.by_itself else "publish"
    (publication,) = await publish_many(session, setting, layer, [item], actor=decision.actor, action=action)
    return publication


async def _conclude(session: AsyncSession, decision: _Decision, publication: Publication) -> None:
    """Note with the submission what came of it, and have whoever sent it told, unless they have decided it themselves."""
    submission, setting = decision.submission, decision.setting
    if decision.checked:
        await check(
            session,
            setting,
            decision.layer,
            publication.feature_id,
            how=decision.checked,
            revision=publication.revision,
            actor=decision.actor,
        )
    submission.feature_id = publication.feature_id
    submission.decided_at, submission.decided_by = setting.now, decision.actor.user_id
    if submission.contact_email and decision.by_itself is None:
        await defer(session, "notifications.decision", submission_id=str(submission.id))
