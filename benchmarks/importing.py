"""P8: what the import of many records costs, from the file to the last public row.

`python -m benchmarks.importing --rows 100000` makes a register of invented points (name, address, telephone
number, position; opening hours for one in four), imports and publishes it as `pomapa import --publish` does
into a fresh database, and then makes the public rows anew as `pomapa reindex` does. CPU is that of this
process and that of all processes of PostgreSQL, which is alone in its cluster. With `--boundaries` (GeoJSON,
may be repeated) every position is also counted to its administrative units.
"""

import argparse
import asyncio
import contextlib
import cProfile
import csv
import dataclasses
import datetime as dt
import os
import pstats
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.boundary_file import read_boundaries
from app.areas.importing import import_units
from app.areas.units import Origin
from app.cli.collector import spare_the_collector
from app.db import Database, session
from app.features.publishing import Item, publish
from app.features.reindexing import reindex
from app.features.setting import Setting
from app.imports.applying import ImportRequest, run_import
from app.imports.mapping import read_mapping
from app.layers.registry import layer
from app.localdb import LocalCluster
from app.localdb.schema import migrate
from app.taxonomy.vocabulary import load_vocabulary

MAPPING = Path(__file__).parent / "points.toml"
#: Name, longitude, latitude: points lie around towns, as people do.
TOWNS = (
    ("Warszawa", 21.01, 52.23),
    ("Kraków", 19.94, 50.06),
    ("Łódź", 19.46, 51.77),
    ("Wrocław", 17.03, 51.11),
    ("Poznań", 16.92, 52.41),
    ("Gdańsk", 18.64, 54.35),
    ("Kielce", 20.63, 50.87),
    ("Rzeszów", 22.0, 50.04),
)
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of this process and of PostgreSQL, and seconds that passed."""

    own_s: float
    postgres_s: float
    passed_s: float


class Meter:
    """Counts the CPU of one piece of work."""

    def __init__(self, postmaster: int) -> None:
        """Begin to count."""
        self._postmaster = postmaster
        self._own, self._postgres, self._passed = time.process_time(), tree_cpu_s(postmaster), time.time()

    def stop(self) -> Cost:
        """Give what was used since the beginning."""
        return Cost(
            time.process_time() - self._own,
            tree_cpu_s(self._postmaster) - self._postgres,
            time.time() - self._passed,
        )


def tree_cpu_s(postmaster: int) -> float:
    """CPU seconds of a PostgreSQL server: its own, those of ended children and those of living ones."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            # After the name: state, parent, …; utime, stime, cutime and cstime are the 12th to 15th.
            if int(stat.parent.name) == postmaster:
                total += sum(map(int, fields[11:15]))
            elif int(fields[1]) == postmaster:
                total += sum(map(int, fields[11:13]))
    return total * TICK_S


