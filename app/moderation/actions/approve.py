"""Approve: what was proposed becomes the next revision and is public at once."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.content import Content
from app.features.history import BY_ITSELF
from app.features.layer import Layer
from app.features.models import Feature
from app.features.publishing import Item, Provenance, Publication, publish_many, republish
from app.features.revisions import FeatureNotFound
from app.features.setting import Setting
from app.i18n import N_
from app.jobs import defer
from app.moderation.actions.open_up import note_opened
from app.moderation.actions.still_true import BY_OWNER, check, own_ways_to_check
from app.moderation.agreement_models import Agreement
from app.moderation.agreements import (
    PUBLISH,
    NeedsTwo,
    Yes,
    check_not_own,
    is_second,
    mark_of,
    needs_two,
    standing,
)
from app.moderation.corrections import note_correction
from app.moderation.merging import ConflictingChange
from app.moderation.models import Submission
from app.moderation.openings import let_through
from app.moderation.protected_help import runs_protected_help
from app.moderation.states import SubmissionState, check_move
from app.moderation.submissions import locked, move
from app.moderation.suggesting import is_suggestion, merge_of
from app.moderation.trusts import ORGANISATIONS

#: The way to check of what nobody has checked.
NOBODY: Final = "not_verified"


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
    # Read before the submission moves on, which forgets it.
    agreed = await standing(session, submission=submission)
    second = agreed is not None and agreed.agreed_by != actor.user_id
    as_whom = {"by": BY_ITSELF, "trust": str(by_itself)} if by_itself else {}
    if agreed is not None and second:
        as_whom["first"] = str(agreed.agreed_by)
    before = await _live(session, submission)
    behind = submission.feature_id if submission.layer == ORGANISATIONS else None
    runs = behind is not None and await runs_protected_help(session, setting.vocabulary, [behind])
    move(session, submission, SubmissionState.APPROVED, actor, is_second=second, **as_whom)
    # The submission is written once, with what comes of it.
    with session.no_autoflush:
        opening = await let_through(session, submission.id, lock=True)
        if edited is not None:
            content, base_revision = edited, edited_from or submission.base_revision
            await note_correction(session, setting, layer, submission, edited, actor)
        else:
            content, base_revision = await _as_sent(session, setting, layer, submission)
        yes = Yes(
            actor,
            PUBLISH,
            mark_of(content.to_dict()),
            submission_id=submission.id,
            version=version,
            content=content.to_dict() if edited is not None else None,
            base=edited_from if edited is not None else None,
        )
        by_two = runs or needs_two(setting.vocabulary, before, content.to_dict())
        waits = by_two and not is_second(agreed, yes)
        if submission.kind == "new" and submission.feature_id is not None:
            # It was published before, which was undone: the same place comes back under its old address.
            again = submission.feature_id
            await republish(session, setting, layer, again, actor=actor, reason="Decided anew.")
        item = Item(
            content=content,
            feature_id=submission.feature_id,
            base_revision=base_revision,
            provenance=_provenance(submission, checked),
            submission_id=submission.id,
            opens_up=opening is not None,
        )
        action = BY_ITSELF if by_itself else "publish"
        (publication,) = await publish_many(session, setting, layer, [item], actor=actor, action=action)
        if opening is not None:
            await note_opened(session, opening, actor, setting.now)
    if waits:
        # All else is right. Nothing of it stays, the first yes is noted by itself.
        raise NeedsTwo(yes)
    if checked:
        await check(
            session,
            setting,
            layer,
            publication.feature_id,
            how=checked,
            revision=publication.revision,
            actor=actor,
        )
    submission.feature_id = publication.feature_id
    submission.decided_at, submission.decided_by = setting.now, actor.user_id
    if submission.contact_email and by_itself is None:
        await defer(session, "notifications.decision", submission_id=str(submission.id))
    return publication


async def first_yes(
    session: AsyncSession, setting: Setting, layer: Layer, submission: Submission
) -> Agreement | None:
    """Give the first yes to a submission, as long as what it was given to is what would be published."""
    kept = await standing(session, submission=submission)
    if kept is None or kept.content is not None:
        return kept
    try:
        content, _ = await _as_sent(session, setting, layer, submission)
    except (Conflict, InvalidInput):
        return None
    return kept if kept.mark == mark_of(content.to_dict()) else None


async def _as_sent(
    session: AsyncSession, setting: Setting, layer: Layer, submission: Submission
) -> tuple[Content, int | None]:
    """What a submission makes public as it was sent, and the revision that this is made from."""
    if is_suggestion(submission):
        return await _suggested(session, setting, layer, submission)
    return layer.content.kept(submission.content), submission.base_revision


async def _live(session: AsyncSession, submission: Submission) -> Mapping[str, Any]:
    """What its entry says now, nothing where it has none."""
    found = await session.get(Feature, submission.feature_id) if submission.feature_id else None
    return found.content if found is not None else {}


async def _suggested(
    session: AsyncSession, setting: Setting, layer: Layer, submission: Submission
) -> tuple[Content, int]:
    """What a suggestion makes of what is live, and the revision that this is made from."""
    live = await session.get(Feature, submission.feature_id)
    if live is None:
        raise FeatureNotFound
    found = await merge_of(session, layer, setting.vocabulary, submission, live)
    if found.conflicts:
        raise ConflictingChange
    return layer.content.read(found.content, country=setting.country), live.revision


def _provenance(submission: Submission, checked: str) -> Provenance:
    given = Provenance(
        source=submission.source,
        source_id=submission.source_id,
        source_url=submission.source_url,
        licence=submission.licence,
        attribution=submission.attribution,
    )
    if checked:
        # Of this revision, so that the check goes when the decision is undone.
        return replace(given, verified_how=checked)
    if is_suggestion(submission):
        # Somebody knew better in one point. Nobody has looked at the rest, and a moderator who has can say so.
        return replace(given, keeps_check=True)
    if submission.organisation_id is not None:
        # Who runs a place has said how it is.
        return replace(given, verified_how=BY_OWNER)
    # A look at the desk is no check on the spot: whoever has made one says so, and how, at what is published.
    if submission.channel != "import":
        return replace(given, verified_how=NOBODY, never_verified=True)
    # What is imported is as old as its source.
    return replace(
        given,
        verified_how=submission.verified_how or "imported",
        verified_at=submission.verified_at,
        never_verified=submission.verified_at is None,
    )
