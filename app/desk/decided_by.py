"""Who has decided on a submission, for the colleague who meant to: what they pressed did not count."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.moderation.models import Submission, SubmissionNote
from app.moderation.states import UNDOABLE, SubmissionState


@dataclass(frozen=True, slots=True)
class Decided:
    """The last decision: the state that it led to, by whom, as colleagues call them, and when."""

    state: str
    name: str
    at: dt.datetime


async def decided_by(
    session: AsyncSession, submission: Submission, notes: Sequence[SubmissionNote], reader: uuid.UUID | None
) -> Decided | None:
    """Give a colleague's decision, or the question they asked; None where nobody decided but `reader`, or nobody did."""
    if submission.state not in UNDOABLE:
        return None
    who, at = submission.decided_by, submission.decided_at
    if submission.state == SubmissionState.NEEDS_CHANGES:
        asked = next((note for note in reversed(notes) if note.author == "moderator"), None)
        who, at = (asked.actor_id, asked.at) if asked else (None, None)
    if who is None or at is None or who == reader:
        return None
    user = await session.get(User, who)
    return Decided(submission.state, user.known_as, at) if user is not None else None
