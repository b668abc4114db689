"""Submissions as the actions work with them: read under a lock, moved by the table of states."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.accounts.scopes import EVERYTHING, Scope
from app.errors import Conflict, NotFound
from app.moderation.models import Submission, SubmissionNote
from app.moderation.states import OPEN_STATES, SubmissionState, check_move
from app.moderation.waiting import Asked, ids_of


class SubmissionNotFound(NotFound):
    """There is no such submission."""


class StaleSubmission(Conflict):
    """Somebody has changed this since you opened it. Look at the current state first."""


class NeedsAnother(Conflict):
    """You have asked for a second pair of eyes, so somebody else decides on this."""


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


def move(
    session: AsyncSession,
    submission: Submission,
    wanted: SubmissionState,
    actor: Actor,
    *,
    is_second: bool = False,
    **detail: str,
) -> None:
    """Move a locked submission into another state and say so in the audit log, with `detail` beside it.

    `SubmissionAlreadyDecided`; `NeedsAnother` when whoever decides has asked for somebody else to do so,
    unless somebody else has said yes before (`is_second`).
    """
    check_move(submission.state, wanted)
    asked_by = submission.second_asked_by
    if asked_by is not None and asked_by == actor.user_id and wanted not in OPEN_STATES and not is_second:
        raise NeedsAnother
    record(
        session,
        actor,
        f"submission.{wanted.value}",
        "submission",
        submission.id,
        was=submission.state,
        **detail,
    )
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
    session: AsyncSession, asked: Asked | None = None, *, limit: int = 50
) -> Sequence[Submission]:
    """Give the first of what waits for a decision, in the order of the queue; see `app.moderation.waiting`."""
    ids = [key for key, _ in await ids_of(session, asked or Asked(None), most=limit)]
    found = {one.id: one for one in await session.scalars(select(Submission).where(Submission.id.in_(ids)))}
    return [found[key] for key in ids]


async def counts(session: AsyncSession, within: Scope = EVERYTHING) -> QueueCounts:
    """Count what is open; `within` is a condition on `core.submission`."""
    query = (
        select(Submission.state, func.count())
        .where(Submission.state.in_(OPEN_STATES), within.clause)
        .group_by(Submission.state)
    )
    found = {row[0]: int(row[1]) for row in await session.execute(query)}
    return QueueCounts(found.get(SubmissionState.PENDING, 0), found.get(SubmissionState.NEEDS_CHANGES, 0))
