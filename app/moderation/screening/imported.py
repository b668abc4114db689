"""Screening of what an import brings: many at once and after it, so that the import is as fast as without.

The texts of one register are alike, and are not compared with each other.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.jobs import defer
from app.moderation.models import Screened, ScreeningTrace, Submission
from app.moderation.screening.contacts import ways_of
from app.moderation.screening.gathering import gather_each
from app.moderation.screening.reading import written
from app.moderation.screening.screen import signals_of
from app.moderation.screening.signals import screening_of
from app.moderation.screening.subject import Subject
from app.moderation.screening.traces import keys_of_ways
from app.moderation.states import SubmissionState

TASK_IMPORTED: Final = "moderation.screen_imported"
#: After everything that somebody waits for.
_LAST: Final = -10


async def screen_imported_soon(session: AsyncSession, submissions: Iterable[Submission]) -> None:
    """Have submissions of one import screened, after the import."""
    ids = [str(submission.id) for submission in submissions]
    if ids:
        await defer(session, TASK_IMPORTED, priority=_LAST, submission_ids=ids)


async def screen_imported(session: AsyncSession, ids: Sequence[uuid.UUID]) -> None:
    """Screen those that wait still."""
    query = select(Submission).where(Submission.id.in_(ids), Submission.state == SubmissionState.PENDING)
    # Held: what is forgotten of a place meanwhile must not be found in it again.
    query = query.order_by(Submission.id).with_for_update()
    subjects = [Subject.of(submission) for submission in (await session.scalars(query)).all()]
    if not subjects:
        return
    now = dt.datetime.now(dt.UTC)
    facts = await gather_each(session, subjects)
    found = [screening_of(signals_of(subject, known)) for subject, known in zip(subjects, facts, strict=True)]
    screened = insert(Screened).values(
        [
            {"submission_id": subject.id, "score": one.score, "reasons": written(one.reasons), "at": now}
            for subject, one in zip(subjects, found, strict=True)
        ]
    )
    new = {name: screened.excluded[name] for name in ("score", "reasons", "at")}
    await session.execute(screened.on_conflict_do_update(index_elements=[Screened.submission_id], set_=new))
    traces = [
        {"submission_id": subject.id, "key": key}
        for subject in subjects
        for key in keys_of_ways(ways_of(subject.content))
    ]
    if traces:
        await session.execute(insert(ScreeningTrace).values(traces).on_conflict_do_nothing())
