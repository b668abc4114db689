"""Reject: what was proposed does not go on the map, and the submitter learns why."""

import datetime as dt
import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.errors import FieldProblem, InvalidInput
from app.i18n import N_
from app.jobs import defer
from app.moderation.models import Submission
from app.moderation.reasons import REJECTION_REASONS
from app.moderation.said_beside import refuse_where
from app.moderation.states import SubmissionState
from app.moderation.submissions import locked, move


async def reject(
    session: AsyncSession,
    submission_id: uuid.UUID,
    *,
    version: int,
    actor: Actor,
    reason: str,
    note: str = "",
    now: dt.datetime,
) -> Submission:
    """Turn a submission down for one of `REJECTION_REASONS`; `note` is for the submitter to read.

    `InvalidInput` for an unknown reason, "other" without a note, or a note that says where a protected place is;
    `StaleSubmission`, `SubmissionAlreadyDecided`.
    """
    check_reason(reason, note)
    submission = await locked(session, submission_id, version=version)
    await refuse_where(session, submission, "note", note)
    move(session, submission, SubmissionState.REJECTED, actor)
    submission.decision_reason, submission.decision_note = reason, note or None
    submission.decided_at, submission.decided_by = now, actor.user_id
    if submission.contact_email:
        await defer(session, "notifications.decision", submission_id=str(submission.id))
    return submission


def check_reason(reason: str, note: str) -> None:
    """Raise `InvalidInput` for an unknown reason, or "other" without a note."""
    if reason not in REJECTION_REASONS:
        raise InvalidInput(FieldProblem("reason", "missing", N_("Choose a reason.")))
    if reason == "other" and not note:
        raise InvalidInput(FieldProblem("note", "missing", N_("Write the reason in a sentence or two.")))
