"""`./run load`: forms arrive in floods while people read (SECURITY E1, E2).

E1: one connection sends as many forms as it can. E2: ten thousand connections do; some say that they are somebody else's
proxy. A web server as an installation runs it, with one process and nothing before it, its database, the senders and the
readers share this machine, so that what counts is what was let in, what a refusal costs, what grows, and how much longer
reading takes than it does in peace.
"""

import argparse
import asyncio
import datetime as dt
import itertools
import json
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg

from app.features.setting import Setting
from app.localdb import LocalCluster
from app.localdb.schema import migrate
from app.taxonomy.vocabulary import load_vocabulary
from benchmarks.cpu import spent
from benchmarks.loading import fill
from benchmarks.questions import questions
from benchmarks.server import Server, serving

SUBMISSIONS = "/api/v1/submissions"
#: An hour lets in so many from one connection (`submissions_per_hour`).
AN_HOUR = 5
MOST_UNDER_WAY = 400
TICK_S = 0.01
READERS = 4
PATIENCE_S = 30.0
ADDRESSES = 10_000
MB = 1024 * 1024


@dataclass
class Seen:
    """What a load met: statuses of answers (0 where there was none), seconds of each, answers that say when to come again."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    told_when: int = 0
    took_s: float = 0.0


def main() -> None:
    """Flood it and print what came of it."""
    parser = argparse.ArgumentParser(prog="./run load", description="Floods of forms while people read.")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each flood lasts (default: 20)")
    parser.add_argument("--features", type=int, default=10_000, help="of the site that is made")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pomapa-load-") as folder:
        # The server's own user has to come in.
        Path(folder).chmod(0o755)
        with LocalCluster(Path(folder)) as cluster:
            migrate(cluster.urls.owner)
            setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
            asyncio.run(fill(cluster.urls, asked.features, setting))
            with serving(cluster.urls) as server:
                sys.exit(0 if _floods(server, asked.seconds) else 1)


def _floods(server: Server, seconds: float) -> bool:
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        paths = [path for question in questions(connection) for path in question.paths[:5]]
    peace = _in_process(_reading, server.port, paths, seconds / 2)
    print(f"reading in peace:      {_reads(peace)}")
    fine = [_flood(server, "E1, one connection", 500, seconds, paths, peace, lambda: "127.0.0.1", AN_HOUR)]
    many = random.Random(2)
    fine.append(
        _flood(
            server,
            f"E2, {ADDRESSES:,} connections",
            1000,
            seconds,
            paths,
            peace,
            lambda: f"127.1.{many.randrange(ADDRESSES) // 250}.{many.randrange(250) + 1}",
            # All together, until a proof of work is asked for, and the few that get through without.
            150,
        )
    )
    return all(fine)


def _flood(
    server: Server,
    name: str,
    rate: int,
    seconds: float,
    paths: Sequence[str],
    peace: Seen,
    sender: Callable[[], str],
    most: int,
) -> bool:
    rows, grown, memory = _rows(server), _database_size(server), _memory(server.pid)
    web, database = server.used()
    sending = _started(_sending, server.port, rate, seconds, [sender() for _ in range(ADDRESSES)])
    reads = _in_process(_reading, server.port, paths, seconds)
    sent = sending()
    web_after, database_after = server.used()
    taken, answered = _rows(server) - rows, sum(sent.statuses.values())
    answers = ", ".join(f"{count:,} × {status or 'none'}" for status, count in sorted(sent.statuses.items()))
    cpu_ms = 1000 / max(1, answered)
    refused = sent.statuses[429]
    print(f"{name}: {rate} a second wanted, {answered / sent.took_s:.0f} answered: {answers}")
    print(
        f"  let in:              {taken} (at most {most}); told when to come again: {sent.told_when:,} of {refused:,}"
    )
    print(
        f"  CPU each:            web {spent(web, web_after) * cpu_ms:.2f} ms,"
        f" database {spent(database, database_after) * cpu_ms:.2f} ms, with the reading beside it"
    )
    print(f"  reading meanwhile:   {_reads(reads)}, {_share(reads, peace):.1f} × as long as in peace")
    print(
        f"  grown by:            memory {(_memory(server.pid) - memory) / MB:.0f} MB,"
        f" database {(_database_size(server) - grown) / MB:.1f} MB"
    )
    return taken <= most and sent.told_when == refused and set(reads.statuses) == {200}


def _sending(port: int, rate: int, seconds: float, addresses: Sequence[str]) -> Seen:
    return asyncio.run(_send_all(port, rate, seconds, addresses))


async def _send_all(port: int, rate: int, seconds: float, addresses: Sequence[str]) -> Seen:
    """Begin so many a second, whether they are answered or not, as far as one process may hold them open."""
    seen, under_way, from_ = Seen(), set[asyncio.Task[None]](), itertools.cycle(addresses)
    bodies = _bodies()
    began = time.monotonic()
    started = 0
    while (now := time.monotonic() - began) < seconds:
        while started < now * rate and len(under_way) < MOST_UNDER_WAY:
            started += 1
            task = asyncio.create_task(_post(port, next(from_), next(bodies), seen))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.sleep(TICK_S)
    await asyncio.gather(*under_way)
    seen.took_s = time.monotonic() - began
    return seen


def _bodies() -> Iterator[bytes]:
    """Forms that nobody could tell from a person's by their shape, each of its own."""
    content: dict[str, Any] = {
        "name": {"texts": {"pl": "Jadłodajnia"}, "source": "pl"},
        "services": [{"type": "hot_meals"}],
        "place": {"position": {"lng": 20.63, "lat": 50.87}},
        "contacts": [{"kind": "phone", "value": "+48413651234"}],
    }
    for number in itertools.count():
        content["name"]["texts"]["pl"] = f"Jadłodajnia {number}"
        sent = {
            "kind": "new",
            "layer": "aid_points",
            "content": content,
            "email": f"a{number}@poczta.example",
        }
        yield json.dumps(sent).encode()


