"""One decision on many rows of a file: only on what is sure, planned with its number, each in its own transaction, undone as one.

Each row is compared once more before it is decided about: what is no longer as sure as it was is left and told.
"""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.accounts.scopes import EVERYTHING, Scope
from app.db import Database
from app.db import session as transaction
from app.errors import Conflict, FieldProblem, InvalidInput, PomapaError
from app.features.layer import Layer
from app.features.setting import Setting
from app.i18n import N_
from app.imports.models import ImportBulk, ImportRow, ImportRun
from app.imports.staging.comparing import Kind, as_stated
from app.imports.staging.deciding import create, link
from app.imports.staging.deciding import update as change
from app.imports.staging.laying import differing
from app.imports.staging.linking import said_of
from app.imports.staging.looking import Desk, look_again, read_row
from app.imports.staging.staging import read_run
from app.imports.staging.undoing import NothingToUndo, undo
from app.moderation.actions.bulk import AlreadyBegun
from app.moderation.bulk import NoSuchBulk
from app.moderation.live import read_feature

#: What may be done with many, and what of.
ACTS: Final = {"create": Kind.CREATE, "update": Kind.UPDATE, "same": Kind.SAME}
#: What is less sure than the lowest of these is looked at by itself.
BARS: Final = (100, 95, 90)
#: So many at once: each is a publication of its own.
MOST: Final = 200


class NothingSure(InvalidInput):
    """No row is as sure as that. Look at them one by one."""


class LessSure(Conflict):
    """This is less sure than it was."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows are planned, were done, and were left; `more` says that others wait beyond the most at once."""

    planned: int
    done: int
    left: Mapping[str, int]
    more: int


async def plan(
    session: AsyncSession, run: ImportRun, act: str, bar: int, *, actor: Actor, within: Scope = EVERYTHING
) -> uuid.UUID:
    """Keep which rows are meant; nothing is decided yet. `within` is where they may decide, of a row `one`.

    `InvalidInput` for an act or a bar that there is not, `NothingSure`.
    """
    if act not in ACTS or bar not in BARS:
        raise InvalidInput(FieldProblem("act", "unknown", N_("Choose what is to be done.")))
    made = ImportBulk(id=uuid.uuid4(), run_id=run.id, user_id=actor.user_id, act=act, bar=bar)
    session.add(made)
    await session.flush()
    chosen = text(_PLAN.format(scope=within.sql))
    values = {"run": run.id, "kind": ACTS[act], "bar": bar, "most": MOST, "bulk": made.id}
    if not (await session.execute(chosen, within.values | values)).all():
        raise NothingSure
    return made.id


async def read_bulk(session: AsyncSession, bulk_id: uuid.UUID | None, *, lock: bool = False) -> ImportBulk:
    """Give a planned or finished decision; `NoSuchBulk`."""
    found = await session.get(ImportBulk, bulk_id, with_for_update=lock or None) if bulk_id else None
    if found is None:
        raise NoSuchBulk
    return found


async def outcome_of(session: AsyncSession, bulk: ImportBulk) -> Outcome:
    """Count what came of it."""
    rows = select(ImportRow.decision, ImportRow.left_because, func.count()).where(
        ImportRow.bulk_id == bulk.id
    )
    planned = done = 0
    left: dict[str, int] = {}
    for decision, because, number in await session.execute(
        rows.group_by(ImportRow.decision, ImportRow.left_because)
    ):
        planned += number
        if decision is not None:
            done += number
        elif because is not None:
            left[because] = left.get(because, 0) + number
    more = select(func.count()).where(
        ImportRow.run_id == bulk.run_id,
        ImportRow.kind == ACTS[bulk.act],
        ImportRow.likelihood >= bulk.bar,
        ImportRow.decision.is_(None),
        ImportRow.bulk_id.is_distinct_from(bulk.id),
    )
    return Outcome(planned, done, left, await session.scalar(more) or 0)


