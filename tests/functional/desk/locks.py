"""Two connections of which one waits for the other: seen on the server, so that no test races."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.config import Settings
from app.db import Database, session
from app.localdb import ClusterUrls
from tests.postgis import POOL_SIZE

#: Long enough for any machine; nothing is waited for as long as this unless the test fails.
PATIENCE_S = 60
OWN_PID = text("SELECT pg_backend_pid()")


Work = Callable[[AsyncSession], Awaitable[object]]


@pytest.fixture
async def database(database_urls: ClusterUrls) -> AsyncIterator[Database]:
    """Whoever waits for a lock here waits as long as it takes a busy machine to look."""
    opened = Database(database_urls.app, database_urls.reader, write_timeout_ms=PATIENCE_S * 1000)
    yield opened
    await opened.dispose()


async def until_it_waits(looking: AsyncConnection, holding: int, task: asyncio.Task[Any]) -> None:
    """Come back once something waits for a connection; at once where the task has ended without it."""
    async with asyncio.timeout(PATIENCE_S):
        while not await looking.scalar(_WAITS, {"holding": holding}):
            assert not task.done(), "it did not wait"
            # Who is connected is looked up once a transaction.
            await looking.rollback()
    await looking.rollback()


async def begin_and_wait(holder: AsyncSession, database: Database, work: Work) -> asyncio.Task[None]:
    """Begin something in a transaction of its own, which goes on when that of `holder` has ended."""

    async def run() -> None:
        async with session(database) as s:
            await work(s)

    holding = int((await holder.execute(OWN_PID)).scalar_one())
    task = asyncio.create_task(run())
    async with database.write.connect() as looking:
        await until_it_waits(looking, holding, task)
    return task


@pytest.fixture
async def crowded(database_urls: ClusterUrls) -> AsyncIterator[Database]:
    """Ways to the database for all who are at once, who wait for each other as long as it takes a busy machine."""
    opened = Database(
        database_urls.app,
        database_urls.reader,
        pool_size=POOL_SIZE,
        write_timeout_ms=PATIENCE_S * 1000,
    )
    yield opened
    await opened.dispose()


async def until_all_wait(
    looking: Database, tasks: Sequence[asyncio.Task[Any]], many: int | None = None
) -> None:
    """Come back once each of these, or so many of them, waits for a lock on a connection of its own; none has ended.

    `looking` is not what they wait with: they may have taken all that it can give.
    """
    async with asyncio.timeout(PATIENCE_S), looking.write.connect() as connection:
        while await connection.scalar(_WAIT) != (many or len(tasks)):
            assert not any(task.done() for task in tasks), "it did not wait"
            # Who is connected is looked up once a transaction.
            await connection.rollback()


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


_WAIT = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
_WAITS = text("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE :holding = ANY(pg_blocking_pids(pid)))")
