"""Submissions as the actions work with them: read under a lock, moved by the table of states."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.errors import Conflict, NotFound
from app.moderation.models import Submission, SubmissionNote
from app.moderation.states import OPEN_STATES, SubmissionState, check_move


class SubmissionNotFound(NotFound):
    """There is no such submission."""


class StaleSubmission(Conflict):
    """Somebody has changed this since you opened it. Look at the current state first."""


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many submissions wait at the desk, and how many wait for their submitters."""

    pending: int
    needs_changes: int


async def locked(
    session: AsyncSession, submission_id: uuid.UUID, *, version: int | None = None
) -> Submission:
    """Give a submission, locked until the end of the transaction.

    `SubmissionNotFound`; `StaleSubmission` when `version` is given and is not the current one.
    """
    query = select(Submission).where(Submission.id == submission_id)
    row = await session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise SubmissionNotFound
    if version is not None and row.version != version:
        raise StaleSubmission
    return row


async def read(session: AsyncSession, submission_id: uuid.UUID) -> Submission:
    """Give a submission as it is; `SubmissionNotFound`."""
    row = await session.get(Submission, submission_id)
    if row is None:
        raise SubmissionNotFound
    return row


def move(session: AsyncSession, submission: Submission, wanted: SubmissionState, actor: Actor) -> None:
    """Move a locked submission into another state and say so in the audit log; `SubmissionAlreadyDecided`."""
    check_move(submission.state, wanted)
    record(session, actor, f"submission.{wanted.value}", "submission", submission.id, was=submission.state)
    submission.state = wanted
    submission.version += 1


async def notes_of(session: AsyncSession, submission_id: uuid.UUID) -> Sequence[SubmissionNote]:
    """Give questions and answers, the oldest first."""
    query = (
        select(SubmissionNote)
        .where(SubmissionNote.submission_id == submission_id)
        .order_by(SubmissionNote.at)
    )
    return (await session.scalars(query)).all()


async def queue(
    session: AsyncSession, *, layer: str | None = None, limit: int = 50, offset: int = 0
) -> Sequence[Submission]:
    """Give what waits for a decision, the oldest first."""
    query = select(Submission).where(Submission.state == SubmissionState.PENDING)
    if layer is not None:
        query = query.where(Submission.layer == layer)
    return (
        await session.scalars(
            query.order_by(Submission.created_at, Submission.id).limit(limit).offset(offset)
        )
    ).all()


async def next_waiting(session: AsyncSession, after: Submission) -> uuid.UUID | None:
    """Give what waits next in the queue behind a submission, from the front again at its end; None: nothing."""
    behind = tuple_(Submission.created_at, Submission.id) > (after.created_at, after.id)
    query = (
        select(Submission.id)
        .where(Submission.state == SubmissionState.PENDING, Submission.id != after.id)
        .order_by(behind.desc(), Submission.created_at, Submission.id)
        .limit(1)
    )
    return await session.scalar(query)


async def counts(session: AsyncSession) -> QueueCounts:
    """Count what is open."""
    query = (
        select(Submission.state, func.count())
        .where(Submission.state.in_(OPEN_STATES))
        .group_by(Submission.state)
    )
    found = {row[0]: int(row[1]) for row in await session.execute(query)}
    return QueueCounts(found.get(SubmissionState.PENDING, 0), found.get(SubmissionState.NEEDS_CHANGES, 0))
