"""One row of the report: what a request costs the server and PostgreSQL, and what bare SQL would cost."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from benchmarks.client import ask, etag_of
from benchmarks.cpu import cpu_s, spent
from benchmarks.questions import Question
from benchmarks.server import Server, serving_nothing

#: Enough that every path is prepared in every connection.
WARM_UP = 60
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Figures:
    """CPU milliseconds a request; `bare_ms` is None without a bare statement to compare with."""

    name: str
    requests: int
    kilobytes: float
    server_ms: float
    postgres_ms: float
    bare_ms: float | None
    bar: str

    @property
    def total_ms(self) -> float:
        """Server and PostgreSQL together."""
        return self.server_ms + self.postgres_ms


def measure(server: Server, question: Question, seconds: float) -> Figures:
    """Ask for so many seconds and give what it cost."""
    headers = {"Accept-Encoding": "identity"}
    if question.conditional:
        headers["If-None-Match"] = etag_of(server.port, question.paths[0])
    # From the end, so that no answer is made before it is measured where there are enough addresses.
    ask(server.port, question.paths[::-1], headers=headers, seconds=seconds, most=WARM_UP)
    server_before, postgres_before = server.used()
    load = ask(server.port, question.paths, headers=headers, seconds=seconds, most=MOST)
    server_after, postgres_after = server.used()
    expected = 304 if question.conditional else 200
    if load.statuses != (expected,):
        raise RuntimeError(f"{question.name}: answered {load.statuses}")
    return Figures(
        name=question.name,
        requests=load.requests,
        kilobytes=load.size / load.requests / 1000,
        server_ms=spent(server_before, server_after) * 1000 / load.requests,
        postgres_ms=spent(postgres_before, postgres_after) * 1000 / load.requests,
        bare_ms=_bare_ms(server, question, seconds) if question.bare else None,
        bar=question.bar,
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


def _bare_ms(server: Server, question: Question, seconds: float) -> float:
    """CPU of a backend for the bare statement, prepared, with the same values."""
    with psycopg.connect(server.dsn, autocommit=True, prepare_threshold=1) as connection:
        connection.execute("SET jit = off")

        def run(values: dict[str, Any]) -> None:
            connection.execute(question.bare, values, binary=True).fetchall()

        for values in question.values[:WARM_UP]:
            run(values)
        return repeated(run, question.values, connection.info.backend_pid, seconds)


def repeated(
    run: Callable[[dict[str, Any]], None], values: list[dict[str, object]], pid: int, seconds: float
) -> float:
    """CPU milliseconds of process `pid` for one run."""
    before, began, runs = cpu_s(pid), time.monotonic(), 0
    while time.monotonic() - began < seconds:
        for one in values:
            run(one)
        runs += len(values)
    return (cpu_s(pid) - before) * 1000 / runs
