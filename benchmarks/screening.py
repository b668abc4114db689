"""What screening adds to a submission, in a register of many places while many submissions wait.

`python -m benchmarks.screening --places 100000 --waiting 10000` fills a database of its own and takes submissions in,
in turns with and without screening. CPU is that of this process and of the one process of PostgreSQL that serves it; the
least of several turns counts.
"""

import argparse
import asyncio
import datetime as dt
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM
from app.db import Database, session
from app.features.content import Content
from app.features.setting import Setting
from app.layers.registry import layer
from app.localdb import ClusterUrls, LocalCluster
from app.localdb.schema import migrate
from app.moderation.actions.submit import Proposal, submit, submit_imports
from app.moderation.models import Submission
from app.moderation.screening.imported import screen_imported
from app.moderation.screening.screen import TASK, screen
from app.taxonomy.vocabulary import load_vocabulary
from benchmarks.contents import items
from benchmarks.cpu import cpu_s
from benchmarks.loading import fill
from benchmarks.population import Population

TURNS = 6
EACH = 40
BATCH = 500
_MAIL = "somebody@example.org"


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU milliseconds a piece of work: of this process, and of PostgreSQL."""

    own_ms: float
    postgres_ms: float

    @property
    def total_ms(self) -> float:
        """Both."""
        return self.own_ms + self.postgres_ms


class Clock:
    """Counts the CPU of one connection's work."""

    def __init__(self, pid: int, pieces: int) -> None:
        """Begin."""
        self._pid, self._pieces = pid, pieces
        self._own, self._postgres = time.process_time(), cpu_s(pid)

    def stop(self) -> Spent:
        """Give what a piece has cost since."""
        own, postgres = time.process_time() - self._own, cpu_s(self._pid) - self._postgres
        return Spent(own * 1000 / self._pieces, postgres * 1000 / self._pieces)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=100_000)
    parser.add_argument("--waiting", type=int, default=10_000)
    given = parser.parse_args()
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    with tempfile.TemporaryDirectory(prefix="pomapa-bench-") as temporary:
        # The server's own user has to come in.
        Path(temporary).chmod(0o755)
        with LocalCluster(Path(temporary), report=_say) as cluster:
            migrate(cluster.urls.owner)
            asyncio.run(fill(cluster.urls, given.places, setting))
            asyncio.run(_measure(cluster.urls, setting, given.waiting))


async def _measure(urls: ClusterUrls, setting: Setting, waiting: int) -> None:
    db = Database(urls.app, urls.reader, write_timeout_ms=600_000, pool_size=1)
    contents = (item.content for item in items(Population(31), waiting + 4 * TURNS * EACH, setting.now))
    try:
        imported = await _fill_queue(db, contents, waiting)
        with psycopg.connect(urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
            owner.execute("VACUUM (ANALYZE)")
        async with session(db) as s:
            pid = int(await s.scalar(text("SELECT pg_backend_pid()")) or 0)
        without, quick, whole = [], [], []
        for _ in range(TURNS):
            without.append(await _take_in(db, pid, contents, screened=False))
            quick.append(await _take_in(db, pid, contents, screened=True))
            whole.append(await _jobs(db, pid))
    finally:
        await db.dispose()
    bare = min(without, key=lambda one: one.total_ms)
    for name, found in (("taken in", without), ("taken in, screened", quick), ("the job", whole)):
        _tell(name, min(found, key=lambda one: one.total_ms), bare)
    _tell("a row of an import", imported[0], imported[0])
    _tell("screening a row of it, afterwards", imported[1], imported[0])


async def _fill_queue(db: Database, contents: Iterator[Content], waiting: int) -> tuple[Spent, Spent]:
    """Have so many wait, as an import brings them; give what a row costs, and what screening it costs."""
    async with session(db) as s:
        pid = int(await s.scalar(text("SELECT pg_backend_pid()")) or 0)
    declared, rows, screened = layer("aid_points"), [], []
    for _ in range(waiting // BATCH):
        batch = [Proposal(declared, content) for content in islice(contents, BATCH)]
        clock = Clock(pid, BATCH)
        async with session(db) as s:
            made = await submit_imports(s, batch, language="pl", actor=SYSTEM)
            ids = [submission.id for submission in made]
        rows.append(clock.stop())
        clock = Clock(pid, BATCH)
        async with session(db) as s:
            await screen_imported(s, ids)
        screened.append(clock.stop())
    # The last ones: those that find most there already.
    return rows[-1], screened[-1]


async def _take_in(db: Database, pid: int, contents: Iterator[Content], *, screened: bool) -> Spent:
    given = list(islice(contents, EACH))
    clock = Clock(pid, EACH)
    for content in given:
        async with session(db) as s:
            if screened:
                await submit(s, _proposal(content), language="pl", contact_email=_MAIL)
            else:
                await _unscreened(s, content)
    return clock.stop()


async def _unscreened(session: AsyncSession, content: Content) -> None:
    """What `submit` does besides: one job instead of two, and no screening."""
    (made,) = await submit_imports(session, [_proposal(content)], language="pl", actor=SYSTEM)
    made.contact_email = _MAIL


async def _jobs(db: Database, pid: int) -> Spent:
    """Screen those that the last turn took in, as the job does, and let go of them."""
    async with session(db) as s:
        args = await s.scalars(
            text("DELETE FROM jobs.procrastinate_jobs WHERE task_name = :task RETURNING args"), {"task": TASK}
        )
        ids = [uuid.UUID(given["submission_id"]) for given in args]
    clock = Clock(pid, len(ids))
    for one in ids:
        async with session(db) as s:
            await screen(s, await s.get_one(Submission, one))
    return clock.stop()


def _proposal(content: Content) -> Proposal:
    return Proposal(layer("aid_points"), content)


def _tell(what: str, spent: Spent, bare: Spent) -> None:
    print(
        f"{what:36} {spent.own_ms:6.2f} ms here, {spent.postgres_ms:6.2f} ms in PostgreSQL,"
        f" {spent.total_ms / bare.total_ms:5.2f} times",
        flush=True,
    )


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
