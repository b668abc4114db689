"""`./run load`: forms arrive in floods while people read and somebody sends a form (SECURITY E1, E2, E3).

E1: one connection sends as many forms as it can. E2: ten thousand connections do; some say that they are somebody else's
proxy. One network of IPv6 (/64) sends from another address each time, as the server with TLS in front says it, and counts
as one. E3: while ten thousand send, people with a slow browser suggest a change (`benchmarks/person.py`).

The web server of an installation, with as many processes as are asked for, with nginx before it as `docker/nginx.conf`
sets it up or with nothing, its database, the senders and the readers share this machine, so that what counts is what was
let in, what a refusal costs, what grows, and how much longer reading takes than it does in peace. Senders and readers are
kept as cheap as Python allows, and give way to the server (`nice`): in earnest they are other machines.
"""

import argparse
import asyncio
import contextlib
import dataclasses
import datetime as dt
import multiprocessing
import os
import random
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg

from app.features.setting import Setting
from app.localdb import LocalCluster
from app.localdb.schema import migrate
from app.taxonomy.vocabulary import load_vocabulary
from app.web.sent_often import EVERYBODY_BELIEVED_S
from app.web.told_to_wait import BELIEVED_S
from benchmarks.cpu import spent
from benchmarks.loading import fill
from benchmarks.person import SLOWER, Try, try_often
from benchmarks.proxy import TLS_SERVER, nginx
from benchmarks.questions import questions
from benchmarks.readers import read_all
from benchmarks.seen import Seen, within_s
from benchmarks.senders import claims, send_all
from benchmarks.server import Server, free_port, serving

