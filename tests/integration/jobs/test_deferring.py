import asyncio
import datetime as dt
from typing import Any

from sqlalchemy import text

from app.config import Settings
from app.db import Database, session
from app.jobs import Retry, Work, defer
from app.jobs.registry import Task
from app.jobs.worker import run_waiting, run_worker


class Seen:
    """Tasks that note what they were given."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.event = asyncio.Event()
        self.failures = 0

    async def note(self, _work: Work, *, number: int) -> None:
        self.numbers.append(number)
        self.event.set()

    async def fail(self, _work: Work) -> None:
        self.failures += 1
        raise RuntimeError

    @property
    def tasks(self) -> dict[str, Task]:
        return {
            "test.note": Task("test.note", self.note, Retry(0), None),
            "test.fail": Task("test.fail", self.fail, Retry(times=2, first_s=0), None),
        }


def url(db: Database) -> str:
    return db.app_url.render_as_string(hide_password=False)


async def jobs(db: Database) -> list[Any]:
    async with session(db) as s:
        return list(
            (await s.execute(text("SELECT task_name, status, attempts FROM jobs.procrastinate_jobs"))).all()
        )


async def work_off(db: Database, seen: Seen) -> None:
    await run_waiting(Work(Settings(), db), direct_url=url(db), known=seen.tasks)


async def test_a_job_stands_or_falls_with_its_transaction(db: Database) -> None:
    seen = Seen()
    async with session(db) as s:
        await defer(s, "test.note", number=1)
    async with session(db) as s:
        await defer(s, "test.note", number=2)
        await s.rollback()
    await work_off(db, seen)
    assert seen.numbers == [1]
    assert await jobs(db) == []


async def test_the_sessions_search_path_stays_as_it_is(db: Database) -> None:
    async with session(db) as s:
        await defer(s, "test.note", number=1)
        assert (await s.execute(text("SHOW search_path"))).scalar_one() == "public"


async def test_one_that_waits_already_is_enough(db: Database) -> None:
    seen = Seen()
    async with session(db) as s:
        await defer(s, "test.note", once="note", number=1)
        await defer(s, "test.note", once="note", number=2)
        await defer(s, "test.note", number=3)
    await work_off(db, seen)
    assert sorted(seen.numbers) == [1, 3]


async def test_urgent_jobs_go_first_and_later_ones_wait(db: Database) -> None:
    async with session(db) as s:
        await defer(s, "test.note", at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1), number=9)
        for number in (1, 2):
            await defer(s, "test.note", lock="one by one", number=number)
        await defer(s, "test.note", lock="one by one", priority=10, number=3)
    seen = Seen()
    await work_off(db, seen)
    assert seen.numbers == [3, 1, 2]
    assert [row.status for row in await jobs(db)] == ["todo"]


async def test_what_the_clock_starts_does_not_wait(db: Database) -> None:
    """Whatever the time of day: what was due a moment ago is no job that somebody has deferred."""
    seen = Seen()

    async def due(_work: Work) -> None:
        seen.numbers.append(0)

    known = {**seen.tasks, "test.due": Task("test.due", due, Retry(0), "* * * * *")}
    async with session(db) as s:
        await defer(s, "test.note", number=1)
    await run_waiting(Work(Settings(), db), direct_url=url(db), known=known)
    assert seen.numbers == [1]
    assert await jobs(db) == []


async def test_a_failing_task_is_tried_again_and_then_kept(db: Database) -> None:
    seen = Seen()
    async with session(db) as s:
        await defer(s, "test.fail")
    for _ in range(5):
        await work_off(db, seen)
    assert seen.failures == 3
    assert [(row.status, row.attempts) for row in await jobs(db)] == [("failed", 3)]


async def test_a_worker_hears_of_jobs_at_once_and_stops_when_told(db: Database) -> None:
    seen, stop = Seen(), asyncio.Event()
    running = asyncio.create_task(
        run_worker(Work(Settings(), db), stop, direct_url=url(db), known=seen.tasks)
    )
    await asyncio.sleep(0.5)
    async with session(db) as s:
        await defer(s, "test.note", number=5)
    async with asyncio.timeout(3):
        await seen.event.wait()
    stop.set()
    async with asyncio.timeout(5):
        await running
    assert seen.numbers == [5]


async def test_the_public_reader_knows_nothing_of_jobs(db: Database) -> None:
    async with db.reading() as reader:
        allowed = await reader.execute(text("SELECT has_schema_privilege('jobs', 'USAGE')"))
        assert allowed.scalar_one() is False
