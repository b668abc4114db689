"""Bulk: what is planned for many submissions carried out in bounded transactions, and undone as one.

What has changed since it was planned, or cannot be published, is left as it is and told; the others go on.
"""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record_each
from app.accounts.scopes import EVERYTHING, Scope
from app.db import Database
from app.db import session as transaction
from app.errors import Conflict, InvalidInput, PomapaError
from app.features.layer import Layer
from app.features.places_in_text import places_in
from app.features.setting import Setting
from app.jobs import defer
from app.moderation.actions.approve import approve
from app.moderation.actions.reject import check_reason
from app.moderation.actions.undo import TooLateToUndo, undo
from app.moderation.bulk import ACTS, NoSuchBulk, read_bulk
from app.moderation.models import Submission
from app.moderation.queue_models import Bulk, BulkItem
from app.moderation.said_beside import problem_of_place
from app.moderation.states import MOVES

#: Submissions of one transaction where nothing is published.
BATCH: Final = 500


class AlreadyBegun(Conflict):
    """This has been carried out already."""


async def carry_out(
    database: Database,
    setting: Setting,
    layers: Mapping[str, Layer],
    bulk_id: uuid.UUID,
    *,
    actor: Actor,
    within: Scope = EVERYTHING,
    reason: str = "",
    note: str = "",
) -> None:
    """Decide on all that is planned, in transactions of its own. Each decision is in the audit log by itself.

    `NoSuchBulk`, also for one that somebody else has planned; `AlreadyBegun`; `InvalidInput` without a good reason to
    turn down. Interrupted, it leaves the rest undecided and says so.
    """
    async with transaction(database) as session:
        bulk = await read_bulk(session, bulk_id, within, lock=True)
        _begin(bulk, actor, reason, note, setting.now)
        if places_in(note) and await session.scalar(_ANY_PROTECTED, {"bulk": bulk_id}):
            raise InvalidInput(problem_of_place("note"))
    act = bulk.act
    if act == "approve":

        async def publish_one(session: AsyncSession, item: BulkItem) -> None:
            layer = await session.scalar(select(Submission.layer).where(Submission.id == item.submission_id))
            await approve(
                session, setting, layers[str(layer)], item.submission_id, version=item.version, actor=actor
            )

        await _each(database, bulk_id, None, "done", publish_one)
        return
    values = {
        "state": ACTS[act],
        "now": setting.now,
        "by": actor.user_id,
        "reason": bulk.reason,
        "note": bulk.note,
    }
    open_states = [str(state) for state, wanted in MOVES.items() if ACTS[act] in wanted]
    while True:
        async with transaction(database) as session:
            if await _is_undone(session, bulk_id):
                return
            rows = (
                await session.execute(
                    _DECIDE, values | {"bulk": bulk_id, "batch": BATCH, "open": open_states}
                )
            ).all()
            if not rows:
                return
            moved = [row for row in rows if row.was]
            entries = [(str(row.id), {"was": row.was, "bulk": str(bulk_id)}) for row in moved]
            await record_each(session, actor, f"submission.{ACTS[act]}", "submission", entries)
            if act == "reject":
                for row in moved:
                    if row.mailed:
                        await defer(session, "notifications.decision", submission_id=str(row.id))


async def undo_bulk(
    database: Database,
    setting: Setting,
    layers: Mapping[str, Layer],
    bulk_id: uuid.UUID,
    *,
    actor: Actor,
    window: dt.timedelta,
    check: Callable[[AsyncSession, uuid.UUID], Awaitable[None]],
    within: Scope = EVERYTHING,
) -> None:
    """Take all of its decisions back, as `undo` does each; what has changed since stays as it is and is told.

    `check` looks at each feature that is as it was before, and raises where that must not be. `NoSuchBulk`, `TooLateToUndo`.
    """
    async with transaction(database) as session:
        bulk = await read_bulk(session, bulk_id, within, lock=True)
        if bulk.begun_at is None:
            raise NoSuchBulk
        if setting.now - bulk.begun_at > window:
            raise TooLateToUndo
        bulk.undone_at = setting.now
        act = bulk.act
    if act == "approve":

        async def undo_one(session: AsyncSession, item: BulkItem) -> None:
            # The decision was one version; what is another one by now is not this decision any more.
            version = item.version + 1
            # Many take their time, and mails go out meanwhile: of what somebody has been told nothing is taken back.
            now = replace(setting, now=dt.datetime.now(dt.UTC))
            patience = window + _grace(window)
            done = await undo(
                session, now, layers, item.submission_id, version=version, actor=actor, within=patience
            )
            if done.feature_id is not None:
                await check(session, done.feature_id)

        await _each(database, bulk_id, "done", "undone", undo_one)
        return
    while True:
        async with transaction(database) as session:
            values = {
                "bulk": bulk_id,
                "batch": BATCH,
                "state": ACTS[act],
                "patience": window + _grace(window),
            }
            rows = (await session.execute(_UNDO, values)).all()
            if not rows:
                return
            entries = [(str(row.id), {"was": ACTS[act], "bulk": str(bulk_id)}) for row in rows if row.undone]
            await record_each(session, actor, "submission.undone", "submission", entries)


def _grace(window: dt.timedelta) -> dt.timedelta:
    """For how long after its time an undo that was begun in time goes on; mails wait half a minute longer."""
    return min(window, dt.timedelta(seconds=20))


