"""`python -m benchmarks`: makes a database of its own in a temporary folder, fills it, asks, prints a table for each size.

Absolute times are those of this machine at this moment; compare the columns of one run.
"""

import argparse
import asyncio
import datetime as dt
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from app.features.setting import Setting
from app.localdb import ClusterUrls, LocalCluster
from app.localdb.schema import migrate
from app.taxonomy.loading import load_terms
from app.taxonomy.vocabulary import load_vocabulary
from benchmarks.deciding import measure_decisions
from benchmarks.lists import measure_lists
from benchmarks.loading import fill
from benchmarks.measuring import Figures, floor, measure
from benchmarks.questions import questions
from benchmarks.server import Server, serving
from benchmarks.streets import imported_streets, street_questions
from benchmarks.units import imported_units


def main() -> None:
    """Measure each size in turn."""
    parser = argparse.ArgumentParser(prog="./run bench", description="CPU a request, beside bare SQL.")
    parser.add_argument("--sizes", default="10000,100000", help="numbers of features (default: 10000,100000)")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each path is asked (default: 2)")
    parser.add_argument("--only", default="", help="only paths with this in their name")
    parser.add_argument("--keep", type=Path, help="folder for the databases, kept for the next time")
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="pomapa-bench-") as temporary:
        # The server's own user has to come in.
        Path(temporary).chmod(0o755)
        with LocalCluster(asked.keep or Path(temporary), report=_say) as cluster:
            first: dict[str, Figures] = {}
            for size in sizes:
                rows = _measure_size(cluster, size, asked.seconds, asked.only)
                _print(size, rows, first)
                first = first or {row.name: row for row in rows}


def _measure_size(cluster: LocalCluster, size: int, seconds: float, only: str) -> list[Figures]:
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    name = f"bench_{size}"
    urls = cluster.urls_of(name)
    if not cluster.has_database(name):
        began = time.monotonic()
        urls = cluster.create_database(name)
        migrate(urls.owner)
        asyncio.run(_load_reference_data(urls))
        each_s = asyncio.run(fill(urls, size, setting))
        _say(
            f"{size:,} features in {time.monotonic() - began:.0f} s; published: {each_s * 1000:.1f} ms of Python each."
        )
    else:
        # The program may have gone on since it was filled.
        migrate(urls.owner)
        asyncio.run(_load_reference_data(urls))
    rows = [floor(seconds)]
    with serving(urls) as server:
        with psycopg.connect(server.dsn, autocommit=True) as connection:
            asked = [question for question in questions(connection) if only in question.name]
        for question in asked:
            _say(f"  {question.name}")
            rows.append(measure(server, question, seconds))
        rows += measure_lists(server, setting, seconds, only)
        rows += asyncio.run(_measure_streets(urls, server, seconds, only))
    if only in "publication of one decision":
        rows.append(asyncio.run(_measure_decisions(urls, setting)))
    return rows


async def _measure_decisions(urls: ClusterUrls, setting: Setting) -> Figures:
    """In a country with units, in which each place is looked up."""
    async with imported_units(urls):
        return await measure_decisions(urls, setting)


async def _measure_streets(urls: ClusterUrls, server: Server, seconds: float, only: str) -> list[Figures]:
    asked = [question for question in street_questions() if only in question.name]
    if not asked:
        return []
    async with imported_streets(urls):
        rows = []
        for question in asked:
            _say(f"  {question.name}")
            rows.append(measure(server, question, seconds))
        return rows


async def _load_reference_data(urls: ClusterUrls) -> None:
    """What is not there yet of the vocabularies and of the gazetteer, in whose names a search looks too."""
    db = Database(urls.app, urls.reader)
    try:
        async with session(db) as s:
            await load_terms(s)
        async with session(db) as s:
            await load_gazetteer(s, ["PL"])
    finally:
        await db.dispose()


def _print(size: int, rows: list[Figures], first: dict[str, Figures]) -> None:
    print(f"\n{size:,} features; CPU ms a request")
    print(
        f"{'path':32} {'asked':>6} {'kB':>7} {'server':>7} {'PostgreSQL':>10} {'total':>7}"
        f" {'bare SQL':>8} {'ratio':>6} {'growth':>6}  bar"
    )
    for row in rows:
        bare = f"{row.bare_ms:8.2f} {row.ratio:6.2f}" if row.bare_ms and row.ratio else f"{'':8} {'':6}"
        before = first.get(row.name)
        growth = f"{row.total_ms / before.total_ms:6.1f}" if before and before.total_ms else f"{'':6}"
        print(
            f"{row.name:32} {row.requests:6} {row.kilobytes:7.1f} {row.server_ms:7.2f} {row.postgres_ms:10.2f}"
            f" {row.total_ms:7.2f} {bare} {growth}  {row.bar}"
        )
    print(flush=True)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