def main() -> None:
    """Run the benchmark."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--boundaries", type=Path, action="append", default=[], help="GeoJSON of units")
    arguments.add_argument("--profile", type=Path, help="write a profile of the import there")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="pomapa-bench-") as folder:
        file = Path(folder) / "points.csv"
        write_register(file, given.rows)
        with LocalCluster(Path(folder) / "cluster") as cluster:
            migrate(cluster.urls.owner)
            database = Database(cluster.urls.app, cluster.urls.reader, write_timeout_ms=600_000)
            postmaster = int((cluster.places.pgdata / "postmaster.pid").read_text().split()[0])
            asyncio.run(measure(database, postmaster, file, given))


async def measure(db: Database, postmaster: int, file: Path, given: argparse.Namespace) -> None:
    """Import, publish single decisions, and reindex, and print what each costs."""
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    points = layer("aid_points")
    for boundaries in given.boundaries:
        async with session(db) as s:
            await import_units(s, read_boundaries(boundaries, Origin(boundaries.name, "", 2026)).units)
    request = ImportRequest(
        file, read_mapping(MAPPING.read_text(), MAPPING.name), "publish", ("PL",), skip_bad=True
    )
    # As the commands do before they begin.
    spare_the_collector()
    print(f"memory at the start: {memory_mib():.0f} MiB")
    meter = Meter(postmaster)
    async with AsyncSession(db.write) as s:
        await run_import(s, setting, points, dataclasses.replace(request, mode="dry_run"))
    tell("dry run", given.rows, meter.stop())
    with profiling(given.profile):
        meter = Meter(postmaster)
        async with AsyncSession(db.write, expire_on_commit=False) as s, s.begin():
            report = await run_import(s, setting, points, request, tell_memory)
        tell("import", given.rows, meter.stop())
    print(f"refused: {report.refused} {dict(report.refusals)}, noticed: {dict(report.warnings)}")
    meter = Meter(postmaster)
    for _ in range(SINGLE):
        async with session(db) as s:
            await publish(s, setting, points, Item(points.content.read(one_point())), actor=request.actor)
    tell("one publication", SINGLE, meter.stop())
    meter = Meter(postmaster)
    async with session(db) as s:
        await reindex(s, setting, points)
    tell("reindex", given.rows, meter.stop())
    print(f"memory at the end: {memory_mib():.0f} MiB")
    await db.dispose()


SINGLE = 100


def one_point() -> dict[str, object]:
    """Content of one decision."""
    return {
        "name": {"source": "pl", "texts": {"pl": "Jadłodajnia"}},
        "services": [{"type": "hot_meals"}],
        "place": {"position": {"lng": 20.63, "lat": 50.87}},
        "hours": "Mo-Fr 08:00-16:00",
    }


def write_register(file: Path, rows: int) -> None:
    """Write invented points, the same ones each time."""
    rnd = random.Random(20261121)
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        columns = [
            "id",
            "name",
            "street",
            "number",
            "postcode",
            "city",
            "phone",
            "week",
            "saturday",
            "lng",
            "lat",
        ]
        writer.writerow(columns)
        for number in range(rows):
            town, lng, lat = rnd.choice(TOWNS)
            opens = rnd.randint(6, 11)
            hours = [f"{opens}:00-{opens + 8}:{rnd.choice(['00', '30'])}", rnd.choice(["", "9-13"])]
            writer.writerow(
                [
                    f"P{number}",
                    f"Jadłodajnia „Życzliwość” nr {number}",
                    rnd.choice(["Sienkiewicza", "Planty", "Żeromskiego", "Świętej Anny"]),
                    rnd.randint(1, 200),
                    f"{rnd.randint(10, 99)}-{rnd.randint(0, 999):03}",
                    town,
                    f"41 {rnd.randint(300, 399)} {rnd.randint(10, 99)} {rnd.randint(10, 99)}",
                    *(hours if number % 4 == 0 else ["", ""]),
                    f"{lng + rnd.uniform(-0.4, 0.4):.6f}",
                    f"{lat + rnd.uniform(-0.3, 0):.6f}",
                ]
            )


@contextlib.contextmanager
def profiling(file: Path | None) -> Iterator[None]:
    """Profile what happens inside, when a file for it is given."""
    if file is None:
        yield
        return
    with cProfile.Profile() as profile:
        yield
    pstats.Stats(profile).dump_stats(file)


def tell_memory(done: int, total: int) -> None:
    """Print the memory now and then."""
    if total and done % max(1, total // 5) == 0:
        print(f"  {done} rows: {memory_mib():.0f} MiB")


def memory_mib() -> float:
    """Resident memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def tell(what: str, records: int, cost: Cost) -> None:
    """Print the cost of a piece of work for each record."""
    both = cost.own_s + cost.postgres_s
    print(
        f"{what}: {records} in {cost.passed_s:.1f} s; for each {cost.own_s / records * 1e6:.0f} µs here and "
        f"{cost.postgres_s / records * 1e6:.0f} µs in PostgreSQL; "
        f"{records / cost.own_s:.0f} per CPU second here, {records / both:.0f} with PostgreSQL"
    )


if __name__ == "__main__":
    main()