def _begin(bulk: Bulk, actor: Actor, reason: str, note: str, now: dt.datetime) -> None:
    if bulk.user_id != actor.user_id:
        raise NoSuchBulk
    if bulk.begun_at is not None:
        raise AlreadyBegun
    if bulk.act == "reject":
        check_reason(reason, note)
        bulk.reason, bulk.note = reason, note or None
    bulk.begun_at = now


async def _each(
    database: Database,
    bulk_id: uuid.UUID,
    before: str | None,
    after: str,
    act: Callable[[AsyncSession, BulkItem], Awaitable[None]],
) -> None:
    """Do something with each submission in a transaction of its own, and note what came of it."""
    async with transaction(database) as session:
        query = select(BulkItem).where(
            BulkItem.bulk_id == bulk_id, BulkItem.outcome.is_not_distinct_from(before)
        )
        items = (await session.scalars(query.order_by(BulkItem.submission_id))).all()
    for item in items:
        try:
            async with transaction(database) as session:
                if before is None and await _is_undone(session, bulk_id):
                    return
                await act(session, item)
                await _note(session, item, after)
        except PomapaError as error:
            async with transaction(database) as session:
                await _note(session, item, type(error).__name__)


async def _is_undone(session: AsyncSession, bulk_id: uuid.UUID) -> bool:
    """Whether somebody has undone it while it is still being carried out; an undo waits for what is going on."""
    query = select(Bulk.undone_at).where(Bulk.id == bulk_id).with_for_update(read=True)
    return await session.scalar(query) is not None


async def _note(session: AsyncSession, item: BulkItem, outcome: str) -> None:
    await session.execute(
        update(BulkItem)
        .where(BulkItem.bulk_id == item.bulk_id, BulkItem.submission_id == item.submission_id)
        .values(outcome=outcome)
    )


# Proposed, or on the map by now; what is opened up by two is decided by itself.
_ANY_PROTECTED = text(
    """
    SELECT true FROM core.bulk_item i JOIN core.submission s ON s.id = i.submission_id
      LEFT JOIN core.feature f ON f.id = s.feature_id
    WHERE i.bulk_id = :bulk AND (coalesce(s.content #>> '{place,disclosure}', 'exact') <> 'exact'
      OR coalesce(f.content #>> '{place,disclosure}', 'exact') <> 'exact')
    LIMIT 1
    """
)
# The rows are locked by their ids, as every decision on several does it; what is no more as it was planned is passed over.
_DECIDE = text(
    """
    WITH batch AS (
      SELECT submission_id, version FROM core.bulk_item
      WHERE bulk_id = :bulk AND outcome IS NULL ORDER BY submission_id LIMIT :batch
    ),
    held AS (
      SELECT s.id, s.state AS was,
        CASE WHEN b.version <> s.version OR s.state <> ALL(CAST(:open AS text[])) THEN 'StaleSubmission'
             WHEN s.second_asked_by = :by THEN 'NeedsAnother' ELSE 'done' END AS outcome
      FROM core.submission s JOIN batch b ON b.submission_id = s.id
      ORDER BY s.id FOR UPDATE OF s
    ),
    moved AS (
      UPDATE core.submission s SET
        state = :state, version = s.version + 1, decided_at = :now, decided_by = :by,
        decision_reason = :reason, decision_note = :note
      FROM held h WHERE s.id = h.id AND h.outcome = 'done'
      RETURNING s.id, h.was, s.contact_email IS NOT NULL AS mailed
    ),
    noted AS (
      UPDATE core.bulk_item i SET outcome = coalesce(h.outcome, 'StaleSubmission')
      FROM batch b LEFT JOIN held h ON h.id = b.submission_id
      WHERE i.bulk_id = :bulk AND i.submission_id = b.submission_id
      RETURNING i.submission_id
    )
    SELECT n.submission_id AS id, m.was, m.mailed
    FROM noted n LEFT JOIN moved m ON m.id = n.submission_id ORDER BY n.submission_id
    """
)
_UNDO = text(
    """
    WITH batch AS (
      SELECT submission_id, version FROM core.bulk_item
      WHERE bulk_id = :bulk AND outcome = 'done' ORDER BY submission_id LIMIT :batch
    ),
    held AS (
      SELECT s.id, s.version = b.version + 1 AND s.state = :state
        AND s.decided_at > clock_timestamp() - CAST(:patience AS interval) AND NOT EXISTS (
        SELECT FROM core.submission o
        WHERE o.source = s.source AND o.source_id = s.source_id AND o.id <> s.id
          AND o.state IN ('pending', 'needs_changes')
      ) AS right
      FROM core.submission s JOIN batch b ON b.submission_id = s.id
      ORDER BY s.id FOR UPDATE OF s
    ),
    moved AS (
      UPDATE core.submission s SET
        state = 'pending', version = s.version + 1, decided_at = NULL, decided_by = NULL,
        decision_reason = NULL, decision_note = NULL
      FROM held h WHERE s.id = h.id AND h.right
      RETURNING s.id
    ),
    noted AS (
      UPDATE core.bulk_item i SET outcome = CASE WHEN m.id IS NULL THEN 'StaleSubmission' ELSE 'undone' END
      FROM batch b LEFT JOIN moved m ON m.id = b.submission_id
      WHERE i.bulk_id = :bulk AND i.submission_id = b.submission_id
      RETURNING i.submission_id
    )
    SELECT n.submission_id AS id, m.id IS NOT NULL AS undone
    FROM noted n LEFT JOIN moved m ON m.id = n.submission_id ORDER BY n.submission_id
    """
)
