"""A database that stands still: whoever asks it is told so in time, and is answered again when it goes on."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Database, Question, may_take, session
from app.db.patience import WAY_S
from app.db.reader import PublicReader
from app.localdb import LocalCluster
from app.web.problems import problem_of
from tests.frozen import frozen

ONE = Question("SELECT CAST(:n AS integer)", {"n": 1})


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's user can reach, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="pomapa-frozen-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def ways(db: Database) -> list[Callable[[], Awaitable[object]]]:
    """All ways in which anything is read of what is public, and the one in which anything is written."""

    async def in_a_transaction() -> object:
        async with session(db) as writer:
            return await writer.scalar(text("SELECT 1"))

    async def on_a_connection() -> object:
        async with db.reading() as reader:
            return await reader.scalar(text("SELECT 1"))

    return [
        lambda: db.answer(ONE.sql, ONE.values),
        lambda: db.answers(ONE, ONE),
        lambda: PublicReader(db.read).scalar(text("SELECT 1")),
        on_a_connection,
        in_a_transaction,
    ]


async def test_a_server_that_stands_still_is_not_waited_for(folder: Path) -> None:
    with LocalCluster(folder) as cluster:
        db = Database(
            cluster.urls.app, cluster.urls.reader, pool_size=2, read_timeout_ms=100, write_timeout_ms=100
        )
        try:
            # So many connections that none has to be made of a server that stands still: that has a time of its own.
            async with db.reading(), db.reading(), db.reading():
                pass
            told = [await ask() for ask in ways(db)]
            assert told == [1, [1, 1], 1, 1, 1]
            with frozen(folder):
                async with asyncio.timeout(30):
                    ended = await asyncio.gather(*(ask() for ask in ways(db)), return_exceptions=True)
            for end in ended:
                assert isinstance(end, Exception), end
                assert problem_of(end).status == 503, repr(end)
            # What is in the middle of a transaction is no longer waited for than what begins.
            async with AsyncSession(db.write) as writer:
                await writer.execute(text("SELECT 1"))
                with frozen(folder):
                    async with asyncio.timeout(30):
                        with pytest.raises(DBAPIError) as cut:
                            await writer.execute(text("SELECT 1"))
            assert problem_of(cut.value).status == 503
            # None of the connections on which an answer was still to come is given to anybody.
            assert [await ask() for ask in ways(db) * 3] == told * 3
            # Whoever is allowed longer is waited for longer, to the end of the transaction.
            async with session(db) as writer:
                await may_take(writer, 60)
                await writer.execute(text("SELECT pg_sleep(0.2 + :way)"), {"way": WAY_S})
            async with AsyncSession(db.write) as writer:
                with pytest.raises(DBAPIError):
                    await writer.execute(text("SELECT pg_sleep(60)"))
        finally:
            await db.dispose()