#: An hour lets in so many from one connection (`submissions_per_hour`).
AN_HOUR = 5
ADDRESSES = 10_000
MB = 1024 * 1024
#: What E3 asks for, in seconds.
SENT_WITHIN_S, PROVED_WITHIN_S = 20.0, 3.0
FORGOTTEN_AFTER_S = max(BELIEVED_S, EVERYBODY_BELIEVED_S) + 1
#: A reader's connections allow so much each (`docker/nginx.conf`).
MOST_A_SECOND_EACH = 90


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read: what others have just asked for, and what nobody has."""

    server: Server
    paths: list[str]
    missing: list[str]
    rate: int
    missing_rate: int

    def read(self, seconds: float) -> tuple[Seen, Seen]:
        """Read for so many seconds, both at once."""
        missing = _started(read_all, self.server, self.missing, seconds, self.missing_rate, 10, "127.3")
        readers = max(40, self.rate // MOST_A_SECOND_EACH + 1)
        kept: Seen = _started(read_all, self.server, self.paths, seconds, self.rate, readers)()
        return kept, missing()


@dataclass(frozen=True, slots=True)
class Flood:
    """Who sends: so many a second, from these addresses, who say that they ask for these; `most` of it may be let in."""

    name: str
    rate: int
    addresses: Sequence[str]
    most: int
    forwarded: Callable[[int], str] = claims


def one_network(_number: int) -> str:
    """Another address of one /64 each time."""
    return "2001:db8:7:1:" + ":".join(f"{random.getrandbits(16):x}" for _ in range(4))


def floods() -> list[Flood]:
    """All that are measured."""
    many = random.Random(2)
    numbers = [many.randrange(ADDRESSES) for _ in range(ADDRESSES)]
    everywhere = [f"127.1.{number // 250}.{number % 250 + 1}" for number in numbers]
    return [
        Flood("E1, one connection", 500, ["127.0.0.1"], AN_HOUR),
        Flood("E2, one network of IPv6 (/64)", 1000, [TLS_SERVER], AN_HOUR, one_network),
        # All together, until a proof of work is asked for, and the few that get through without.
        Flood(f"E2, {ADDRESSES:,} connections", 1000, everywhere, 150),
    ]


def main() -> None:
    """Flood it and print what came of it."""
    parser = argparse.ArgumentParser(prog="./run load", description="Floods of forms while people read.")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each flood lasts (default: 20)")
    parser.add_argument("--features", type=int, default=10_000, help="of the site that is made")
    parser.add_argument("--workers", type=int, default=2, help="web processes (default: 2, as in containers)")
    parser.add_argument("--nginx", help="the program to put before them; nothing without it")
    parser.add_argument("--reads", type=int, default=200, help="reads a second (default: 200)")
    parser.add_argument(
        "--missing", type=int, default=10, help="reads a second that nobody has asked before (default: 10)"
    )
    parser.add_argument(
        "--people", type=int, default=0, help="who send a form by browser meanwhile, E3 (default: none)"
    )
    parser.add_argument("--slower", type=float, default=SLOWER, help="their processor (default: 6 times)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pomapa-load-") as folder:
        # The server's own user has to come in.
        Path(folder).chmod(0o755)
        with LocalCluster(Path(folder)) as cluster, contextlib.ExitStack() as stack:
            migrate(cluster.urls.owner)
            setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
            asyncio.run(fill(cluster.urls, asked.features, setting))
            # Known by the port of the relay that lends people's browsers their addresses.
            proxy = "127.0.0.1/32" if asked.nginx else f"{TLS_SERVER}/32"
            server = stack.enter_context(
                serving(cluster.urls, workers=asked.workers, public_port=free_port(), trusted=proxy)
            )
            if asked.nginx:
                port, bare_port = free_port(), free_port()
                where = Path(folder) / "nginx"
                file = stack.enter_context(nginx(asked.nginx, where, server.port, port, bare_port))
                server = dataclasses.replace(server, port=port)
            with psycopg.connect(server.dsn, autocommit=True) as connection:
                found = list(questions(connection))
                places = connection.execute("SELECT id::text FROM published.feature ORDER BY random()")
                ids = [row[0] for row in places.fetchmany(max(1, asked.people))]
            reading = Asked(
                server,
                [path for question in found for path in question.paths[:5]],
                [path for question in found for path in question.paths[5:]],
                asked.reads,
                asked.missing,
            )
            if asked.nginx:
                _compare_with_file(server, reading.paths[0], bare_port, file)
            sys.exit(0 if _all(reading, asked.seconds, ids if asked.people else (), asked.slower) else 1)


def _all(reading: Asked, seconds: float, places: Sequence[str], slower: float) -> bool:
    # Once all, so that what is measured is not the first answer of each kind.
    reading.read(3.0)
    peace = reading.read(seconds / 2)
    _say_reads("reading in peace:", peace)
    fine = [_flood(reading, flood, seconds, peace) for flood in floods()]
    if places:
        # The beginning of a flood, when nobody knows of it yet, is hardest for people.
        _forget(reading.server)
        fine.append(_people(reading.server, floods()[-1], places, slower))
    return all(fine)


def _flood(reading: Asked, flood: Flood, seconds: float, peace: tuple[Seen, Seen]) -> bool:
    server = reading.server
    rows, grown, memory = _rows(server), _database_size(server), _memory(server)
    web, database = server.used()
    sending = _started(send_all, server, flood.rate, seconds, flood.addresses, flood.forwarded)
    reads = reading.read(seconds)
    sent: Seen = sending()
    web_after, database_after = server.used()
    taken, answered = _rows(server) - rows, sum(sent.statuses.values())
    cpu_ms = 1000 / max(1, answered)
    refused = sent.statuses[429]
    print(
        f"{flood.name}: {flood.rate} a second wanted, {answered / sent.took_s:.0f} answered: {_answers(sent)}"
    )
    print(
        f"  let in:              {taken} (at most {flood.most}); told when to come again:"
        f" {sent.told_when:,} of {refused:,}"
    )
    print(
        f"  CPU each:            web {spent(web, web_after) * cpu_ms:.2f} ms,"
        f" database {spent(database, database_after) * cpu_ms:.2f} ms, with the reading beside it"
    )
    _say_reads("  reading meanwhile:", reads)
    print(f"  the slowest of 100:  {reads[0].within_s(99) / peace[0].within_s(99):.1f} × as long as in peace")
    print(
        f"  grown by:            memory {(_memory(server) - memory) / MB:.0f} MB,"
        f" database {(_database_size(server) - grown) / MB:.1f} MB;"
        f" {os.getloadavg()[0]:.0f} processes want to run"
    )
    return taken <= flood.most and sent.told_when == refused and not any(seen.wrong for seen in reads)


def _people(server: Server, flood: Flood, places: Sequence[str], slower: float) -> bool:
    is_over = multiprocessing.get_context("fork").Event()
    sending = _started(
        send_all, server, flood.rate, float("inf"), flood.addresses, flood.forwarded, is_over.is_set
    )
    tries: list[Try] = []
    try:
        asyncio.run(try_often(server, places, len(places), tries.append, slower=slower))
    finally:
        is_over.set()
        sent: Seen = sending()
    taken_in = [one for one in tries if not one.why]
    in_time = sum(one.sent_s <= SENT_WITHIN_S for one in taken_in)
    print(f"E3, beside {flood.name[4:]}, {len(sent.seconds) / sent.took_s:.0f} a second: {_answers(sent)}")
    print(
        f"  sent:                {in_time} of {len(tries)} within {SENT_WITHIN_S:.0f} s of the first press;"
        f" refused before: {dict(Counter(status for one in tries for status in one.refusals))}"
    )
    for name, seconds in (
        ("form opened", [one.opened_s for one in taken_in]),
        ("press to receipt", [one.sent_s for one in taken_in]),
        ("all, with reading", [one.all_s for one in taken_in]),
        ("proof of work", [took_s for one in tries for took_s in one.proofs_s]),
    ):
        print(
            f"  {name + ':':<20} half within {within_s(seconds, 50):.1f} s, 99 of 100 within {within_s(seconds, 99):.1f} s"
            f" ({len(seconds)})"
        )
    print(f"  browser {slower:g} times slower; {os.getloadavg()[0]:.0f} processes want to run")
    for why in {one.why for one in tries if one.why}:
        print(f"  not sent:            {why}")
    proofs = [took_s for one in tries for took_s in one.proofs_s]
    return in_time >= 0.99 * len(tries) and within_s(proofs, 99) <= PROVED_WITHIN_S


def _compare_with_file(server: Server, path: str, bare_port: int, file: Path) -> None:
    """How many kept answers nginx gives a second, and how often a file of the same bytes."""
    asked = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", headers={"Host": server.host})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        file.write_bytes(answer.read())
    rates = []
    for here, what in ((dataclasses.replace(server, port=bare_port), "/file"), (server, path)):
        # So many that the allowance of each is enough.
        seen: Seen = _started(read_all, here, [what], 2.0, 0, 400)()
        rates.append(seen.statuses[200] / seen.took_s)
    print(
        f"as fast as one process can ask for {file.stat().st_size / 1000:.0f} kB: a file {rates[0]:,.0f} a second,"
        f" what is kept {rates[1]:,.0f}, {rates[1] / rates[0]:.2f} × as many"
    )


def _say_reads(what: str, reads: tuple[Seen, Seen]) -> None:
    for name, seen in zip((what, "    never asked before:"), reads, strict=True):
        print(
            f"{name:<22} {len(seen.seconds):,} answers, half within {seen.within_s(50) * 1000:.0f} ms,"
            f" 99 of 100 within {seen.within_s(99) * 1000:.0f} ms, {seen.wrong} not given"
        )


def _answers(seen: Seen) -> str:
    return ", ".join(f"{count:,} × {status or 'none'}" for status, count in sorted(seen.statuses.items()))


def _forget(server: Server) -> None:
    """Nobody has sent anything: counters are emptied, and what processes were told of them is believed for half a minute."""
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("DELETE FROM core.rate_limit")
    time.sleep(FORGOTTEN_AFTER_S)


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
