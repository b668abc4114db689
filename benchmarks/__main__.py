"""`python -m benchmarks`: makes databases of its own in a temporary folder, fills them, asks, prints a table for each.

The first has the real places of Poland, where they are at hand; the others invented ones, as many as asked for. Absolute times are those of this machine at this moment; compare the columns of one run.
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import sys
import tempfile
import time
from dataclasses import dataclass
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
from benchmarks.poland import DATA, fill_with_poland, missing
from benchmarks.questions import questions
from benchmarks.server import Server, serving
from benchmarks.streets import imported_streets, street_questions
from benchmarks.subjects import INVENTED, POLAND, Subject
from benchmarks.units import imported_units


@dataclass(frozen=True, slots=True)
class Places:
    """One set of places to be measured: the name of its database, how it is filled, what it is asked for.

    `size` is the number of invented places; those of Poland have none, and units and streets of their own.
    """

    title: str
    subject: Subject
    size: int = 0
    folder: Path | None = None

    @property
    def database(self) -> str:
        """The name of its database."""
        return f"bench_{self.size}" if self.size else "bench_poland"


def main() -> None:
    """Measure each set in turn."""
    parser = argparse.ArgumentParser(prog="./run bench", description="CPU a request, beside bare SQL.")
    parser.add_argument(
        "--sizes",
        default="10000,100000",
        help="numbers of invented features (default: 10000,100000; none: 0)",
    )
    parser.add_argument("--poland", type=Path, default=DATA, help="folder of the real data of Poland")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each path is asked (default: 2)")
    parser.add_argument("--only", default="", help="only paths with this in their name")
    parser.add_argument("--keep", type=Path, help="folder for the databases, kept for the next time")
    asked = parser.parse_args()
    sets = [
        Places(f"{size:,} invented features", INVENTED, size)
        for size in map(int, asked.sizes.split(","))
        if size
    ]
    if file := missing(asked.poland):
        _say(f"Without the real places of Poland: {file} is not in {asked.poland} (--poland FOLDER).")
    else:
        sets.insert(0, Places("real features of Poland", POLAND, folder=asked.poland))
    with tempfile.TemporaryDirectory(prefix="pomapa-bench-") as temporary:
        # The server's own user has to come in.
        Path(temporary).chmod(0o755)
        with LocalCluster(asked.keep or Path(temporary), report=_say) as cluster:
            first: dict[str, Figures] = {}
            for places in sets:
                title, rows = _measure_places(cluster, places, asked.seconds, asked.only)
                _print(title, rows, first)
                if places.size and not first:
                    first = {row.name: row for row in rows}


def _measure_places(
    cluster: LocalCluster, places: Places, seconds: float, only: str
) -> tuple[str, list[Figures]]:
    """Give what the table is called, and its rows."""
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    urls = _filled(cluster, places, setting)
    rows = [floor(seconds)]
    with serving(urls) as server:
        with psycopg.connect(server.dsn, autocommit=True) as connection:
            asked = [question for question in questions(connection, places.subject) if only in question.name]
            count = connection.execute("SELECT count(*) FROM published.feature").fetchone()
        for question in asked:
            _say(f"  {question.name}")
            rows.append(measure(server, question, seconds))
        rows += measure_lists(server, setting, seconds, only, places.subject)
        rows += asyncio.run(_measure_streets(urls, server, seconds, only, places))
    if only in "publication of one decision":
        rows.append(asyncio.run(_measure_decisions(urls, setting, places)))
    title = places.title if places.size or not count else f"{count[0]:,} {places.title}"
    return title, rows


def _filled(cluster: LocalCluster, places: Places, setting: Setting) -> ClusterUrls:
    """Give the database of a set, made and filled where it is not there, migrated where it is."""
    if cluster.has_database(places.database):
        urls = cluster.urls_of(places.database)
        # The program may have gone on since it was filled.
        migrate(urls.owner)
        asyncio.run(_load_reference_data(urls))
        return urls
    began = time.monotonic()
    urls = cluster.create_database(places.database)
    migrate(urls.owner)
    asyncio.run(_load_reference_data(urls))
    if places.folder:
        count = asyncio.run(fill_with_poland(urls, places.folder, _say))
        _say(f"{count:,} {places.title} in {time.monotonic() - began:.0f} s.")
    else:
        each_s = asyncio.run(fill(urls, places.size, setting))
        passed_s = time.monotonic() - began
        _say(f"{places.title} in {passed_s:.0f} s; published: {each_s * 1000:.1f} ms of Python each.")
    return urls


async def _measure_decisions(urls: ClusterUrls, setting: Setting, places: Places) -> Figures:
    """In a country with units, in which each place is looked up: Poland has its own."""
    async with imported_units(urls) if places.size else contextlib.nullcontext():
        return await measure_decisions(urls, setting)


async def _measure_streets(
    urls: ClusterUrls, server: Server, seconds: float, only: str, places: Places
) -> list[Figures]:
    asked = [question for question in street_questions() if only in question.name]
    if not asked:
        return []
    async with imported_streets(urls) if places.size else contextlib.nullcontext():
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


def _print(title: str, rows: list[Figures], first: dict[str, Figures]) -> None:
    print(f"\n{title}; CPU ms a request")
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
