"""Spam: what was proposed was never meant as help. Nobody is written to, and it is deleted with what is turned down."""

import datetime as dt
import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.moderation.models import Submission
from app.moderation.states import SubmissionState
from app.moderation.submissions import locked, move


async def mark_spam(
    session: AsyncSession, submission_id: uuid.UUID, *, version: int, actor: Actor, now: dt.datetime
) -> Submission:
    """Take a submission out of the queue without a word to whoever sent it.

    `StaleSubmission`, `SubmissionAlreadyDecided`.
    """
    submission = await locked(session, submission_id, version=version)
    move(session, submission, SubmissionState.SPAM, actor)
    submission.decided_at, submission.decided_by = now, actor.user_id
    return submission
