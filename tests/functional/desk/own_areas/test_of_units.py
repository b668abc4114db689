"""Areas that are made of units: found, changed, retired and put back; roles that are limited to them."""

import asyncio
import re
from typing import Any

import httpx2
from fastapi import FastAPI
from shapely import MultiPolygon, box
from sqlalchemy import text

from app.accounts.audit import SYSTEM
from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.areas import own
from app.config import Settings
from app.db import Database, session
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.desk.conftest import Waiting, signed_in
from tests.functional.desk.locks import OWN_PID, patient, until_it_waits
from tests.functional.desk.own_areas.areas import (
    TOWN,
    ZONE,
    act,
    count,
    inside,
    nobody_in_particular,
    of_units,
    scattered,
    version,
    with_outline,
)


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
    assert re.search(r'name="member" value="PL-260404"( id="member")? checked', unclear.text)
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
        await nobody_in_particular(database)
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
    await nobody_in_particular(database)

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
        await nobody_in_particular(database)
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
    await nobody_in_particular(database)
    assert await act(administrator, database, code, "retired") == 303
    async with session(database) as s:
        await grant_role(s, "mod@example.org", Role.MODERATOR, areas=[code])
    assert await change(TOWN) == 409
    assert await act(administrator, database, code, "offered") == 409
