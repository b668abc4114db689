"""`./run load`: forms arrive in floods while people read (SECURITY E1, E2).

E1: one connection sends as many forms as it can. E2: ten thousand connections do; some say that they are somebody else's
proxy. The web server of an installation, with as many processes as are asked for, with nginx before it as
`docker/nginx.conf` sets it up or with nothing, its database, the senders and the readers share this machine, so that what
counts is what was let in, what a refusal costs, what grows, and how much longer reading takes than it does in peace.

Readers come at a fixed rate from connections that stay open, each from an address of its own, and wait from the moment at
which their turn was: a server that stands still for a second is seen by all who would have come in it. Senders and readers
are kept as cheap as Python allows, and give way to the server (`nice`): in earnest they are other machines.
"""

import argparse
import asyncio
import contextlib
import dataclasses
import datetime as dt
import itertools
import json
import multiprocessing
import os
import random
import re
import socket
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
from benchmarks.proxy import nginx
from benchmarks.questions import questions
from benchmarks.server import Server, free_port, serving

SUBMISSIONS = "/api/v1/submissions"
#: An hour lets in so many from one connection (`submissions_per_hour`).
AN_HOUR = 5
MOST_UNDER_WAY = 400
TICK_S = 0.01
READERS = 40
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
    parser.add_argument("--workers", type=int, default=2, help="web processes (default: 2, as in containers)")
    parser.add_argument("--nginx", help="the program to put before them; nothing without it")
    parser.add_argument("--reads", type=int, default=200, help="reads a second (default: 200)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pomapa-load-") as folder:
        # The server's own user has to come in.
        Path(folder).chmod(0o755)
        with LocalCluster(Path(folder)) as cluster:
            migrate(cluster.urls.owner)
            setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
            asyncio.run(fill(cluster.urls, asked.features, setting))
            proxy_port = free_port() if asked.nginx else None
            with contextlib.ExitStack() as stack:
                server = stack.enter_context(
                    serving(
                        cluster.urls,
                        workers=asked.workers,
                        proxy_port=proxy_port,
                    )
                )
                if proxy_port:
                    stack.enter_context(nginx(asked.nginx, Path(folder) / "nginx", server.port, proxy_port))
                    server = dataclasses.replace(server, port=proxy_port)
                sys.exit(0 if _floods(server, asked.seconds, asked.reads) else 1)


def _floods(server: Server, seconds: float, reads: int) -> bool:
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        paths = [path for question in questions(connection) for path in question.paths[:5]]
    # Once all, so that what is measured is not the first answer of each kind.
    _in_process(_reading, server, paths, 3.0, reads)
    peace = _in_process(_reading, server, paths, seconds / 2, reads)
    print(f"reading in peace:      {_reads(peace)}")

    def asking() -> Seen:
        return _in_process(_reading, server, paths, seconds, reads)

    fine = [_flood(server, "E1, one connection", 500, seconds, asking, peace, lambda: "127.0.0.1", AN_HOUR)]
    many = random.Random(2)
    fine.append(
        _flood(
            server,
            f"E2, {ADDRESSES:,} connections",
            1000,
            seconds,
            asking,
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
    asking: Callable[[], Seen],
    peace: Seen,
    sender: Callable[[], str],
    most: int,
) -> bool:
    rows, grown, memory = _rows(server), _database_size(server), _memory(server)
    web, database = server.used()
    sending = _started(_sending, server, rate, seconds, [sender() for _ in range(ADDRESSES)])
    reads = asking()
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
        f"  grown by:            memory {(_memory(server) - memory) / MB:.0f} MB,"
        f" database {(_database_size(server) - grown) / MB:.1f} MB"
    )
    return taken <= most and sent.told_when == refused and set(reads.statuses) == {200}


def _sending(server: Server, rate: int, seconds: float, addresses: Sequence[str]) -> Seen:
    return asyncio.run(_send_all(server, rate, seconds, addresses))


async def _send_all(server: Server, rate: int, seconds: float, addresses: Sequence[str]) -> Seen:
    """Begin so many a second, whether they are answered or not, as far as one process may hold them open."""
    seen, under_way, from_ = Seen(), set[asyncio.Task[None]](), itertools.cycle(addresses)
    bodies = _bodies()
    began = time.monotonic()
    started = 0
    while (now := time.monotonic() - began) < seconds:
        while started < now * rate and len(under_way) < MOST_UNDER_WAY:
            started += 1
            task = asyncio.create_task(_post(server, next(from_), next(bodies), seen))
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


async def _post(server: Server, address: str, body: bytes, seen: Seen) -> None:
    began = time.monotonic()
    head = (
        f"POST {SUBMISSIONS} HTTP/1.1\r\nHost: {server.host}\r\nContent-Type: application/json\r\n"
        f"X-Forwarded-For: 203.0.113.{random.randrange(256)}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    loop = asyncio.get_running_loop()
    try:
        # Half as dear as the streams of asyncio: what the sender does not take the server has.
        async with asyncio.timeout(PATIENCE_S):
            with socket.socket() as own:
                own.setblocking(False)
                own.bind((address, 0))
                await loop.sock_connect(own, ("127.0.0.1", server.port))
                await loop.sock_sendall(own, head.encode() + body)
                answer = b""
                while piece := await loop.sock_recv(own, 65536):
                    answer += piece
        seen.statuses[int(answer[9:12])] += 1
        if answer[9:12] == b"429":
            seen.told_when += b"retry-after:" in answer.partition(b"\r\n\r\n")[0].lower()
    except (OSError, TimeoutError, ValueError):
        seen.statuses[0] += 1
    seen.seconds.append(time.monotonic() - began)


def _reading(server: Server, paths: Sequence[str], seconds: float, rate: int) -> Seen:
    return asyncio.run(_read_all(server, paths, seconds, rate))


async def _read_all(server: Server, paths: Sequence[str], seconds: float, rate: int) -> Seen:
    """Each reader comes again and again in step; who is late since the last answer was waits that much longer."""
    seen, turns = Seen(), itertools.cycle(paths)
    began, apart_s = time.monotonic() + 0.2, READERS / rate

    async def one(number: int) -> None:
        reader = writer = None
        turn_s = began + number * apart_s / READERS
        while turn_s < began + seconds:
            await asyncio.sleep(max(0.0, turn_s - time.monotonic()))
            try:
                async with asyncio.timeout(PATIENCE_S):
                    if reader is None or writer is None:
                        here = (f"127.2.0.{number + 1}", 0)
                        reader, writer = await asyncio.open_connection(
                            "127.0.0.1", server.port, local_addr=here
                        )
                    status = await _get(reader, writer, server.host, next(turns))
                seen.statuses[status] += 1
            except (OSError, EOFError, TimeoutError, ValueError):
                seen.statuses[0] += 1
                reader = writer = None
            seen.seconds.append(time.monotonic() - turn_s)
            turn_s += apart_s

    await asyncio.gather(*(one(number) for number in range(READERS)))
    return seen


async def _get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, path: str) -> int:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = re.search(rb"\r\ncontent-length: (\d+)", head)
    if length:
        await reader.readexactly(int(length[1]))
    elif b"\r\ntransfer-encoding: chunked" in head:
        while size := int((await reader.readuntil(b"\r\n")), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    return int(head[9:12])


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
    os.nice(5)
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


def _memory(server: Server) -> int:
    """What the processes of a server hold in memory, in bytes."""
    held = 0
    for pid in server.pids():
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        held += int(next(line for line in status if line.startswith("VmRSS")).split()[1]) * 1024
    return held


if __name__ == "__main__":
    main()
