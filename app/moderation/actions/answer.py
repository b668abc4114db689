"""Answer: the submitter replies to a question, with or without a corrected content."""

import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SUBMITTER
from app.errors import FieldProblem, InvalidInput
from app.features.content import Content
from app.features.forgetting_words import forget_said
from app.features.models import Feature
from app.features.place import is_tightened
from app.features.protected import as_protected_as, streets_of
from app.i18n import N_
from app.moderation.models import Submission, SubmissionNote
from app.moderation.openings import let_through
from app.moderation.said_beside import refuse_where
from app.moderation.screening.screen import screen_quickly
from app.moderation.states import SubmissionState
from app.moderation.submissions import locked, move
from app.photos.keeping import check_photos


async def answer(
    session: AsyncSession, submission_id: uuid.UUID, *, body: str = "", content: Content | None = None
) -> Submission:
    """Put a submission back into the queue with the submitter's words or correction.

    `InvalidInput` when there is neither, or for words that say where a protected place is; `SubmissionAlreadyDecided` when
    nothing was asked.
    """
    if not body and content is None:
        raise InvalidInput(FieldProblem("answer", "missing", N_("Write an answer, or correct the entry.")))
    submission = await locked(session, submission_id)
    move(session, submission, SubmissionState.PENDING, SUBMITTER)
    if content is not None:
        was = submission.content
        submission.content = (await _no_more_open(session, submission, content)).to_dict()
        await check_photos(session, [submission.content])
        await screen_quickly(session, submission)
        if is_tightened(was, submission.content):
            # What was asked and answered before may say what the correction has just taken out.
            await session.flush()
            await forget_said(session, [submission.id], streets_of(was))
    if body:
        await refuse_where(session, submission, "answer", body)
        session.add(
            SubmissionNote(id=uuid.uuid4(), submission_id=submission.id, author="submitter", body=body)
        )
    return submission


async def _no_more_open(session: AsyncSession, submission: Submission, content: Content) -> Content:
    """The place may have been protected while they wrote: what is forgotten of it does not come back with the answer."""
    if submission.feature_id is None or await let_through(session, submission.id) is not None:
        return content
    feature = await session.get_one(Feature, submission.feature_id, populate_existing=True)
    return as_protected_as(feature.content, content)
