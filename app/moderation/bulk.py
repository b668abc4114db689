"""One decision on many submissions: planned with their versions, read again, and what came of it.

What is planned is what is decided: who confirms a number decides on exactly so many as they were then.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.accounts.scopes import EVERYTHING, Scope
from app.errors import FieldProblem, InvalidInput, NotFound, PomapaError
from app.features.models import Feature
from app.i18n import N_
from app.moderation.agreements import NeedsTwo, OwnSubmission, concerns_protected, is_own
from app.moderation.models import Submission
from app.moderation.queue_models import Bulk, BulkItem
from app.moderation.states import SubmissionState
from app.moderation.trusts import ORGANISATIONS
from app.taxonomy.vocabulary import Vocabulary

ACTS: Final = {
    "approve": SubmissionState.APPROVED,
    "reject": SubmissionState.REJECTED,
    "spam": SubmissionState.SPAM,
}
#: So many of them at once. Each publication is a transaction of its own.
MOST: Final = {"approve": 200, "reject": 20_000, "spam": 20_000}


class NothingChosen(InvalidInput):
    """Tick at least one submission first."""


class TooMany(InvalidInput):
    """These are too many at once. Choose fewer."""


class NoSuchBulk(NotFound):
    """There is no such decision, or it was too long ago."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many are planned, and what came of how many; `others` counts by what stood in the way."""

    planned: int
    done: int
    undone: int
    untried: int
    others: Mapping[str, int]


async def plan(
    session: AsyncSession,
    act: str,
    chosen: Sequence[tuple[uuid.UUID, int]],
    query: str,
    actor: Actor,
    within: Scope = EVERYTHING,
    *,
    vocabulary: Vocabulary,
) -> uuid.UUID:
    """Keep what is to be decided, with the versions that were looked at; nothing is decided yet.

    `within` is where they may decide, of a submission `s`: what lies elsewhere is not there for them. What is not published by
    one press of one person, protected help and what they have sent themselves, is left out at once, and told with its name.
    `InvalidInput` for an act that there is not, `NothingChosen`, `TooMany`.
    """
    if act not in ACTS:
        raise InvalidInput(FieldProblem("act", "unknown", N_("Choose what is to be done.")))
    if not chosen:
        raise NothingChosen
    if len(chosen) > MOST[act]:
        raise TooMany
    made = Bulk(id=uuid.uuid4(), user_id=actor.user_id, act=act, query=query)
    session.add(made)
    await session.flush()
    ids, versions = [str(key) for key, _ in chosen], [version for _, version in chosen]
    planned = text(f"{_PLAN} AND {within.sql} RETURNING submission_id")
    rows = await session.execute(planned, within.values | {"bulk": made.id, "ids": ids, "versions": versions})
    if not rows.all():
        raise NothingChosen
    if act == "approve":
        await _leave_out(session, vocabulary, made.id, actor)
    return made.id


async def read_bulk(
    session: AsyncSession, bulk_id: uuid.UUID, within: Scope = EVERYTHING, *, lock: bool = False
) -> Bulk:
    """Give a planned or finished decision; `NoSuchBulk`, also where a part of it lies where they may not decide."""
    found = await session.get(Bulk, bulk_id, with_for_update=lock or None)
    if found is None:
        raise NoSuchBulk
    if not within.is_everything:
        outside = text(f"{_OUTSIDE} AND NOT coalesce({within.sql}, false) LIMIT 1")
        if await session.scalar(outside, within.values | {"bulk": bulk_id}):
            raise NoSuchBulk
    return found


async def outcome_of(session: AsyncSession, bulk_id: uuid.UUID) -> Outcome:
    """Count what came of it."""
    query = select(BulkItem.outcome, func.count()).where(BulkItem.bulk_id == bulk_id)
    counts: dict[str | None, int] = {
        row[0]: row[1] for row in await session.execute(query.group_by(BulkItem.outcome))
    }
    known = {"done", "undone", None}
    return Outcome(
        sum(counts.values()),
        counts.get("done", 0),
        counts.get("undone", 0),
        counts.get(None, 0),
        {str(key): n for key, n in counts.items() if key not in known},
    )


async def _leave_out(session: AsyncSession, vocabulary: Vocabulary, bulk_id: uuid.UUID, actor: Actor) -> None:
    query = (
        select(Submission, Feature.content)
        .join(BulkItem, BulkItem.submission_id == Submission.id)
        .outerjoin(Feature, Feature.id == Submission.feature_id)
        .where(BulkItem.bulk_id == bulk_id)
    )
    for submission, live in (await session.execute(query)).all():
        why: type[PomapaError] | None = None
        behind = (
            [submission.feature_id] if submission.layer == ORGANISATIONS and submission.feature_id else []
        )
        if await concerns_protected(session, vocabulary, behind, submission.content, live or {}):
            why = NeedsTwo
        elif await is_own(session, submission, actor.user_id):
            why = OwnSubmission
        if why is not None:
            values = {"bulk": bulk_id, "id": submission.id, "why": why.__name__}
            await session.execute(_LEAVE_OUT, values)


_PLAN = """
    INSERT INTO core.bulk_item (bulk_id, submission_id, version)
    SELECT :bulk, s.id, given.version
    FROM unnest(CAST(:ids AS uuid[]), CAST(:versions AS integer[])) AS given (id, version)
    JOIN core.submission s ON s.id = given.id WHERE true
"""
_LEAVE_OUT = text("UPDATE core.bulk_item SET outcome = :why WHERE bulk_id = :bulk AND submission_id = :id")
_OUTSIDE = """
    SELECT 1 FROM core.bulk_item i JOIN core.submission s ON s.id = i.submission_id WHERE i.bulk_id = :bulk
"""
