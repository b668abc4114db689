"""Areas with an outline of their own: the places within it, and what no file changes."""

import json
from dataclasses import replace

import httpx2
from shapely import box
from shapely.geometry import mapping
from sqlalchemy import text

from app.areas.importing import import_units
from app.areas.unions import follow
from app.db import Database, session
from tests.areas import polish_unit
from tests.functional.conftest import ORIGIN, Mailbox, Publish, aid_point
from tests.functional.desk.own_areas.areas import (
    DISTRICT,
    TOWN,
    all_in,
    inside,
    scattered,
    version,
    with_outline,
)


async def test_an_area_with_an_outline_has_the_places_within_it_and_lies_in_its_town(
    administrator: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
    mailbox: Mailbox,
) -> None:
    code = "PL-local_old_town"
    phone = aid_point("Telefon", place={"disclosure": "contact_only", "area": {"code": "PL-2661011", "name": "Kielce"}},
                      services=[{"type": "violence_shelter"}])  # fmt: skip
    await publish(*scattered(120), aid_point("Dwór", place={"position": {"lng": 20.615, "lat": 50.865}}))
    await publish(phone)
    file = {
        "outline": (
            "district.geojson",
            json.dumps({"type": "Feature", "properties": {}, "geometry": mapping(DISTRICT)}),
        )
    }
    made = await administrator.post("/desk/areas/new", data=with_outline("", outline_text=""), files=file)
    assert made.status_code == 303, made.text
    await mailbox.collect()
    expected = await inside(database, code)
    assert expected > 2
    async with session(database) as s:
        row = (await s.execute(text("SELECT ancestors, kept, ST_NumInteriorRings(ST_GeometryN(geom, 1)) AS holes"
                                    " FROM published.area WHERE code = :code"), {"code": code})).one()  # fmt: skip
    assert (row.ancestors, row.kept, row.holes) == (["PL-2661011", "PL-2661", "PL-26"], True, 1)
    placed = {one["properties"]["name"] for one in await all_in(client, code)}
    assert "Dwór" not in placed
    assert len(placed) == expected

    # Made larger, without a file it keeps its outline; with one the places follow.
    async def change(**more: str) -> None:
        given = with_outline("", outline_text="", version=await version(database, code)) | more
        answer = await administrator.post(f"/desk/areas/{code}/change", data=given)
        assert answer.status_code == 303, answer.text
        await mailbox.collect()

    await change(name="Śródmieście")
    assert len(await all_in(client, code)) == expected
    assert "Śródmieście" in (await client.get(f"/pl/?area={code}")).text
    # A name alone: nothing is counted, and whoever keeps the page is told it with the next request.
    held = (await client.get(f"/uk/?area={code}")).headers["etag"]
    await change(name="Śródmieście", name_uk="Середмістя")
    named = await client.get(f"/uk/?area={code}", headers={"If-None-Match": held})
    assert "Середмістя" in named.text
    await change(name="Śródmieście", outline_text=json.dumps(mapping(TOWN)))
    assert len(await all_in(client, code)) == await inside(database, code) > expected
    # A sliver of it lies beyond the town: what is there does not lie in the town, for a role that is limited to it.
    await change(name="Śródmieście", outline_text=json.dumps(mapping(box(20.55, 50.82, 20.8005, 50.92))))
    of_point = text("SELECT core.units_of_point(ST_SetSRID(ST_MakePoint(20.8003, 50.9), 4326))")
    async with session(database) as s:
        assert sorted(await s.scalar(of_point)) == sorted(
            [code, "PL-2604042", "PL-260404", "PL-2604", "PL-26"]
        )
    # Drawn on the public map; taken along as the file of a municipality is.
    await change(
        name="Śródmieście", outline_text=f"{ORIGIN}/pl/?within=20.55,50.82;20.70,50.82;20.70,50.92&q=x"
    )
    placed = {one["properties"]["name"] for one in await all_in(client, code)}
    assert 2 < len(placed) == await inside(database, code)
    file_page = f"/pl/area/{code}/offline.html"
    taken = (await client.get(file_page)).text
    assert all(name in taken for name in placed)
    assert file_page in (await client.get(f"/pl/?area={code}")).text
    assert file_page[3:] in (await administrator.get(f"/desk/areas/{code}")).text

    await _no_file_changes_it(database, code)


async def _no_file_changes_it(database: Database, code: str) -> None:
    """No file takes away or changes what the desk keeps, and it follows the units that it lies in."""
    foreign = polish_unit("2661011", TOWN, name="Inne")
    async with session(database) as s:
        other = replace(foreign, code="PL-mine", stable_code="PL-mine", level="custom", ancestors=())
        report = await import_units(s, [other], remove_gone=True)
        assert report.removed == []
        await import_units(s, [polish_unit("2661011", box(20.5, 50.8, 20.6, 51.0), name="Kielce")])
        await follow(s, [], {"PL"})
        lies_in = text("SELECT ancestors FROM published.area WHERE code = :code")
        assert await s.scalar(lies_in, {"code": code}) == ["PL-2661", "PL-26"]
