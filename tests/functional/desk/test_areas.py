"""An administrator looks after areas: makes their own, says how many people live in a unit, and everything that goes by areas follows."""

import asyncio
import json
import random
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from shapely import MultiPolygon, Polygon, box
from shapely.geometry import mapping
from sqlalchemy import text

from app.accounts.audit import SYSTEM
from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.areas import own
from app.areas.drawn import read_outline
from app.areas.importing import import_units
from app.areas.protection import published_unit
from app.areas.unions import follow
from app.areas.units import Origin
from app.config import Settings
from app.db import Database, session
from app.desk import area_form
from app.main import create_app
from tests.areas import polish_unit
from tests.functional.conftest import ORIGIN, Mailbox, Publish, aid_point
from tests.functional.desk.conftest import Waiting, signed_in
from tests.functional.desk.locks import OWN_PID, patient, until_it_waits

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


@pytest.fixture(autouse=True)
async def units(database: Database) -> None:
    async with session(database) as s:
        await import_units(s, UNITS)


@pytest.fixture
async def administrator(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(site, Role.ADMINISTRATOR, "admin@example.org") as browser:
        await browser.post("/desk/language", data={"language": "en"})
        yield browser


@pytest.fixture
async def elsewhere(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """Another process: it shares nothing but the database."""
    app = create_app(settings)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=ORIGIN) as opened:
        yield opened
    await app.state.database.dispose()


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


async def test_an_area_of_units_is_made_found_changed_retired_and_put_back(  # noqa: PLR0915 - one story
    administrator: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    elsewhere: httpx2.AsyncClient,
    site: FastAPI,
    publish: Publish,
    waiting: Waiting,
    database: Database,
    mailbox: Mailbox,
) -> None:
    # One stands on a pier, outside every outline: it is counted to the nearest unit, and so to what is made of it.
    pier = aid_point("Molo", place={"position": {"lng": 21.001, "lat": 50.9}})
    await publish(*scattered(60), pier)
    for asked in (client, elsewhere):
        assert "Okolica" not in (await asked.get("/pl/units?q=okolica")).text

    # A name that means several units is asked back, and nothing that was typed is lost.
    unclear = await administrator.post(
        "/desk/areas/new", data=of_units("Kielce\nGórno\nNigdzie", name_uk="Околиці")
    )
    assert unclear.status_code == 422
    assert (
        'value="PL-260404" id="member" checked' in unclear.text or 'value="PL-260404" checked' in unclear.text
    )
    assert "Околиці" in unclear.text
    assert ">\nNigdzie</textarea>" in unclear.text
    made = await administrator.post(
        "/desk/areas/new", data=of_units("PL-2661011\nGórno", name_uk="Околиці Кельців", other_names="KOF")
    )
    assert (made.status_code, made.headers.get("location")) == (303, f"/desk/areas/{ZONE}?done=added"), (
        made.text
    )

    # Until the places in it are counted nobody is told a part, and nobody can choose it.
    assert "being counted" in (await administrator.get(f"/desk/areas/{ZONE}")).text
    assert await count(client, ZONE) == 0
    assert ZONE not in (await client.get("/pl/units?q=okolica")).text
    await mailbox.collect()

    expected = await inside(database, ZONE) + 1
    assert 10 < expected < 61
    for asked in (client, elsewhere):
        assert await count(asked, ZONE) == expected
        for typed in ("okolica", "околиці", "kof"):
            assert ZONE in (await asked.get("/pl/units", params={"q": typed})).text, typed
        page = await asked.get("/uk/", params={"area": ZONE})
        assert "Околиці Кельців" in page.text
        assert (await asked.get(f"/api/v1/areas/{ZONE}.geojson")).json()["properties"][
            "population"
        ] == 220_000
    shown = (await administrator.get(f"/desk/areas/{ZONE}")).text
    assert "<svg" in shown
    assert f"<dd>{expected}</dd>" in shown
    assert ZONE in (await administrator.get("/desk/areas")).text

    # A role is limited to it; what waits there is seen, what waits beside it is not, and the area cannot go.
    here = await waiting(place={"position": {"lng": 20.9, "lat": 50.9}}, name="W Górnie")
    beside = await waiting(place={"position": {"lng": 20.9, "lat": 50.7}}, name="W Morawicy")
    async with session(database) as s:
        await grant_role(s, "zone@example.org", Role.MODERATOR, areas=[ZONE])
    async with signed_in(site, Role.MODERATOR, "zone@example.org") as moderator:
        assert (await moderator.get(f"/desk/submissions/{here.id}")).status_code == 200
        assert (await moderator.get(f"/desk/submissions/{beside.id}")).status_code == 404
        # They may read about areas, and not who of staff is responsible for which, nor change one.
        read = (await moderator.get(f"/desk/areas/{ZONE}")).text
        assert f"/desk/areas/{ZONE}/change" not in read
        assert "zone@example.org" not in read.partition("<main")[2]
        # With another unit in it, what waits there would be theirs too: one alone does not give a role that two have to.
        wider = {
            "name": "Okolica Kielc",
            "level": "custom",
            "member": ["PL-266101", "PL-260404"],
            "units": "Morawica",
            "version": await version(database, ZONE),
        }
        refused = await administrator.post(f"/desk/areas/{ZONE}/change", data=wider)
        assert refused.status_code == 409
        assert "it can become smaller, not larger" in refused.text
        await _nobody_in_particular(database)
        changed = await administrator.post(f"/desk/areas/{ZONE}/change", data=wider)
        assert changed.status_code == 303, changed.text
        await mailbox.collect()
        async with session(database) as s:
            await grant_role(s, "zone@example.org", Role.MODERATOR, areas=[ZONE])
    async with signed_in(site, Role.MODERATOR, "zone@example.org") as moderator:
        assert (await moderator.get(f"/desk/submissions/{beside.id}")).status_code == 200
    assert await count(client, ZONE) == await inside(database, ZONE) + 1 > expected
    assert "zone" in (await administrator.get(f"/desk/areas/{ZONE}")).text
    assert await act(administrator, database, ZONE, "retired") == 409
    await _nobody_in_particular(database)

    # Whoever saw an older version changes nothing.
    stale = await administrator.post(f"/desk/areas/{ZONE}/act", data={"act": "retired", "version": "1"})
    assert stale.status_code == 409
    assert await act(administrator, database, ZONE, "back", number="1") == 303
    await mailbox.collect()
    assert await count(client, ZONE) == expected

    assert await act(administrator, database, ZONE, "retired") == 303
    for asked in (client, elsewhere):
        assert await count(asked, ZONE) == 0
        assert ZONE not in (await asked.get("/pl/units?q=okolica")).text
        assert (await asked.get(f"/api/v1/areas/{ZONE}.geojson")).status_code == 404
    await mailbox.collect()
    left = text("SELECT count(*) FROM published.feature WHERE area_codes @> ARRAY[CAST(:code AS text)]")
    async with session(database) as s:
        assert await s.scalar(left, {"code": ZONE}) == 0
    for there in ("", f"/{ZONE}"):
        assert "No longer offered" in (await administrator.get(f"/desk/areas{there}")).text
    # Its code is nobody else's.
    again = await administrator.post("/desk/areas/new", data=of_units("Górno", name="Inna"))
    assert again.status_code == 422
    assert "A code is never used again." in again.text
    assert await act(administrator, database, ZONE, "offered") == 303
    await mailbox.collect()
    assert await count(elsewhere, ZONE) == expected

    async with session(database) as s:
        done = text(
            "SELECT action FROM core.audit WHERE object_type = 'area' AND object_id = :code ORDER BY id"
        )
        assert (await s.scalars(done, {"code": ZONE})).all() == [
            "area.added", "area.changed", "area.put_back", "area.retired", "area.offered",
        ]  # fmt: skip


async def _nobody_in_particular(database: Database) -> None:
    async with session(database) as s:
        await s.execute(text("DELETE FROM core.grant WHERE areas IS NOT NULL"))


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
    placed = {one["properties"]["name"] for one in await _all(client, code)}
    assert "Dwór" not in placed
    assert len(placed) == expected

    # Made larger, without a file it keeps its outline; with one the places follow.
    async def change(**more: str) -> None:
        given = with_outline("", outline_text="", version=await version(database, code)) | more
        answer = await administrator.post(f"/desk/areas/{code}/change", data=given)
        assert answer.status_code == 303, answer.text
        await mailbox.collect()

    await change(name="Śródmieście")
    assert len(await _all(client, code)) == expected
    assert "Śródmieście" in (await client.get(f"/pl/?area={code}")).text
    # A name alone: nothing is counted, and whoever keeps the page is told it with the next request.
    held = (await client.get(f"/uk/?area={code}")).headers["etag"]
    await change(name="Śródmieście", name_uk="Середмістя")
    named = await client.get(f"/uk/?area={code}", headers={"If-None-Match": held})
    assert "Середмістя" in named.text
    await change(name="Śródmieście", outline_text=json.dumps(mapping(TOWN)))
    assert len(await _all(client, code)) == await inside(database, code) > expected
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
    placed = {one["properties"]["name"] for one in await _all(client, code)}
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


async def _all(client: httpx2.AsyncClient, code: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        await client.get(f"/api/v1/layers/aid_points/features.geojson?limit=500&area={code}")
    ).json()["features"]
    return [one for one in found if one["geometry"] is not None]


async def test_nobody_alone_makes_a_role_of_two_reach_further_by_whatever_little_or_while_the_area_is_retired(
    administrator: httpx2.AsyncClient,
    site: FastAPI,
    settings: Settings,
    database: Database,
    mailbox: Mailbox,
) -> None:
    code, district = "PL-local_old_town", box(20.55, 50.82, 20.60, 50.85)
    made = await administrator.post("/desk/areas/new", data=with_outline(district))
    assert made.status_code == 303, made.text

    async def change(shape: Any, **more: str) -> int:
        data = with_outline(shape) | {"version": await version(database, code)} | more
        return (await administrator.post(f"/desk/areas/{code}/change", data=data)).status_code

    # Whoever gives a role and whoever retires its area wait for each other, and the second one is told what is.
    async with patient(site, settings), database.write.connect() as looking:
        async with session(database) as s:
            await grant_role(s, "mod@example.org", Role.MODERATOR, areas=[code])
            holding = int(await s.scalar(OWN_PID) or 0)
            retiring = asyncio.create_task(act(administrator, database, code, "retired"))
            await until_it_waits(looking, holding, retiring)
        assert await retiring == 409
        await _nobody_in_particular(database)
        await mailbox.collect()
        invited = {
            "email": "jan@example.org",
            "name": "Jan",
            "language": "pl",
            "role": "moderator",
            "area": code,
        }
        async with session(database) as s:
            await own.retire(s, code, version=int(await version(database, code)), by=SYSTEM)
            holding = int(await s.scalar(OWN_PID) or 0)
            inviting = asyncio.create_task(administrator.post("/desk/people/invite", data=invited))
            await until_it_waits(looking, holding, inviting)
        assert (await inviting).status_code == 409
        async with session(database) as s:
            assert await s.scalar(text("SELECT count(*) FROM core.user WHERE email = 'jan@example.org'")) == 0
        assert await act(administrator, database, code, "offered") == 303
    async with session(database) as s:
        await grant_role(s, "mod@example.org", Role.MODERATOR, areas=[code])

    # The country is its code's, whatever is sent.
    assert await change(box(2.0, 48.0, 2.1, 48.1), country="XX") == 422

    # As large as the one place that somebody is after.
    for lng, lat in ((20.9, 50.9), (20.91, 50.9)):
        spike = box(lng - 1e-5, lat - 1e-5, lng + 1e-5, lat + 1e-5)
        assert await change(MultiPolygon([district, spike])) == 409
    assert await change(box(20.55, 50.82, 20.60, 50.85001)) == 409
    assert await change(district.difference(box(20.56, 50.83, 20.57, 50.84))) == 303
    assert await change(district) == 409, "what was left out is more again"

    # Retired while nobody has it, given by command since: whatever it becomes is more.
    await _nobody_in_particular(database)
    assert await act(administrator, database, code, "retired") == 303
    async with session(database) as s:
        await grant_role(s, "mod@example.org", Role.MODERATOR, areas=[code])
    assert await change(TOWN) == 409
    assert await act(administrator, database, code, "offered") == 409


BOWTIE = {
    "type": "Polygon",
    "coordinates": [[[20.6, 50.8], [20.7, 50.9], [20.7, 50.8], [20.6, 50.9], [20.6, 50.8]]],
}
WRONG_OUTLINES = [
    ("{", "This is not GeoJSON."),
    ('["a"]', "This is not GeoJSON."),
    ('{"type": "FeatureCollection", "features": []}', "There has to be an area in it"),
    ('{"type": "Point", "coordinates": [20.6, 50.8]}', "There has to be an area in it"),
    ('{"type": "Polygon", "coordinates": [[["a", "b"]]]}', "Its coordinates cannot be read"),
    ('{"type": ["Polygon"]}', "There has to be an area in it"),
    (
        '{"type": "Polygon", "coordinates": ' + "[" * 900 + "]" * 900 + "}",
        "Its coordinates cannot be read",
    ),
    (
        '{"type": "Polygon", "coordinates": [[[20.6, 50.8], [20.7, 50.8], [20.7, 50.8], [20.6, 50.8]]]}',
        "hardly any area",
    ),
    (json.dumps(BOWTIE), "crosses or touches itself. Look at it near 50.85000, 20.65000."),
    (json.dumps(mapping(box(5_620_000, 7_500_000, 5_630_000, 7_510_000))), "are not longitude and latitude"),
    (
        json.dumps({"crs": {"properties": {"name": "EPSG:2180"}}} | mapping(TOWN)),
        "are not longitude and latitude",
    ),
    (json.dumps(mapping(box(50.8, 20.5, 51.0, 20.8))), "It lies outside the country."),
    (json.dumps(mapping(box(20.6, 50.8, 20.60001, 50.80001))), "It has hardly any area."),
    (json.dumps(mapping(TOWN.buffer(0.01, quad_segs=6000))), "more than 20,000 corners"),
    (" " * 2_000_001 + "{}", "The file is too large."),
    ("", "Choose a file with the outline"),
]
#: What is sent with an outline in Paris: the country of an area is one of ours.
ABROAD = [{}, {"country": "RO"}, {"country": "XX"}]
WRONG_ADDRESSES = [
    ("/pl/", "Its coordinates cannot be read"),
    ("/pl/?within=20.6,50.8;20.7,50.9;20.7,50.8;20.6,50.9", "crosses or touches"),
]
WRONG_FIELDS = [
    ("code", "Old", "Use small Latin letters"),
    ("name", "", "Write the name as people here write it."),
    ("name", "Stare <b>", "Use letters, digits and ordinary punctuation only."),
    ("name_uk", "Stare", "Write it in Cyrillic letters."),
    ("source", "", "Write who has drawn the outline."),
    ("licence", "", "Write on what terms it may be used"),
    ("population", "viele", "Write the number of people"),
    ("population", "1000", "Write who says so"),
    ("population_on", "31.12.2025", "Write the day of this number."),
]


async def test_what_is_wrong_with_an_area_is_said_at_its_field_and_nothing_is_written(
    administrator: httpx2.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An outline is read beside what answers everybody else.
    readers: set[int] = set()

    def read(data: bytes, country: str) -> Any:
        readers.add(threading.get_ident())
        return read_outline(data, country)

    monkeypatch.setattr(area_form, "read_outline", read)
    for typed, said in WRONG_OUTLINES:
        answer = await administrator.post(
            "/desk/areas/new", data=with_outline(""), files={"outline": ("area.geojson", typed)}
        )
        assert answer.status_code == 422, (typed[:80], answer.status_code)
        assert said in answer.text, (typed[:80], said)
        assert 'id="outline-error"' in answer.text
    assert readers
    assert threading.get_ident() not in readers
    for typed, said in WRONG_ADDRESSES:
        answer = await administrator.post("/desk/areas/new", data=with_outline(typed))
        assert (answer.status_code, said in answer.text) == (422, True), typed
    for sent in ABROAD:
        answer = await administrator.post(
            "/desk/areas/new", data=with_outline(box(2.0, 48.0, 2.1, 48.1), **sent)
        )
        assert (answer.status_code, "It lies outside the country." in answer.text) == (422, True), sent
    for field, typed, said in WRONG_FIELDS:
        answer = await administrator.post("/desk/areas/new", data=with_outline(DISTRICT, **{field: typed}))
        assert answer.status_code == 422, field
        assert said in answer.text, (field, typed)
        assert f'id="{field}-error"' in answer.text or "population_source-error" in answer.text
        assert "[20.55, 50.82]" in answer.text.replace("&#34;", '"'), "the outline is kept"
    for units, said in (
        ("", "Choose the units"),
        ("PL-26\nAtlantyda", "not known"),
        ("PL-local_x", "not known"),
    ):
        answer = await administrator.post("/desk/areas/new", data=of_units(units))
        assert (answer.status_code, said in answer.text) == (422, True), units
    answer = await administrator.post("/desk/areas/new", data=of_units("Górno", level="gmina"))
    assert (answer.status_code, 'id="level-error"' in answer.text) == (422, True)
    async with session(database) as s:
        assert await s.scalar(text("SELECT count(*) FROM core.kept_area")) == 0
        assert await s.scalar(text("SELECT count(*) FROM core.audit WHERE object_type = 'area'")) == 0


async def test_what_is_told_of_a_unit_stands_over_files_and_never_opens_a_protected_place_up(
    administrator: httpx2.AsyncClient, client: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    code = "PL-2604042"
    (shelter,) = await publish(
        aid_point("Dom", services=[{"type": "supported_housing"}],
                  place={"disclosure": "area", "area": {"code": code, "name": "Górno"}})
    )  # fmt: skip
    where = f"/api/v1/layers/aid_points/features/{shelter.feature_id}"

    async def unit_shown() -> str:
        answer = await client.get(where)
        assert answer.status_code == 200, where
        return str(answer.json()["properties"]["place"]["area"]["code"])

    async def tell(**told: str) -> httpx2.Response:
        given = {
            "version": await version(database, "PL-260404"),
            "population_source": "GUS",
            "population_on": "2025-12-31",
        }
        return await administrator.post(f"/desk/areas/{code}/change", data=given | told)

    assert await unit_shown() == code
    held = (await client.get(f"/uk/?area={code}")).headers["etag"]
    # Fewer than 20,000: with this very answer nobody reads the smaller unit any more.
    assert (
        await tell(population="19999", name_uk="Ґурно", other_names="Gorno pod Kielcami")
    ).status_code == 303
    assert await unit_shown() == "PL-2604"
    assert code in (await client.get("/pl/units", params={"q": "ґурно"})).text
    assert code in (await client.get("/pl/units", params={"q": "gorno pod"})).text
    # Whoever keeps the page asks again, and is told the new name.
    page = await client.get(f"/uk/?area={code}", headers={"If-None-Match": held})
    assert "Ґурно" in page.text
    read = (await administrator.get(f"/desk/areas/{code}")).text
    assert "19,999" in read
    assert "The file says 25,000." in read
    # More than lives in the powiat cannot be; and not known again is what the file says.
    assert "More people live here" in (await tell(population="210001")).text
    assert (await tell(population="")).status_code == 303
    assert await unit_shown() == code

    # A file says fewer than 20,000: what somebody types does not publish the smaller unit.
    async with session(database) as s:
        await import_units(
            s, [polish_unit("2604042", box(20.8, 50.8, 21.0, 51.0), name="Górno", population=14_000)]
        )
        told = text("SELECT population, names ->> 'uk' AS uk FROM published.area WHERE code = :code")
        assert tuple((await s.execute(told, {"code": code})).one()) == (14_000, None)
    assert (await tell(population="60000", name_uk="Ґурно")).status_code == 303
    assert await unit_shown() == "PL-2604"
    # A later file that knows nothing does not undo it; but where none does, a large number that is typed publishes nothing smaller.
    async with session(database) as s:
        await import_units(s, [polish_unit("2604042", box(20.8, 50.8, 21.0, 51.0), name="Górno")])
        assert tuple((await s.execute(told, {"code": code})).one()) == (60_000, "Ґурно")
    assert (await tell(population="30000", name_uk="Ґурно")).status_code == 303
    assert await unit_shown() == "PL-2604"
    assert "no file says how many" in (await administrator.get(f"/desk/areas/{code}")).text
    async with session(database) as s:
        await import_units(s, [UNITS[1]])
        published = [(await published_unit(s, one)).code for one in (code, "PL-2604092")]
    # It does again once a file says so; the typed number is larger. Of Morawica no file says anything.
    assert published == [code, "PL-2604"]
    assert (await tell(population="26000", name_uk="Ґурно")).status_code == 303
    assert await unit_shown() == code
    # What it was is put back, with what follows from it: the version with 19,999.
    assert await act(administrator, database, "PL-260404", "back", number="1") == 404
    back = {"act": "back", "number": "1", "version": await version(database, "PL-260404")}
    assert (await administrator.post(f"/desk/areas/{code}/act", data=back)).status_code == 303
    assert await unit_shown() == "PL-2604"
    async with session(database) as s:
        said = text(
            "SELECT detail ->> 'population' FROM core.audit WHERE object_type = 'area' ORDER BY id DESC LIMIT 1"
        )
        assert await s.scalar(said) == "19999"
