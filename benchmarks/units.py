"""A country's administrative units: synthetic, as many and as intricate as those of Poland."""

import math
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Final

import psycopg
from shapely import MultiPolygon, Polygon
from sqlalchemy import text

from app.areas.importing import import_units
from app.areas.polish_units import ancestors_of, level_of, stable_code_of
from app.areas.units import Origin, Unit
from app.db import Database, session
from app.localdb import ClusterUrls

#: West, south, east, north: what `Population` draws lies in it.
_BOX: Final = (13.9, 48.9, 24.3, 55.0)
_ORIGIN: Final = Origin("benchmark", "CC0-1.0", 2026)
#: How many units of the next lower level each has, on each side: 16 voivodeships, 400 powiats, 2,400 gminas.
_VOIVODESHIPS, _POWIATS, _GMINAS = (4, 4), (5, 5), (3, 2)
#: Corners of a gmina's side, of which it has four.
_CORNERS: Final = 60


@asynccontextmanager
async def imported_units(urls: ClusterUrls) -> AsyncIterator[None]:
    """Have them while the context is open."""
    db = Database(urls.app, urls.reader, write_timeout_ms=600_000)
    try:
        async with session(db) as s:
            await import_units(s, list(_units()))
        with psycopg.connect(urls.owner.replace("+psycopg", "", 1), autocommit=True) as owner:
            for table in ("area", "area_part"):
                owner.execute(f"VACUUM (ANALYZE) published.{table}")
        yield
    finally:
        async with session(db) as s:
            await s.execute(
                text("DELETE FROM published.area WHERE source = :source"), {"source": _ORIGIN.source}
            )
        await db.dispose()


def _units() -> Iterator[Unit]:
    for nth, voivodeship in enumerate(_parts(_BOX, _VOIVODESHIPS), 1):
        code = f"{2 * nth:02}"
        yield _unit(code, voivodeship)
        for powiat_nth, powiat in enumerate(_parts(voivodeship, _POWIATS), 1):
            yield _unit(f"{code}{powiat_nth:02}", powiat)
            for gmina_nth, gmina in enumerate(_parts(powiat, _GMINAS), 1):
                yield _unit(f"{code}{powiat_nth:02}{gmina_nth:02}2", gmina)


_Box = tuple[float, float, float, float]


def _parts(box: _Box, sides: tuple[int, int]) -> Iterator[_Box]:
    west, south, east, north = box
    lngs = [west + (east - west) * i / sides[0] for i in range(sides[0] + 1)]
    lats = [south + (north - south) * i / sides[1] for i in range(sides[1] + 1)]
    return ((w, s, e, n) for s, n in pairwise(lats) for w, e in pairwise(lngs))


def _unit(code: str, box: _Box) -> Unit:
    return Unit(
        code=f"PL-{code}",
        stable_code=stable_code_of(code),
        country="PL",
        level=level_of(code),
        name=f"unit {code}",
        origin=_ORIGIN,
        ancestors=ancestors_of(code),
        population={2: 2_300_000, 4: 95_000, 7: 15_000}[len(code)],
        geometry=MultiPolygon([Polygon(list(_outline(box, len(code))))]),
    )


def _outline(box: _Box, digits: int) -> Iterator[tuple[float, float]]:
    """The corners of a box, of which each is moved by where it lies: neighbours keep their border in common."""
    west, south, east, north = box
    # A larger unit has the corners of its gminas.
    across = _CORNERS * {7: 1, 4: _GMINAS[0], 2: _GMINAS[0] * _POWIATS[0]}[digits]
    along = _CORNERS * {7: 1, 4: _GMINAS[1], 2: _GMINAS[1] * _POWIATS[1]}[digits]
    for i in range(across):
        yield _moved(west + (east - west) * i / across, south)
    for i in range(along):
        yield _moved(east, south + (north - south) * i / along)
    for i in range(across):
        yield _moved(east - (east - west) * i / across, north)
    for i in range(along):
        yield _moved(west, north - (north - south) * i / along)


def _moved(lng: float, lat: float) -> tuple[float, float]:
    # Gently enough that no two places change sides.
    return lng + 0.008 * math.sin(90 * lat) + 0.0003 * math.sin(700 * lat), lat + 0.008 * math.sin(60 * lng)
