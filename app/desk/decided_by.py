"""Who has decided on a submission, for whoever meant to decide as well: what they pressed did not count."""

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
    """The last decision: the state that it led to, by whom, as colleagues call them, and when.

    `is_mine`: by whoever reads it, in another tab or before they came back to this one.
    """

    state: str
    name: str
    at: dt.datetime
    is_mine: bool = False


async def decided_by(
    session: AsyncSession, submission: Submission, notes: Sequence[SubmissionNote], reader: uuid.UUID | None
) -> Decided | None:
    """Give the decision, or the question that was asked; None where nobody has decided."""
    if submission.state not in UNDOABLE:
        return None
    who, at = submission.decided_by, submission.decided_at
    if submission.state == SubmissionState.NEEDS_CHANGES:
        asked = next((note for note in reversed(notes) if note.author == "moderator"), None)
        who, at = (asked.actor_id, asked.at) if asked else (None, None)
    if who is None or at is None:
        return None
    user = await session.get(User, who)
    return Decided(submission.state, user.known_as, at, is_mine=who == reader) if user is not None else None
