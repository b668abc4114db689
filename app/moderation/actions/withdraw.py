"""Withdraw: the submitter takes the proposal back before it is decided."""

import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SUBMITTER
from app.moderation.models import Submission
from app.moderation.states import SubmissionState
from app.moderation.submissions import locked, move


async def withdraw(session: AsyncSession, submission_id: uuid.UUID) -> Submission:
    """Take a submission out of the queue for good; `SubmissionAlreadyDecided` when it is too late."""
    submission = await locked(session, submission_id)
    move(session, submission, SubmissionState.WITHDRAWN, SUBMITTER)
    return submission
