"""One row of the report: what a request costs the server and PostgreSQL, and what bare SQL would cost."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, TypeVar

import psycopg

from benchmarks.client import ask, etag_of
from benchmarks.cpu import cpu_s, spent
from benchmarks.questions import VARIETY, Question
from benchmarks.server import Server, serving_nothing

#: Enough that every path is prepared in every connection, and that what each of the places asked about has on disk was read
#: before: a server that has just started pays for that once, by up to three milliseconds a request at a million places.
WARM_UP = VARIETY
MOST = 20_000
#: A path and its bare statement take turns, since what else the machine does costs both of them CPU.
TURNS = 4


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figures:
    """CPU milliseconds a request, the middle one of several turns.

    `bare_ms` is None without a bare statement to compare with; `ratio` is PostgreSQL's part to it, within a turn.
    """

    name: str
    requests: int
    kilobytes: float
    server_ms: float
    postgres_ms: float
    bare_ms: float | None
    bar: str
    ratio: float | None = None

    @property
    def total_ms(self) -> float:
        """Server and PostgreSQL together."""
        return self.server_ms + self.postgres_ms


def measure(server: Server, question: Question, seconds: float) -> Figures:
    """Ask for so many seconds, in turns with the bare statement, and give what it cost."""
    headers = {"Accept-Encoding": "identity"}
    if question.conditional:
        headers["If-None-Match"] = etag_of(server.port, question.paths[0])
    # From the end, so that no answer is made before it is measured where there are enough addresses.
    ask(server.port, question.paths[::-1], headers=headers, seconds=seconds, most=WARM_UP, least=WARM_UP)
    turns: list[_Turn] = []
    with _bare(server, question) as bare_ms:
        asked = 0
        for _ in range(TURNS):
            start = asked % len(question.paths)
            paths = question.paths[start:] + question.paths[:start]
            turn = _ask(server, question, paths, headers, seconds / TURNS)
            asked += turn.requests
            turns.append(replace(turn, bare_ms=bare_ms(seconds / TURNS)))
    return Figures(
        name=question.name,
        requests=asked,
        kilobytes=median(turn.kilobytes for turn in turns),
        server_ms=median(turn.server_ms for turn in turns),
        postgres_ms=median(turn.postgres_ms for turn in turns),
        bare_ms=median(turn.bare_ms for turn in turns) or None,
        bar=question.bar,
        ratio=median(turn.postgres_ms / turn.bare_ms for turn in turns) if question.bare else None,
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    requests: int
    kilobytes: float
    server_ms: float
    postgres_ms: float
    bare_ms: float = 0.0


def _ask(
    server: Server, question: Question, paths: list[str], headers: dict[str, str], seconds: float
) -> _Turn:
    server_before, postgres_before = server.used()
    load = ask(server.port, paths, headers=headers, seconds=seconds, most=MOST)
    server_after, postgres_after = server.used()
    expected = 304 if question.conditional else 200
    if load.statuses != (expected,):
        raise RuntimeError(f"{question.name}: answered {load.statuses}")
    return _Turn(
        requests=load.requests,
        kilobytes=load.size / load.requests / 1000,
        server_ms=spent(server_before, server_after) * 1000 / load.requests,
        postgres_ms=spent(postgres_before, postgres_after) * 1000 / load.requests,
    )


def floor(seconds: float) -> Figures:
    """What FastAPI alone costs here and now: 0.21 ms where PERFORMANCE's figures were taken."""
    with serving_nothing() as (port, pid):
        ask(port, ["/?a=1&b=x"], headers={}, seconds=seconds, most=WARM_UP)
        before = cpu_s(pid)
        load = ask(port, ["/?a=1&b=x"], headers={}, seconds=seconds, most=MOST)
        server_ms = (cpu_s(pid) - before) * 1000 / load.requests
    return Figures(
        "FastAPI with two parameters", load.requests, 0.0, server_ms, 0.0, None, "0.21 ms in PERFORMANCE"
    )


@contextmanager
def _bare(server: Server, question: Question) -> Iterator[Callable[[float], float]]:
    """Give what measures a backend's CPU for the bare statement, prepared, with the same values, for so many seconds."""
    if not question.bare:
        yield lambda _seconds: 0.0
        return
    with psycopg.connect(server.dsn, autocommit=True, prepare_threshold=1) as connection:
        connection.execute("SET jit = off")

        def run(values: dict[str, Any]) -> None:
            connection.execute(question.bare, values, binary=True).fetchall()

        for values in question.values[:WARM_UP]:
            run(values)
        pid = connection.info.backend_pid
        yield lambda seconds: repeated(run, question.values, pid, seconds)


def repeated(run: Callable[[T], None], values: Sequence[T], pid: int, seconds: float) -> float:
    """CPU milliseconds of process `pid` for one run."""
    before, began, runs = cpu_s(pid), time.monotonic(), 0
    while time.monotonic() - began < seconds:
        for one in values:
            run(one)
        runs += len(values)
    return (cpu_s(pid) - before) * 1000 / runs