async def carry_out(
    database: Database,
    setting: Setting,
    layers: Mapping[str, Layer],
    bulk_id: uuid.UUID,
    *,
    actor: Actor,
    check: Callable[[AsyncSession, uuid.UUID], Awaitable[None]],
) -> None:
    """Decide about all that is planned. `check` looks at each place that came of it, and raises where that must not be.

    `NoSuchBulk`, also for one that somebody else has planned; `AlreadyBegun`. Interrupted, or taken back meanwhile, it leaves the rest undecided.
    """
    async with transaction(database) as session:
        bulk = await read_bulk(session, bulk_id, lock=True)
        if bulk.user_id != actor.user_id:
            raise NoSuchBulk
        if bulk.begun_at is not None:
            raise AlreadyBegun
        bulk.begun_at = setting.now
        act, bar = bulk.act, bulk.bar

    async def decide(desk: Desk, row: ImportRow) -> None:
        found = await look_again(desk, row)
        if row.kind != ACTS[act] or found.likelihood < bar:
            raise LessSure
        await _decide(desk, row)
        if row.feature_id is not None:
            await check(desk.session, row.feature_id)

    await _each(database, setting, layers, bulk_id, actor, decide, decided=False)


async def undo_bulk(
    database: Database,
    setting: Setting,
    layers: Mapping[str, Layer],
    bulk_id: uuid.UUID,
    *,
    actor: Actor,
    check: Callable[[AsyncSession, uuid.UUID], Awaitable[None]],
) -> None:
    """Take all of its decisions back; what somebody has changed since stays as it is and is told.

    `NoSuchBulk`; `NothingToUndo` the second time.
    """
    async with transaction(database) as session:
        bulk = await read_bulk(session, bulk_id, lock=True)
        if bulk.begun_at is None:
            raise NoSuchBulk
        if bulk.undone_at is not None:
            raise NothingToUndo
        bulk.undone_at = setting.now

    async def take_back(desk: Desk, row: ImportRow) -> None:
        feature_id = row.feature_id
        await undo(desk, row)
        if feature_id is not None:
            await check(desk.session, feature_id)

    await _each(database, setting, layers, bulk_id, actor, take_back, decided=True)


async def _decide(desk: Desk, row: ImportRow) -> None:
    if row.kind == Kind.CREATE:
        await create(desk, row)
        return
    if row.feature_id is None or row.revision is None:
        raise LessSure
    if row.kind == Kind.SAME:
        await link(desk, row, row.feature_id, row.revision)
        return
    live = await read_feature(desk.session, row.feature_id)
    last = await said_of(desk, row, row.feature_id)
    stated = as_stated(desk.layer, row.content) or {}
    wanted = desk.comparer.wanted(stated, live.content, last[0] if last else None)
    await change(desk, row, row.feature_id, row.revision, differing(live.content, wanted))


async def _each(
    database: Database,
    setting: Setting,
    layers: Mapping[str, Layer],
    bulk_id: uuid.UUID,
    actor: Actor,
    act: Callable[[Desk, ImportRow], Awaitable[None]],
    *,
    decided: bool,
) -> None:
    """Do something with each row in a transaction of its own; what stands in the way of one does not stop the others."""
    async with transaction(database) as session:
        bulk = await read_bulk(session, bulk_id)
        run_id = bulk.run_id
        query = select(ImportRow.id).where(
            ImportRow.bulk_id == bulk_id,
            ImportRow.decision.is_not(None) if decided else ImportRow.decision.is_(None),
        )
        ids = (await session.scalars(query.order_by(ImportRow.number))).all()
    for row_id in ids:
        try:
            async with transaction(database) as session:
                if not decided and await _is_undone(session, bulk_id):
                    return
                run = await read_run(session, run_id)
                row = await read_row(session, row_id, lock=True)
                if (row.decision is not None) != decided or row.bulk_id != bulk_id:
                    continue
                # What was planned first is decided first, and each has its own moment.
                now = replace(setting, now=dt.datetime.now(dt.UTC))
                await act(Desk(session, now, layers[run.layer], run, actor, bulk_id), row)
        except PomapaError as error:
            async with transaction(database) as session:
                because = {"left_because": type(error).__name__}
                await session.execute(update(ImportRow).where(ImportRow.id == row_id).values(because))


async def _is_undone(session: AsyncSession, bulk_id: uuid.UUID) -> bool:
    """Whether somebody has taken it back while it is still being carried out; who does so waits for what is going on."""
    query = select(ImportBulk.undone_at).where(ImportBulk.id == bulk_id).with_for_update(read=True)
    return await session.scalar(query) is not None


_PLAN = """
    WITH meant AS (
      SELECT one.id FROM core.import_row one
      WHERE one.run_id = :run AND one.class = :kind AND one.likelihood >= :bar AND one.decision IS NULL AND {scope}
      ORDER BY one.likelihood DESC, one.number LIMIT :most FOR UPDATE OF one
    )
    UPDATE core.import_row r SET bulk_id = :bulk, left_because = NULL FROM meant WHERE r.id = meant.id RETURNING r.id
"""
