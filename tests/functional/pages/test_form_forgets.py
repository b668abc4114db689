"""F6: where a protected place is never reaches the database, neither a table, nor an index, nor the log that is written ahead."""

import contextlib
import datetime as dt
import mmap
import struct
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import time_machine
from shapely import box
from sqlalchemy import select

from app.areas.gazetteer_loading import load_gazetteer
from app.areas.importing import import_units
from app.db import Database, session
from app.localdb import ClusterUrls, LocalCluster
from app.moderation.models import Submission
from geo.gazetteer import Place
from tests.areas import polish_unit
from tests.functional.pages.conftest import Person

#: Streets and longitudes that nothing else has: of the place that is open, and of the one that is hidden.
OPEN, HIDDEN = ("Otwartogórska", 20.713579), ("Skrytogórska", 20.724681)
LAT = 50.8661


def _marks(street: str, lng: float) -> tuple[bytes, ...]:
    """How they would stand in a file of the server: as text, and as a number of JSON (its digits in base 10,000)."""
    whole, parts = f"{lng:.6f}".split(".")
    digits = struct.pack("<3h", int(whole), int(parts[:4]), int(parts[4:]) * 100)
    return street.encode(), street.lower().encode(), f"{lng:.6f}".encode(), digits, struct.pack("<d", lng)


@pytest.fixture
async def country(database: Database) -> None:
    """Kielce with its county."""
    async with session(database) as s:
        await import_units(
            s,
            [
                polish_unit("2661011", box(20.5, 50.8, 20.8, 51.0), name="Kielce", population=180_000),
                polish_unit("26", box(20, 50, 21.5, 51.5), name="świętokrzyskie", population=1_200_000),
            ],
        )
        await load_gazetteer(
            s, ["PL"], places=[Place(1, "Kielce", (), "PL", 20.6286, LAT, 180_000, admin1="72")]
        )


async def _send(person: Person, street: str, lng: float, *, protected: bool) -> None:
    """Fill in the form for adding; of a protected place the street and the pin are typed first, and sent all the same."""
    where = {
        "address__street": street,
        "address__house_number": "8",
        "address__city": "Kielce",
        "position": f"{LAT}, {lng:.6f}",
        "hours__kind": "always",
    }
    page = await person.opens("/pl/add/aid_points")
    page = await person.presses(page, "next", name=f"Miejsce {len(street)}", services=["hot_meals"])
    page = await person.presses(page, "next", **where)
    if protected:
        page = await person.presses(page, "step:2")
        page = await person.presses(page, "next", disclosure="area", area="Kielce", **where)
    page = await person.presses(page, "next", languages=["pl"], cost="free")
    page = await person.presses(page, "next", phones__0__value="41 555 01 23")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=3)):
        page = await person.presses(page, "send", email="ola@poczta.pl")
    assert "/sent/" in page.url, page.text


def _files(urls: ClusterUrls, pgdata: Path) -> Iterator[Path]:
    """The files of this database as the server has written them, its write-ahead log and what it says.

    What the server writes for itself at each start of a backend comes and goes, and holds no rows.
    """
    address = urls.superuser.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address, autocommit=True) as connection:
        row = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
        assert row is not None
        # A checkpoint leaves in memory what is in no log, such as drafts. Before a database is copied all of it is written.
        by_file = " STRATEGY file_copy" if connection.info.server_version >= 150_000 else ""
        connection.execute(f"CREATE DATABASE copied_{row[0]} TEMPLATE template0{by_file}")
        connection.execute(f"DROP DATABASE copied_{row[0]}")
    for folder in (pgdata / "base" / str(row[0]), pgdata / "pg_wal", pgdata / "log"):
        files = (path for path in sorted(folder.rglob("*")) if path.name != "pg_internal.init")
        yield from (path for path in files if path.is_file() and path.stat().st_size)


def _found(paths: list[Path], marks: tuple[bytes, ...]) -> set[tuple[bytes, str]]:
    found = set()
    for path in paths:
        # A file of the log is given its next name as soon as it is full and written; other tests write to it too.
        with (
            contextlib.suppress(FileNotFoundError),
            path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held,
        ):
            found |= {(mark, path.parent.name) for mark in marks if held.find(mark) >= 0}
    return found


async def test_f6_where_a_protected_place_is_reaches_no_file_of_the_database(
    person: Person, country: None, database: Database, database_urls: ClusterUrls, cluster: LocalCluster
) -> None:
    await _send(person, *OPEN, protected=False)
    await _send(person, *HIDDEN, protected=True)
    async with session(database) as s:
        told = [one.content["place"]["disclosure"] for one in await s.scalars(select(Submission))]
    assert sorted(told) == ["area", "exact"]
    paths = list(_files(database_urls, cluster.places.pgdata))
    seen = _found(paths, _marks(*OPEN))
    # That it would be seen: as text and as a number, in a table and in the log.
    assert {"pg_wal"} < {folder for _, folder in seen}
    assert {_marks(*OPEN)[0], _marks(*OPEN)[3]} <= {mark for mark, _ in seen}
    assert _found(paths, _marks(*HIDDEN)) == set()
