"""Confirm: the submitter has used the link in the mail, so the address is theirs."""

import datetime as dt
import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SUBMITTER
from app.errors import Gone
from app.jobs import defer
from app.moderation.actions.submit import PREVIOUS_CONTACT
from app.moderation.models import Submission
from app.moderation.screening.screen import screen_again
from app.moderation.states import SubmissionState
from app.moderation.submissions import locked, move

#: As long as an unconfirmed submission is kept.
VALID_FOR = dt.timedelta(hours=72)


class ConfirmationExpired(Gone):
    """This link was valid for three days. Please send the form once more."""


async def confirm(session: AsyncSession, submission_id: uuid.UUID, *, now: dt.datetime) -> Submission:
    """Let a submission into the queue. Using the link a second time changes nothing.

    `SubmissionNotFound`, `ConfirmationExpired`.
    """
    submission = await locked(session, submission_id)
    if submission.state != SubmissionState.UNCONFIRMED:
        return submission
    if now - submission.created_at > VALID_FOR:
        raise ConfirmationExpired
    move(session, submission, SubmissionState.PENDING, SUBMITTER)
    submission.confirmed_at = now
    # Others have come since it was filled in.
    await screen_again(session, submission)
    if submission.kind == "change":
        await defer(session, PREVIOUS_CONTACT, submission_id=str(submission.id))
    return submission
