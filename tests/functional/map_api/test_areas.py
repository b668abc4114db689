"""The outline of a unit as GeoJSON."""

import math
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box
from shapely.geometry import shape

from app.areas.boundary_file import read_boundaries
from app.areas.importing import import_units
from app.areas.units import Origin, Unit
from app.db import Database, session
from app.map_api.areas import MOST_CORNERS

Client = httpx2.AsyncClient

UNIT = Unit(
    code="PL-1001012",
    stable_code="PL-100101",
    country="PL",
    level="gmina",
    kind="rural",
    name="Górno",
    names={"uk": "Гурно"},
    origin=Origin("PRG", "CC0", 2021),
    ancestors=("PL-1001", "PL-10"),
    population=14_000,
    geometry=MultiPolygon([Polygon(box(20, 52, 20.5, 53).exterior, [box(20.1, 52.1, 20.2, 52.2).exterior])]),
)
ADDRESS = "/api/v1/areas/PL-1001012.geojson"


async def load(database: Database, *units: Unit) -> None:
    async with session(database) as s:
        await import_units(s, list(units))


async def test_a_unit_is_a_feature_with_what_is_known_of_it(client: Client, database: Database) -> None:
    await load(database, UNIT)
    answer = await client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in answer.headers
    feature = answer.json()
    assert (feature["type"], feature["id"]) == ("Feature", "PL-1001012")
    assert feature["properties"] == {
        "code": "PL-1001012",
        "level": "gmina",
        "kind": "rural",
        "name": "Górno",
        "names": {"uk": "Гурно"},
        "population": 14_000,
        "year": 2021,
        "source": "PRG",
        "licence": "CC0",
    }
    drawn = shape(feature["geometry"])
    assert drawn.equals(UNIT.geometry)
    for part in shapely.get_parts(drawn):
        assert part.exterior.is_ccw
        assert not any(hole.is_ccw for hole in part.interiors)


async def test_what_is_not_known_is_left_out(client: Client, database: Database) -> None:
    await load(database, replace(UNIT, kind=None, names={}, population=None, origin=Origin("PRG", "CC0")))
    properties = (await client.get(ADDRESS)).json()["properties"]
    assert set(properties) == {"code", "level", "name", "source", "licence"}


async def test_a_unit_without_a_boundary_has_no_geometry(client: Client, database: Database) -> None:
    await load(database, replace(UNIT, geometry=None))
    assert (await client.get(ADDRESS)).json()["geometry"] is None


async def test_who_has_it_is_not_sent_it_again(client: Client, database: Database) -> None:
    await load(database, UNIT)
    first = await client.get(ADDRESS)
    again = await client.get(ADDRESS, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    await load(database, replace(UNIT, population=15_000))
    changed = await client.get(ADDRESS, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("code", ["PL-99", "PL-1001012%00", "x", "PL-1001012'--", "%D0%96", "PL"])
async def test_an_unknown_code_is_a_problem(client: Client, database: Database, code: str) -> None:
    await load(database, UNIT)
    answer = await client.get(f"/api/v1/areas/{code}.geojson")
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_area")


async def test_a_parameter_is_refused(client: Client, database: Database) -> None:
    await load(database, UNIT)
    assert (await client.get(f"{ADDRESS}?fine=1")).status_code == 422


def coast(corners: int) -> Polygon:
    """A star-shaped land with a coast of so many corners."""
    turns = [2 * math.pi * i / corners for i in range(corners)]
    reach = [1 + 0.02 * (i % 2) + 0.05 * math.sin(40 * turn) for i, turn in enumerate(turns)]
    return Polygon([(20 + r * math.cos(t), 52 + r * math.sin(t)) for r, t in zip(reach, turns, strict=True)])


async def test_the_finest_coast_and_a_thousand_islets_stay_small(client: Client, database: Database) -> None:
    islets = [
        box(22 + i * 0.002, 52 + j * 0.002, 22.001 + i * 0.002, 52.001 + j * 0.002)
        for i in range(40)
        for j in range(40)
    ]
    await load(database, replace(UNIT, geometry=MultiPolygon([coast(60_000), *islets])))
    body = (await client.get(ADDRESS)).content
    assert len(body) < 22 * MOST_CORNERS
    drawn = shape(httpx2.Response(200, content=body).json()["geometry"])
    assert drawn.is_valid
    # It still is that land: where they differ is a thin line along its coast.
    whole = coast(60_000)
    assert drawn.symmetric_difference(whole).area < 0.03 * whole.area


async def test_the_largest_of_poland_and_all_the_others(
    client: Client, database: Database, shared_data: Path
) -> None:
    found = read_boundaries(
        shared_data / "boundaries-pl" / "poland.voivodeships.json", Origin("PRG", "CC0", 2021)
    )
    await load(database, *found.units)
    sizes = {}
    for unit in found.units:
        body = (await client.get(f"/api/v1/areas/{unit.code}.geojson")).content
        sizes[unit.code] = len(body)
        drawn = shape(httpx2.Response(200, content=body).json()["geometry"])
        assert drawn.is_valid
        assert unit.geometry is not None
        assert drawn.symmetric_difference(unit.geometry).area < 0.001 * unit.geometry.area
    assert max(sizes.values()) < 20_000
