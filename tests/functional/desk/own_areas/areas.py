"""Units of one region, the forms that administrators send about areas, and what everybody finds of them."""

import json
import random
from typing import Any

import httpx2
from shapely import Polygon, box
from shapely.geometry import mapping
from sqlalchemy import text

from app.areas.units import Origin
from app.db import Database, session
from tests.areas import polish_unit
from tests.functional.conftest import aid_point

SOURCE = Origin("Granice", "CC0", 2026)
TOWN = box(20.5, 50.8, 20.8, 51.0)
L_SHAPED = Polygon([(20.5, 50.6), (21.0, 50.6), (21.0, 51.0), (20.8, 51.0), (20.8, 50.8), (20.5, 50.8)])
#: Kielce with its powiat, two gminas beside it, one of them not far over 20,000 people, and the region around all.
UNITS = [
    polish_unit("2661011", TOWN, name="Kielce", population=195_000, origin=SOURCE),
    polish_unit("2604042", box(20.8, 50.8, 21.0, 51.0), name="Górno", population=25_000, origin=SOURCE),
    polish_unit("2604092", box(20.5, 50.6, 21.0, 50.8), name="Morawica", origin=SOURCE),
    polish_unit("2661", TOWN, name="Kielce", population=195_000, origin=SOURCE),
    polish_unit(
        "2604",
        L_SHAPED,
        name="kielecki",
        population=210_000,
        origin=SOURCE,
    ),
    polish_unit(
        "26", box(20.5, 50.6, 21.0, 51.0), name="świętokrzyskie", population=1_200_000, origin=SOURCE
    ),
]
COUNTED = "/api/v1/layers/aid_points/features.geojson?count=true&limit=1"
ZONE = "PL-local_around_kielce"
#: A district with a courtyard that does not belong to it.
DISTRICT = box(20.55, 50.82, 20.70, 50.92).difference(box(20.60, 50.85, 20.63, 50.88))


def scattered(number: int) -> list[dict[str, Any]]:
    """Places all over the units, the same ones in each run; none stands on a border."""
    chance = random.Random(7)
    return [
        aid_point(
            f"Punkt {n}",
            place={"position": {"lng": chance.uniform(20.51, 20.99), "lat": chance.uniform(50.61, 50.99)}},
        )
        for n in range(number)
    ]


async def count(client: httpx2.AsyncClient, code: str) -> int:
    answer = await client.get(f"{COUNTED}&area={code}")
    assert answer.status_code == 200
    return int(answer.json()["numberMatched"])


async def inside(database: Database, code: str) -> int:
    """Places whose point lies in the outline, as PostGIS says; of a place without a point it says nothing."""
    lie_in = text(
        "SELECT count(*) FROM published.feature f, published.area a WHERE a.code = :code AND ST_Covers(a.geom, f.geom)"
    )
    async with session(database) as s:
        return int(await s.scalar(lie_in, {"code": code}) or 0)


async def version(database: Database, code: str) -> str:
    async with session(database) as s:
        found = await s.scalar(text("SELECT version FROM core.kept_area WHERE code = :code"), {"code": code})
    return str(found or 0)


async def act(
    administrator: httpx2.AsyncClient, database: Database, code: str, name: str, **more: str
) -> int:
    data = {"act": name, "version": await version(database, code)} | more
    return (await administrator.post(f"/desk/areas/{code}/act", data=data)).status_code


def of_units(units: str, **more: str) -> dict[str, str]:
    return {
        "shape": "units",
        "name": "Okolica Kielc",
        "code": "around_kielce",
        "level": "custom",
        "units": units,
    } | more


def with_outline(shape: Any, **more: str) -> dict[str, str]:
    outline = shape if isinstance(shape, str) else json.dumps(mapping(shape))
    return {
        "shape": "outline", "name": "Stare Miasto", "code": "old_town", "level": "custom", "source": "Urząd Miasta",
        "licence": "CC0", "outline_text": outline,
    } | more  # fmt: skip


async def nobody_in_particular(database: Database) -> None:
    async with session(database) as s:
        await s.execute(text("DELETE FROM core.grant WHERE areas IS NOT NULL"))


async def all_in(client: httpx2.AsyncClient, code: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        await client.get(f"/api/v1/layers/aid_points/features.geojson?limit=500&area={code}")
    ).json()["features"]
    return [one for one in found if one["geometry"] is not None]
