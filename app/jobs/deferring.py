"""Defers a task in the caller's transaction: the queue is the outbox, nothing is sent that was not committed."""

import datetime as dt
import json
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

QUEUE = "default"

# The functions in `jobs` carry their own search_path (see `schema.py`), so the session's stays as it is.
DEFER = text(
    """
    SELECT jobs.procrastinate_defer_jobs_v1(ARRAY[
      ROW(:queue, :task, :priority, CAST(:lock AS text), CAST(:once AS text), CAST(:args AS jsonb),
          CAST(:at AS timestamptz))::jobs.procrastinate_job_to_defer_v1
    ])
    """
)


async def defer(
    session: AsyncSession,
    name: str,
    /,
    *,
    at: dt.datetime | None = None,
    lock: str | None = None,
    once: str | None = None,
    priority: int = 0,
    **args: Any,
) -> None:
    """Have the task `name` run with `args` after this transaction is committed.

    `args` are JSON and hold ids, never personal data: failed jobs stay in the table for a while. Jobs
    with the same `lock` run one after another. While a job with the same `once` waits, another one is
    not added. Higher `priority` goes first.
    """
    values = {
        "queue": QUEUE, "task": name, "priority": priority, "lock": lock, "once": once,
        "args": json.dumps(args), "at": at,
    }  # fmt: skip
    if once is None:
        await session.execute(DEFER, values)
        return
    try:
        async with session.begin_nested():
            await session.execute(DEFER, values)
    except IntegrityError as error:
        if "queueing_lock" not in str(error.orig):
            raise
