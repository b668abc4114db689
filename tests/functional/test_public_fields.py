"""What is read in bulk, and what a program reads, has the fields that are listed here and no others (SECURITY A4, G2)."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

import httpx2
import psycopg
import pytest
from fastapi import FastAPI

from app.accounts.roles import Role
from app.localdb import ClusterUrls
from geo.tile import tile_at
from tests.browser.hostile_contents import organisation, place
from tests.functional.conftest import Publish
from tests.functional.desk.conftest import signed_in

#: Of a place on the map or in a list. A new one is a decision: it is in every file that anybody takes away.
IN_BULK: Final = frozenset(
    (
        "access", "address", "area", "base", "capacity", "checked", "closed", "disclosure", "example", "family",
        "languages", "later", "layer", "name", "name_language", "names", "open", "phone", "services", "slug",
    )
)  # fmt: skip
OF_A_GROUP: Final = frozenset(("bbox", "cluster", "count", "families", "layer"))
#: Beside the content that somebody has approved.
OF_ONE: Final = frozenset(
    (
        "attribution", "disclosure", "example", "family", "half_life_days", "layer", "licence", "revision", "slug",
        "source", "source_id", "source_url", "units", "updated", "verified", "verified_how",
    )
)  # fmt: skip
COLUMNS: Final = [
    "Pomoc", "Nazwa", "Organizacja", "Gmina", "Adres", "Telefon", "Godziny dzisiaj", "Języki", "Kto może skorzystać",
    "Ostatnio sprawdzono",
]  # fmt: skip
#: What programs read, and the names of the members of the answer, of all levels that we shape.
SHAPES: Final = {
    "/api/v1/layers/aid_points/features/{id}/history": {
        "id", "layer", "since", "earlier", "events", "events.how", "events.kind", "events.on",
    },
    "/api/v1/search?q=kuchnia&lang=pl": {
        "together", "services", "places", "addresses", "features",
        "features.id", "features.layer", "features.slug", "features.family", "features.name", "features.detail",
        "services.code", "services.name", "services.family", "services.count",
    },
    "/api/v1/gone": {"gone", "more", "next"},
}  # fmt: skip
CANARY: Final = "kanarek-kolumny"
LNG, LAT = 20.6286, 50.8661


@pytest.fixture
async def published(publish: Publish) -> tuple[str, str]:
    """The ids of a place and of an organisation that say all that can be said."""
    (one,) = await publish(place())
    (other,) = await publish(organisation(), layer="organisations")
    return str(one.feature_id), str(other.feature_id)


def _bulk() -> Iterator[str]:
    for layer in ("aid_points", "organisations"):
        yield f"/api/v1/layers/{layer}/features.geojson"
        for z in (0, 6, 10, 14, 16):
            tile = tile_at(LNG, LAT, z)
            yield f"/api/v1/tiles/{layer}/{tile.z}/{tile.x}/{tile.y}.geojson"


async def test_g2_lists_and_tiles_have_the_listed_fields_at_most(
    client: httpx2.AsyncClient, published: tuple[str, str]
) -> None:
    assert len(IN_BULK) <= 20
    seen: set[str] = set()
    for address in _bulk():
        answer = await client.get(address)
        assert answer.status_code == 200, address
        for feature in answer.json()["features"]:
            assert set(feature) <= {"type", "id", "geometry", "properties"}
            given = set(feature["properties"])
            assert given <= (OF_A_GROUP if "count" in given else IN_BULK), (address, given)
            seen |= given
    assert {"phone", "address", "capacity"} <= seen
    table = await client.get("/pl/table.csv")
    assert next(csv.reader(io.StringIO(table.text.lstrip("\ufeff")), delimiter=";")) == COLUMNS


async def test_g2_of_a_contact_for_partners_nothing_is_anywhere(
    client: httpx2.AsyncClient, published: tuple[str, str]
) -> None:
    one, _ = published
    for address in (*_bulk(), f"/api/v1/layers/aid_points/features/{one}", "/pl/table.csv"):
        body = (await client.get(address)).text.replace(" ", "")
        assert "600100200" not in body, address


async def test_g2_a_new_column_is_nobodys_until_it_is_listed(
    client: httpx2.AsyncClient, published: tuple[str, str], database_urls: ClusterUrls
) -> None:
    with psycopg.connect(database_urls.owner.replace("+psycopg", "", 1), autocommit=True) as owner:
        tables = owner.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('core', 'published')"
        ).fetchall()
        added = 0
        for schema, table in tables:
            owner.execute(f"ALTER TABLE {schema}.\"{table}\" ADD COLUMN canary text DEFAULT '{CANARY}'")
            added += 1
    assert added > 30
    one, other = published
    addresses = [
        *_bulk(),
        *(address.format(id=one) for address in SHAPES),
        f"/api/v1/layers/aid_points/features/{one}",
        f"/api/v1/layers/organisations/features/{other}",
        "/api/v1/changes",
        "/pl/table.csv",
    ]
    for address in addresses:
        answer = await client.get(address)
        assert answer.status_code == 200, address
        assert CANARY not in answer.text, address


async def test_a4_whoever_asks_a_program_reads_the_listed_fields(
    client: httpx2.AsyncClient, site: FastAPI, published: tuple[str, str]
) -> None:
    """Signed in or not: the same bytes. What is public does not depend on who asks."""
    one, other = published
    content = set(place()) | set(organisation())
    addresses = [
        *(address.format(id=one) for address in SHAPES),
        f"/api/v1/layers/aid_points/features/{one}",
        f"/api/v1/layers/organisations/features/{other}",
        *_bulk(),
    ]
    read = {address: (await client.get(address)).content for address in addresses}
    for role in Role:
        async with signed_in(site, role, f"{role}@kielce.example") as browser:
            for address, body in read.items():
                assert (await browser.get(address)).content == body, (role, address)
    for address, members in SHAPES.items():
        answer = await client.get(address.format(id=one))
        assert _members(answer.json()) == members, address
    for layer, id_ in (("aid_points", one), ("organisations", other)):
        properties = (await client.get(f"/api/v1/layers/{layer}/features/{id_}")).json()["properties"]
        assert set(properties) - content - OF_ONE <= {"schema_version", "place", "channel"}, layer


def _members(node: Any, path: str = "") -> set[str]:
    if isinstance(node, list):
        return {name for member in node for name in _members(member, path)}
    if not isinstance(node, dict):
        return set()
    found: set[str] = set()
    for name, value in node.items():
        here = f"{path}.{name}" if path else name
        found |= {here} | _members(value, here)
    return found
