"""What a page of the list costs in each order, for each kind of question: PostgreSQL's part, beside the same page by key.

The pages of the finder are HTML, of which templates cost most; here is what grows with the number of places.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from statistics import median
from typing import Any, Final

import psycopg

from app.db.answers import positional
from app.features.filters import Filter
from app.features.listing import Asked, Order, page
from app.features.published import collection
from app.features.setting import Setting
from app.features.statement import Statement
from benchmarks.measuring import TURNS, Figures, repeated
from benchmarks.population import Population
from benchmarks.questions import LAYER
from benchmarks.server import Server
from benchmarks.subjects import Subject
from geo.bbox import Position

PAGE: Final = 25
VARIETY: Final = 8
#: Hours of a day in which most is open, and in which nearly nothing is.
HOURS: Final = {"": 12, " by night": 3}


def measure_lists(
    server: Server, setting: Setting, seconds: float, only: str, subject: Subject
) -> Iterator[Figures]:
    """Measure every order with every filter, in turns with the same filter in the order of keys."""
    vocabulary = setting.vocabulary
    common = Filter(services=vocabulary.expand([subject.common]))
    parameter, further = subject.further[0], frozenset([subject.further[1]])
    filters = {
        "all": Filter(),
        "common service": common,
        "rare service": Filter(services=vocabulary.expand([subject.rare])),
        "two facets": replace(common, languages=further)
        if parameter == "language"
        else replace(common, access=further),
        "a word": Filter(text=subject.word),
    }
    origins = [Position(lng, lat) for lng, lat in Population(13).positions(VARIETY)]
    with psycopg.connect(
        server.dsn, autocommit=True, prepare_threshold=1, cursor_factory=psycopg.RawCursor
    ) as reader:
        reader.execute("SET jit = off")
        for (kind, wanted), order in product(filters.items(), Order):
            for part_of_day, hour in HOURS.items() if order is Order.OPEN else {"": 12}.items():
                name = f"list by {order}{part_of_day}, {kind}"
                if only not in name:
                    continue
                now = dt.datetime.combine(setting.today, dt.time(hour), dt.UTC) + dt.timedelta(days=1)
                statements = [
                    page(
                        Asked(LAYER, wanted),
                        vocabulary,
                        order,
                        limit=PAGE,
                        skip=0,
                        origin=origin,
                        now=now,
                        today=setting.today,
                    )
                    for origin in origins
                ]
                by_key = collection(LAYER, wanted, vocabulary, limit=PAGE)
                yield _measured(reader, name, statements, by_key, seconds)


def _measured(
    reader: psycopg.Connection[Any], name: str, statements: list[Statement], by_key: Statement, seconds: float
) -> Figures:
    pid = reader.info.backend_pid
    runs = {"list": statements, "bare": [by_key]}
    for statement in (*statements, by_key):
        _run(reader, statement)
    costs: dict[str, list[float]] = {"list": [], "bare": []}
    for _ in range(TURNS):
        for which, asked in runs.items():
            costs[which].append(repeated(lambda one: _run(reader, one), asked, pid, seconds / TURNS / 2))
    return Figures(
        name=name,
        requests=len(statements),
        kilobytes=0.0,
        server_ms=0.0,
        postgres_ms=median(costs["list"]),
        bare_ms=median(costs["bare"]),
        bar="",
        ratio=median(ours / bare for ours, bare in zip(costs["list"], costs["bare"], strict=True) if bare),
    )


def _run(reader: psycopg.Connection[Any], statement: Statement) -> None:
    sql, names = positional(statement.sql)
    reader.execute(sql, [statement.values[name] for name in names], binary=True).fetchall()
