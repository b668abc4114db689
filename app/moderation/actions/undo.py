"""Undo: a decision is taken back while nobody was written to about it, and the submission waits again."""

import datetime as dt
import uuid
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.errors import Conflict
from app.features.layer import Layer
from app.features.models import Feature, Revision
from app.features.publishing import Item, Provenance, publish_many, unpublish
from app.features.setting import Setting
from app.moderation.models import Submission, SubmissionNote
from app.moderation.states import OPEN_STATES, SubmissionState, check_undo
from app.moderation.submissions import locked
from app.moderation.trusts import is_own_approval, undo_own_approval

#: As it stands in the history of the feature.
UNDONE = "The decision was undone."


class TooLateToUndo(Conflict):
    """Too much time has passed to undo this."""


class OfferedAgain(Conflict):
    """Its source has offered this place again meanwhile. Decide about that one."""


async def undo(
    session: AsyncSession,
    setting: Setting,
    layers: Mapping[str, Layer],
    submission_id: uuid.UUID,
    *,
    version: int,
    actor: Actor,
    within: dt.timedelta,
) -> Submission:
    """Take the last decision on a submission back, if it is not older than `within`.

    What was published leaves the map, or is again as it was before, as a new revision. A question is forgotten.
    `StaleSubmission`, `NothingToUndo`, `TooLateToUndo`; `StaleRevision` or `NotOnTheMap` when what was published has
    changed since; `OfferedAgain`.
    """
    submission = await locked(session, submission_id, version=version)
    check_undo(submission.state)
    state = SubmissionState(submission.state)
    asked = await _question(session, submission) if state is SubmissionState.NEEDS_CHANGES else None
    decided_at = asked.at if asked else submission.decided_at
    by_itself = await is_own_approval(session, submission.id)
    if decided_at is None or setting.now - decided_at > within:
        raise TooLateToUndo
    await _check_source(session, submission)
    if by_itself:
        # Before the end of the log is held: whoever notes that they have looked at it holds this first.
        await undo_own_approval(session, submission.id, setting.now)
    record(session, actor, "submission.undone", "submission", submission.id, was=state)
    submission.state = await _state_before(session, submission, state)
    submission.version += 1
    submission.decided_at = submission.decided_by = None
    submission.decision_reason = submission.decision_note = None
    submission.corrected = False
    if asked is not None:
        await session.delete(asked)
    if state is SubmissionState.APPROVED:
        await _unpublish(session, setting, layers[submission.layer], submission, actor)
    return submission


async def _state_before(
    session: AsyncSession, submission: Submission, decided: SubmissionState
) -> SubmissionState:
    """It waits for a moderator again; what was turned down while its sender had a question to answer, for them."""
    if decided not in (SubmissionState.REJECTED, SubmissionState.SPAM):
        return SubmissionState.PENDING
    query = select(SubmissionNote.author).where(SubmissionNote.submission_id == submission.id)
    last = await session.scalar(query.order_by(SubmissionNote.at.desc()).limit(1))
    return SubmissionState.NEEDS_CHANGES if last == "moderator" else SubmissionState.PENDING


async def _question(session: AsyncSession, submission: Submission) -> SubmissionNote | None:
    query = (
        select(SubmissionNote)
        .where(SubmissionNote.submission_id == submission.id, SubmissionNote.author == "moderator")
        .order_by(SubmissionNote.at.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def _check_source(session: AsyncSession, submission: Submission) -> None:
    """Of one row of a source one submission waits at a time."""
    if submission.source is None:
        return
    query = select(Submission.id).where(
        Submission.source == submission.source,
        Submission.source_id == submission.source_id,
        Submission.state.in_(OPEN_STATES),
        Submission.id != submission.id,
    )
    with session.no_autoflush:
        if await session.scalar(query) is not None:
            raise OfferedAgain


async def _unpublish(
    session: AsyncSession, setting: Setting, layer: Layer, submission: Submission, actor: Actor
) -> None:
    """Make the feature what it was before this submission: not on the map, or as its revision before."""
    feature_id = submission.feature_id
    assert feature_id is not None
    with session.no_autoflush:
        query = select(Revision).where(
            Revision.feature_id == feature_id, Revision.submission_id == submission.id
        )
        made = (await session.scalars(query.order_by(Revision.number.desc()).limit(1))).one()
        if submission.kind == "new":
            # It keeps its id: published again, it is the same place under the same address.
            await unpublish(
                session, setting, layer, feature_id, actor=actor, reason=UNDONE, base_revision=made.number
            )
            return
        before = await session.get_one(Revision, (feature_id, made.number - 1))
        item = Item(
            content=layer.content.kept(before.content),
            feature_id=feature_id,
            base_revision=made.number,
            provenance=await _check_of(session, made, before),
        )
        (publication,) = await publish_many(
            session, setting, layer, [item], actor=actor, action="revert", reason=UNDONE
        )
    if submission.base_revision == before.number:
        # What is live again is what the change was made from.
        submission.base_revision = publication.revision


async def _check_of(session: AsyncSession, made: Revision, before: Revision) -> Provenance:
    """The last check as it was before, or the one that somebody has made of the place since."""
    live = await session.get_one(Feature, made.feature_id, populate_existing=True)
    if live.verified_at != made.verified_at:
        return Provenance(keeps_check=True)
    return Provenance(
        verified_how=before.verified_how or "email",
        verified_at=before.verified_at,
        never_verified=before.verified_at is None,
    )
