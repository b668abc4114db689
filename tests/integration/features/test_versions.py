import asyncio
import contextlib
from collections.abc import AsyncIterator

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import Database, session
from app.features.versions import KnownVersions, advance, read_versions, tag_of


async def test_many_requests_at_once_ask_once(db: Database) -> None:
    async with session(db) as s:
        await advance(s, "spots")
    asked = 0

    class Counting(Database):
        def reading(self) -> object:  # type: ignore[override]
            nonlocal asked
            asked += 1
            return super().reading()

    counting = Counting(db.write.url, db.read.url)
    try:
        known = KnownVersions()
        answers = await asyncio.gather(*(known.current(counting) for _ in range(20)))
    finally:
        await counting.dispose()
    assert asked == 1
    assert all(answer["spots"].number == 1 for answer in answers)


async def test_a_change_is_known_within_a_second(db: Database) -> None:
    known = KnownVersions()
    assert await known.current(db) == {}
    async with session(db) as s:
        await advance(s, "spots")
    await asyncio.sleep(0.5)
    assert (await known.current(db))["spots"].number == 1


async def test_a_number_that_comes_again_after_a_restored_backup_is_another_version(db: Database) -> None:
    marks = set()
    for _ in range(2):
        async with session(db) as s:
            await s.execute(text("DELETE FROM published.layer_version"))
            assert await advance(s, "spots") == 1
        async with db.reading() as reader:
            marks.add(tag_of(await read_versions(reader), ["spots"]))
    assert len(marks) == 2


async def test_those_who_wait_while_the_database_is_away_wait_together(db: Database) -> None:
    asked = 0

    class Away(Database):
        @contextlib.asynccontextmanager
        async def reading(self) -> AsyncIterator[AsyncConnection]:
            nonlocal asked
            asked += 1
            await asyncio.sleep(0)
            raise ConnectionError
            yield

    away = Away(db.write.url, db.read.url)
    try:
        known = KnownVersions()
        told = await asyncio.gather(*(known.current(away) for _ in range(20)), return_exceptions=True)
    finally:
        await away.dispose()
    assert [type(error) for error in told] == [ConnectionError] * 20
    assert asked == 1
    # The next one asks anew.
    assert await known.current(db) == {}
