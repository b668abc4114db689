"""Files and rows as the desk lists them: the newest files, the likeliest rows, how many of each kind."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.accounts.scopes import Scope
from app.imports.models import ImportRow, ImportRun
from app.imports.staging.comparing import OPEN_KINDS

#: So many stand on one page.
PAGE: Final = 25
#: Of a file in the list it is told how many of its rows wait, or that they are more than this.
COUNTED: Final = 100
DECIDED: Final = "decided"


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A file with who uploaded it and how many of its rows wait; `COUNTED` and one where they are more."""

    run: ImportRun
    by: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Rows:
    """Whose rows somebody is shown: those that lie within, and of their own files what cannot be taken."""

    run: ImportRun
    within: Scope
    user_id: uuid.UUID

    def query(self, query: Any) -> Any:
        """Give a query with the condition."""
        query = query.where(ImportRow.run_id == self.run.id)
        if self.within.is_everything:
            return query
        inside = text(self.within.sql).bindparams(**self.within.values)
        if self.run.created_by == self.user_id:
            return query.where(or_(inside, ImportRow.content.is_(None)))
        return query.where(inside)


async def latest_runs(
    session: AsyncSession, within: Scope, rows_within: Scope, limit: int
) -> Sequence[ListedRun]:
    """Give the newest files of a scope; `rows_within` counts only the rows of theirs."""
    waiting = (
        select(ImportRow.number)
        .where(ImportRow.run_id == ImportRun.id, ImportRow.decision.is_(None), ImportRow.kind.in_(OPEN_KINDS))
        .where(text(rows_within.sql).bindparams(**rows_within.values))
        .limit(COUNTED + 1)
        .correlate(ImportRun)
        .subquery()
    )
    counted = select(func.count()).select_from(waiting).scalar_subquery()
    query = (
        select(ImportRun, User, counted)
        .outerjoin(User, User.id == ImportRun.created_by)
        .where(text(within.sql).bindparams(**within.values))
        .order_by(ImportRun.created_at.desc(), ImportRun.id)
    )
    found = await session.execute(query.limit(limit))
    return [ListedRun(run, user.known_as if user else "", number) for run, user, number in found]


async def counts(session: AsyncSession, shown: Rows) -> Mapping[str, int]:
    """Give how many rows of each kind wait, and how many are decided about."""
    query = shown.query(select(ImportRow.kind, ImportRow.decision.is_(None), func.count()))
    found: dict[str, int] = {}
    for kind, waits, number in await session.execute(
        query.group_by(ImportRow.kind, ImportRow.decision.is_(None))
    ):
        key = kind if waits else DECIDED
        found[key] = found.get(key, 0) + number
    return found


async def sure(session: AsyncSession, shown: Rows, bar: int) -> Mapping[str, int]:
    """Give how many rows that wait are at least as sure as the bar, by their kind."""
    query = shown.query(select(ImportRow.kind, func.count())).where(
        ImportRow.decision.is_(None), ImportRow.likelihood >= bar
    )
    return {row[0]: row[1] for row in await session.execute(query.group_by(ImportRow.kind))}


async def page_of_rows(
    session: AsyncSession, shown: Rows, kind: str, offset: int, limit: int = PAGE
) -> Sequence[ImportRow]:
    """Give rows that wait of one kind, or `DECIDED`, the likeliest first; what was decided last comes first."""
    query: Select[Any] = shown.query(select(ImportRow))
    if kind == DECIDED:
        query = query.where(ImportRow.decision.is_not(None)).order_by(
            ImportRow.decided_at.desc(), ImportRow.number
        )
    else:
        query = query.where(ImportRow.decision.is_(None), ImportRow.kind == kind)
        query = query.order_by(ImportRow.likelihood.desc(), ImportRow.number)
    return (await session.scalars(query.limit(limit).offset(offset))).all()


async def next_row(session: AsyncSession, shown: Rows, kind: str) -> uuid.UUID | None:
    """Give the likeliest row of a kind that waits."""
    found = await page_of_rows(session, shown, kind, 0, 1)
    return found[0].id if found else None
