"""Screening as a job: done again it says what is known then."""

import uuid
from collections.abc import Sequence

from app.jobs import Retry, Work, task
from app.moderation.models import Submission
from app.moderation.screening.imported import TASK_IMPORTED, screen_imported
from app.moderation.screening.screen import TASK, screen
from app.moderation.states import SubmissionState

_TO_SCREEN = frozenset({SubmissionState.UNCONFIRMED, SubmissionState.PENDING, SubmissionState.NEEDS_CHANGES})


@task(TASK, retry=Retry(times=5))
async def screen_submission(work: Work, *, submission_id: str) -> None:
    """Screen a submission; nothing for one that is decided or gone."""
    async with work.transaction() as session:
        submission = await session.get(Submission, uuid.UUID(submission_id), with_for_update=True)
        if submission is not None and submission.state in _TO_SCREEN:
            await screen(session, submission)


@task(TASK_IMPORTED, retry=Retry(times=5))
async def screen_imports(work: Work, *, submission_ids: Sequence[str]) -> None:
    """Screen what an import put into the queue; nothing for what is decided or gone."""
    async with work.transaction() as session:
        await screen_imported(session, [uuid.UUID(one) for one in submission_ids])
