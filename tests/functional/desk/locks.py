"""Two connections of which one waits for the other: seen on the server, so that no test races."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.config import Settings
from app.db import Database

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


@contextlib.asynccontextmanager
async def patient(site: FastAPI, settings: Settings) -> AsyncIterator[None]:
    """Let whoever waits for a lock on this site wait as long as it takes a busy machine to look."""
    before = site.state.database
    site.state.database = Database.of(
        settings.model_copy(update={"write_statement_timeout_ms": PATIENCE_S * 1000})
    )
    try:
        yield
    finally:
        await site.state.database.dispose()
        site.state.database = before


_WAITS = text("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE :holding = ANY(pg_blocking_pids(pid)))")
