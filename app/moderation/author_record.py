"""What became of other submissions from the same e-mail address: numbers, and since when; nothing of what was sent."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.moderation.models import Submission
from app.moderation.states import SubmissionState


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """How many others were published, turned down, taken back, and how many wait; `since` is the month of the first.

    Addresses are erased 90 days after a decision, so that nothing older is counted.
    """

    published: int
    turned_down: int
    taken_back: int
    waiting: int
    since: dt.date | None

    @property
    def is_first(self) -> bool:
        """Whether nothing else is known from this address."""
        return self.since is None


_WAITING = frozenset({SubmissionState.PENDING, SubmissionState.NEEDS_CHANGES})


async def record_of(session: AsyncSession, submission: Submission) -> AuthorRecord | None:
    """Give the record of who sent a submission; None where nobody can be written to.

    What was not confirmed is left out: anybody can type somebody's address.
    """
    if not submission.contact_email:
        return None
    query = (
        select(Submission.state, func.count(), func.min(Submission.created_at))
        .where(
            Submission.contact_email == submission.contact_email,
            Submission.id != submission.id,
            Submission.confirmed_at.is_not(None),
        )
        .group_by(Submission.state)
    )
    numbers: dict[str, int] = {}
    first: list[dt.datetime] = []
    for state, number, oldest in await session.execute(query):
        numbers[state] = number
        first.append(oldest)
    known = {SubmissionState.APPROVED, SubmissionState.WITHDRAWN, *_WAITING}
    return AuthorRecord(
        published=numbers.get(SubmissionState.APPROVED, 0),
        # Turned down in whichever way.
        turned_down=sum(number for state, number in numbers.items() if state not in known),
        taken_back=numbers.get(SubmissionState.WITHDRAWN, 0),
        waiting=sum(numbers.get(state, 0) for state in _WAITING),
        since=min(first).date().replace(day=1) if first else None,
    )
