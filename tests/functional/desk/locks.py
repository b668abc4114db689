"""Two connections of which one waits for the other: seen on the server, so that no test races."""

import asyncio
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

#: Long enough for any machine; nothing is waited for as long as this unless the test fails.
PATIENCE_S = 60
OWN_PID = text("SELECT pg_backend_pid()")


async def until_it_waits(looking: AsyncConnection, holding: int, task: asyncio.Task[Any]) -> None:
    """Come back once something waits for a connection; at once where the task has ended without it."""
    async with asyncio.timeout(PATIENCE_S):
        while not await looking.scalar(_WAITS, {"holding": holding}):
            assert not task.done(), "it did not wait"
            # Who is connected is looked up once a transaction.
            await looking.rollback()
    await looking.rollback()


_WAITS = text("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE :holding = ANY(pg_blocking_pids(pid)))")
