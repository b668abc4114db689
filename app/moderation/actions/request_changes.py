"""Request changes: the moderator asks, the submission waits for its submitter."""

import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.errors import FieldProblem, InvalidInput
from app.i18n import N_
from app.jobs import defer
from app.moderation.models import Submission, SubmissionNote
from app.moderation.said_beside import refuse_where
from app.moderation.states import SubmissionState
from app.moderation.submissions import locked, move


class NobodyToAsk(InvalidInput):
    """This came without an e-mail address, so there is nobody to ask."""


async def request_changes(
    session: AsyncSession, submission_id: uuid.UUID, *, version: int, actor: Actor, question: str
) -> Submission:
    """Ask the submitter a question by mail.

    `InvalidInput` without a question, or for one that says where a protected place is; `NobodyToAsk`, `StaleSubmission`, `SubmissionAlreadyDecided`.
    """
    if not question:
        raise InvalidInput(FieldProblem("note", "missing", N_("Write what you want to know.")))
    submission = await locked(session, submission_id, version=version)
    if not submission.contact_email:
        raise NobodyToAsk
    await refuse_where(session, submission, "note", question)
    move(session, submission, SubmissionState.NEEDS_CHANGES, actor)
    note = SubmissionNote(
        id=uuid.uuid4(),
        submission_id=submission.id,
        author="moderator",
        actor_id=actor.user_id,
        body=question,
    )
    session.add(note)
    await defer(session, "notifications.question", submission_id=str(submission.id), note_id=str(note.id))
    return submission
