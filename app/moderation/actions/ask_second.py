"""Ask for a second pair of eyes: from then on somebody else of staff has to decide."""

import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.errors import Conflict
from app.moderation.models import Submission
from app.moderation.states import SubmissionAlreadyDecided, SubmissionState
from app.moderation.submissions import locked


class SecondAsked(Conflict):
    """A second pair of eyes has been asked for already."""


async def ask_second(
    session: AsyncSession, submission_id: uuid.UUID, *, version: int, actor: Actor
) -> Submission:
    """Note who asked; it cannot be taken back, so that nobody decides alone on what they found doubtful.

    `StaleSubmission`, `SubmissionAlreadyDecided`, `SecondAsked`.
    """
    submission = await locked(session, submission_id, version=version)
    if submission.state != SubmissionState.PENDING:
        raise SubmissionAlreadyDecided
    if submission.second_asked_by is not None:
        raise SecondAsked
    submission.second_asked_by = actor.user_id
    submission.version += 1
    record(session, actor, "submission.second_asked", "submission", submission.id)
    return submission