async def _post(port: int, address: str, body: bytes, seen: Seen) -> None:
    began = time.monotonic()
    head = (
        f"POST {SUBMISSIONS} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"X-Forwarded-For: 203.0.113.{random.randrange(256)}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
            writer.write(head.encode() + body)
            answer = await reader.read()
            writer.close()
        seen.statuses[int(answer[9:12])] += 1
        if answer[9:12] == b"429":
            seen.told_when += b"retry-after:" in answer.partition(b"\r\n\r\n")[0].lower()
    except (OSError, TimeoutError, ValueError):
        seen.statuses[0] += 1
    seen.seconds.append(time.monotonic() - began)


def _reading(port: int, paths: Sequence[str], seconds: float) -> Seen:
    return asyncio.run(_read_all(port, paths, seconds))


async def _read_all(port: int, paths: Sequence[str], seconds: float) -> Seen:
    seen, turns = Seen(), itertools.cycle(paths)
    until = time.monotonic() + seconds

    async def one() -> None:
        while time.monotonic() < until:
            await _get(port, next(turns), seen)

    await asyncio.gather(*(one() for _ in range(READERS)))
    return seen


async def _get(port: int, path: str, seen: Seen) -> None:
    began = time.monotonic()
    try:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
            )
            answer = await reader.read()
            writer.close()
        seen.statuses[int(answer[9:12])] += 1
    except (OSError, TimeoutError, ValueError):
        seen.statuses[0] += 1
    seen.seconds.append(time.monotonic() - began)


def _reads(seen: Seen) -> str:
    cuts = statistics.quantiles(seen.seconds, n=100)
    wrong = sum(count for status, count in seen.statuses.items() if status != 200)
    return (
        f"{len(seen.seconds):,} answers, half within {cuts[49] * 1000:.0f} ms, 99 of 100 within {cuts[98] * 1000:.0f} ms,"
        f" {wrong} not given"
    )


def _share(seen: Seen, peace: Seen) -> float:
    return statistics.quantiles(seen.seconds, n=100)[98] / statistics.quantiles(peace.seconds, n=100)[98]


def _started(run: Callable[..., Seen], *values: object) -> Callable[[], Seen]:
    """Start it in a process of its own; give what waits for what it saw."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_tell, args=(there, run, values))
    process.start()

    def wait() -> Seen:
        try:
            seen: Seen = here.recv()
        finally:
            process.join()
        return seen

    return wait


def _tell(there: Connection, run: Callable[..., Seen], values: Sequence[object]) -> None:
    there.send(run(*values))


def _in_process(run: Callable[..., Seen], *values: object) -> Seen:
    return _started(run, *values)()


def _rows(server: Server) -> int:
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        return int(connection.execute("SELECT count(*) FROM core.submission").fetchone()[0])  # type: ignore[index]


def _database_size(server: Server) -> int:
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert row
        return int(row[0])


def _memory(pid: int) -> int:
    """What a process holds in memory, in bytes."""
    line = next(
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")
    )
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main()
