"""What it takes to verify the chain of the audit log (SECURITY A6), beside two looks at the same rows by bare SQL.

`python -m benchmarks.audit_chain --entries 100000` writes so many entries into a database of its own and verifies them in turns
with the others: a bare `SELECT`, which reads every row, and one that makes one SHA-256 of each. Then a byte is flipped in the
middle, and has to be found. CPU is that of this process and of the one of PostgreSQL that serves it; the least of several
turns counts, of the time on the clock as well.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM, record_each, verify_chain
from app.db import Database, session
from app.localdb import ClusterUrls, LocalCluster
from app.localdb.schema import migrate
from benchmarks.cpu import cpu_s

TURNS: Final = 5
_TOGETHER: Final = 5000
_BARE: Final = text("SELECT count(a.hash), max(a.at), sum(length(CAST(a.detail AS text))) FROM core.audit a")
_HASHED: Final = text("SELECT sum(length(sha256(convert_to(CAST(a AS text), 'UTF8')))) FROM core.audit a")
#: As somebody would who can do everything to the database but think of the hashes.
_FLIP: Final = (
    "ALTER TABLE core.audit DISABLE TRIGGER USER",
    "UPDATE core.audit SET detail = jsonb_set(detail, '{{number}}', to_jsonb((detail->>'number')::int # 1)) WHERE id = {}",
    "ALTER TABLE core.audit ENABLE TRIGGER USER",
)

Look = Callable[[AsyncSession], Awaitable[Any]]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    entries = parser.parse_args().entries
    with tempfile.TemporaryDirectory(prefix="pomapa-bench-") as temporary:
        # The server's own user has to come in.
        Path(temporary).chmod(0o755)
        with LocalCluster(Path(temporary), report=_say) as cluster:
            migrate(cluster.urls.owner)
            asyncio.run(_measure(cluster.urls, entries))


async def _measure(urls: ClusterUrls, entries: int) -> None:
    db = Database(urls.app, urls.reader, write_timeout_ms=600_000, pool_size=1)
    try:
        for begin in range(0, entries, _TOGETHER):
            numbers = range(begin, min(begin + _TOGETHER, entries))
            async with session(db) as s:
                written = [(str(number), {"number": number, "reason": "other"}) for number in numbers]
                await record_each(s, SYSTEM, "submission.rejected", "submission", written)
        with psycopg.connect(urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
            owner.execute("VACUUM (ANALYZE) core.audit")
        looks: dict[str, Look] = {
            "a bare SELECT": lambda s: s.execute(_BARE),
            "a SHA-256 of each row": lambda s: s.execute(_HASHED),
            "the chain verified": verify_chain,
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in looks}
        for _ in range(TURNS):
            for name, look in looks.items():
                found[name].append(await _timed(db, look))
        floor = min(cpu for cpu, _ in found["a bare SELECT"])
        print(f"{entries} entries")
        for name, turns in found.items():
            cpu, clock = (min(one) for one in zip(*turns, strict=True))
            print(f"  {name:24} {cpu:7.2f} s CPU  {clock:7.2f} s  {cpu / max(floor, 0.01):6.1f} x")
        middle = entries // 2
        with psycopg.connect(urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
            for statement in _FLIP:
                owner.execute(statement.format(middle))
        async with session(db) as s:
            broken = await verify_chain(s)
        print(
            f"  one bit flipped in entry {middle}: {'found in ' + str(broken.id) if broken else 'NOT FOUND'}"
        )
    finally:
        await db.dispose()


async def _timed(db: Database, look: Look) -> tuple[float, float]:
    """CPU seconds of both, and seconds on the clock."""
    async with session(db) as s:
        pid = int(await s.scalar(text("SELECT pg_backend_pid()")) or 0)
        began, before = time.monotonic(), cpu_s(pid) + time.process_time()
        await look(s)
        return cpu_s(pid) + time.process_time() - before, time.monotonic() - began


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


if __name__ == "__main__":
    main()
