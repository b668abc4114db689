from pathlib import Path

import orjson
import pytest
from shapely import MultiPolygon, box
from sqlalchemy import text

from app.areas.importing import import_units
from app.areas.points import areas_of_points, units_of_points
from app.areas.units import Origin, Unit
from app.db import Database, session


async def test_each_point_has_the_units_that_it_lies_in_smallest_first(country: Database) -> None:
    points = [(20.1, 52.1), (20.5, 52.5), (21.5, 52.5), (22.75, 52.5), (22.25, 52.5), (0.0, 0.0)]
    async with country.reading() as connection:
        found = await areas_of_points(connection, points)
    assert found == [
        ["PL-1001012", "PL-1001", "PL-10"],
        ["PL-1001021", "PL-1001", "PL-10"],
        ["PL-2001012", "PL-2001", "PL-20"],
        ["PL-2001012", "PL-2001", "PL-20"],
        [],
        [],
    ]


@pytest.mark.parametrize("point", [(21.0, 52.5), (21.0, 52.0), (21.0, 53.0)])
async def test_a_point_on_the_border_is_in_one_branch(country: Database, point: tuple[float, float]) -> None:
    async with country.reading() as connection:
        assert await areas_of_points(connection, [point]) == [["PL-1001012", "PL-1001", "PL-10"]]


async def test_a_point_on_the_edge_of_a_hole_is_in_one_of_the_two(country: Database) -> None:
    async with country.reading() as connection:
        assert await areas_of_points(connection, [(20.4, 52.5)]) == [["PL-1001012", "PL-1001", "PL-10"]]


async def test_no_points_have_no_units_and_equal_ones_the_same(country: Database) -> None:
    async with country.reading() as connection:
        assert await areas_of_points(connection, []) == []
        twice = await areas_of_points(connection, [(20.1, 52.1)] * 2)
    assert twice[0] == twice[1] != []


async def test_one_point_gives_names(country: Database) -> None:
    async with country.reading() as connection:
        (found,) = await units_of_points(connection, [(20.5, 52.5)])
    assert [(ref.level, ref.name) for ref in found] == [
        ("gmina", "Środek"),
        ("powiat", "zachodni"),
        ("voivodeship", "zachodnie"),
    ]


async def test_a_point_just_outside_is_counted_to_the_nearest_unit_within_the_tolerance(
    country: Database,
) -> None:
    # 0.002° of longitude at 52.5° N are 136 m.
    outside = (19.998, 52.5)
    async with country.reading() as connection:
        assert await areas_of_points(connection, [outside], tolerance_m=100) == [[]]
        assert await areas_of_points(connection, [outside, (21.5, 52.5)], tolerance_m=200) == [
            ["PL-1001012", "PL-1001", "PL-10"],
            ["PL-2001012", "PL-2001", "PL-20"],
        ]


async def test_an_area_of_ones_own_is_added_and_does_not_stand_for_a_unit(country: Database) -> None:
    riverside = Unit(
        code="PL-riverside",
        stable_code="PL-riverside",
        country="PL",
        level="custom",
        name="Riverside",
        origin=Origin("test", "CC0"),
        geometry=MultiPolygon([box(19.5, 52.2, 20.2, 52.8)]),
    )
    async with session(country) as s:
        await import_units(s, [riverside])
        found = await areas_of_points(s, [(20.1, 52.5), (19.998, 52.5), (19.6, 52.5)], tolerance_m=200)
    assert found == [
        ["PL-1001012", "PL-1001", "PL-10", "PL-riverside"],
        ["PL-1001012", "PL-1001", "PL-10", "PL-riverside"],
        ["PL-riverside"],
    ]


async def test_every_reception_point_of_2022_lies_in_a_gmina_of_the_border(
    poland: Database, shared_data: Path
) -> None:
    [file] = (shared_data / "pl-reception-2022").glob("*.geojson")
    points = [f["geometry"]["coordinates"][:2] for f in orjson.loads(file.read_bytes())["features"]]
    async with poland.reading() as connection:
        found = await areas_of_points(connection, points)
        assert await areas_of_points(connection, [(20.6286, 50.8661)]) == [["PL-2661011", "PL-2661", "PL-26"]]
    assert {codes[2] for codes in found} == {"PL-06", "PL-18"}


async def test_every_gmina_has_its_label_in_itself(poland: Database) -> None:
    async with poland.reading() as connection:
        rows = (
            await connection.execute(
                text(
                    "SELECT code, parent_code, ST_X(label) AS lng, ST_Y(label) AS lat"
                    " FROM published.area WHERE level = 'gmina'"
                )
            )
        ).all()
        found = await areas_of_points(connection, [(row.lng, row.lat) for row in rows])
    assert [codes[:2] for codes in found] == [[row.code, row.parent_code] for row in rows]
