"""A small country of squares, and the real one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from shapely import box
from sqlalchemy import text

from app.areas.boundary_file import read_boundaries
from app.areas.gazetteer_loading import load_gazetteer
from app.areas.importing import import_units
from app.areas.units import Unit
from app.db import Database, session
from geo.gazetteer import read_geonames_tsv
from tests.areas import ORIGIN, polish_unit

MakeUnit = Callable[..., Unit]


@pytest.fixture
def make_unit() -> MakeUnit:
    """Makes a Polish unit of a TERYT code from polygons."""

    return polish_unit


@pytest.fixture
def squares(make_unit: MakeUnit) -> list[Unit]:
    """Two voivodeships side by side, border at 21° E: in the west a gmina with another in its hole, in the
    east one of two islands; and a gmina without an outline.
    """
    hole = box(20.4, 52.4, 20.6, 52.6)
    west, east, island = box(20, 52, 21, 53), box(21, 52, 22, 53), box(22.5, 52, 23, 53)
    return [
        make_unit("1001012", west.difference(hole), name="Zachód", population=5000),
        make_unit("1001021", hole, name="Środek", population=25000),
        make_unit("2001012", east, island, name="Wschód"),
        make_unit("2001022", name="Bez granic"),
        make_unit("1001", west, name="zachodni", population=30000),
        make_unit("2001", east, island, name="wschodni"),
        make_unit("10", west, name="zachodnie"),
        make_unit("20", east, island, name="wschodnie"),
    ]


@pytest.fixture
async def country(db: Database, squares: list[Unit]) -> Database:
    """The database with the country of squares in it."""
    async with session(db) as s:
        await import_units(s, squares)
    return db


@pytest.fixture
async def poland(module_db: Database, shared_data: Path) -> Database:
    """The module's database with all Polish units and the places of Poland and Romania, loaded once."""
    async with session(module_db) as s:
        if await s.scalar(text("SELECT count(*) FROM published.area")) == 0:
            for name in ("municipalities", "counties", "voivodeships"):
                path = shared_data / "boundaries-pl" / f"poland.{name}.json"
                await import_units(s, read_boundaries(path, ORIGIN).units)
            for country in ("PL", "RO"):
                table = shared_data / "gazetteer-geonames" / f"cities500_{country}.tsv"
                with table.open(encoding="utf-8", newline="") as lines:
                    await load_gazetteer(s, [country], places=read_geonames_tsv(lines))
    return module_db
