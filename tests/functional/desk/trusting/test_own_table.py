"""An NGO with many places sends them as a table (SECURITY A3, F1): corrected on the page, sent as its forms are."""

import re
import uuid
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import select

from app.accounts.memberships import Seat
from app.accounts.roles import Role
from app.db import Database, session
from app.desk.organisation_table import SENDING
from app.features.models import Feature
from app.moderation.models import Submission
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.conftest import signed_in
from tests.functional.desk.organisations import PAGE, browser_of_member, own_point, said
from tests.functional.desk.trusted import HERE, browser_of_admin, trust
from tests.functional.desk.trusting.world import ANNA, JAN, PHONE, run

HEADER = "Numer na mapie;Nazwa;Usługi;Ulica;Nr domu;Miasto;Szerokość;Długość;Godziny;Telefon;Uwagi"


SENT = {"Jadłodajnia Źdźbło", "Punkt bez miejsca", "Punkt z godzinami", "Bar Mleczny Kubuś", "Kuchnia polowa"}
SAID_OF = {
    2: "Nothing says where it is",
    3: "opening hours could not be understood",
    4: "Row 1 says the same",
    5: "The map has a place like this already",
    6: "Where this help is given must stay hidden",
    7: "+48 41 368 00 99 What the row says",
    8: "No place of your organisation has this number",
    9: "Where this place is stays hidden",
    10: "This is the example",
}


async def upload(
    browser: httpx2.AsyncClient, here: str, data: bytes, *, name: str = "tabela.csv"
) -> httpx2.Response:
    files = {"file": (name, data, "application/octet-stream")}
    return await browser.post(
        f"{here}/table", data={"action": "upload", "number": uuid.uuid4().hex}, files=files
    )


def fields_of(answer: httpx2.Response) -> dict[str, str]:
    """The form of a page as it stands, as a browser sends it."""
    page = answer.text
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]+>", page):
        name, value = re.search(r' name="([^"]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and (' type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = (value[1] if value else "").replace("&#34;", '"').replace("&amp;", "&")
    for name_, options in re.findall(r'<select[^>]+name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name_] = chosen[1] if chosen else ""
    return found | dict(re.findall(r'<textarea[^>]+name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL))


async def press(
    browser: httpx2.AsyncClient, here: str, page: httpx2.Response, action: str, **typed: str
) -> httpx2.Response:
    sent = fields_of(page) | {name.replace("_", "-"): value for name, value in typed.items()}
    return await browser.post(f"{here}/table", data=sent | {"action": action})


def row_of(answer: httpx2.Response, number: int) -> str:
    """What the page says of one row."""
    found = re.search(rf'aria-labelledby="row-{number}".*?</section>', answer.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


async def submissions(database: Database) -> dict[str, Submission]:
    async with session(database) as s:
        return {
            one.content["name"]["texts"][one.content["name"]["source"]]: one
            for one in await s.scalars(select(Submission))
        }


async def test_a_table_full_of_mistakes_is_corrected_on_the_page_and_sent_as_a_form_would_be(
    site: FastAPI, organisation: uuid.UUID, database: Database, publish: Publish
) -> None:
    here = f"{PAGE}/{organisation}"
    own, theirs, shelter = await publish(
        own_point(organisation, "Kuchnia polowa", place=HERE, contacts=[PHONE]),
        aid_point("Bar Mleczny Kubuś", place={"position": {"lng": 20.64, "lat": 50.88}}),
        own_point(
            organisation,
            "Mieszkanie",
            services=[{"type": "supported_housing"}],
            place={"disclosure": "area", "area": {"code": "PL-2661", "name": "Kielce"}},
        ),
    )
    rows = [
        ";Jadłodajnia Źdźbło;Ciepły posiłek;Długa;1;Kielce;50,8712;20,6345;Mo-Fr 12:00-15:00;413 680 011;x",
        ";Punkt bez miejsca;Ciepły posiłek;;;;;;;;",
        ";Punkt z godzinami;Ciepły posiłek;Krótka;2;Kielce;50,8912;20,6145;kiedy się uda;;",
        ";Jadłodajnia Źdźbło;Ciepły posiłek;Długa;1;Kielce;50,8712;20,6345;Mo-Fr 12:00-15:00;413 680 011;x",
        ";Bar Mleczny Kubuś;Ciepły posiłek;;;Kielce;50,8800;20,6400;;;",
        ";Schronisko Cisza;violence_shelter;Tajemnicza;77;Kielce;50,8600;20,6500;;;",
        f"{own.feature_id};Kuchnia polowa;Ciepły posiłek;;;;;;;413 680 099;",
        f"{theirs.feature_id};Bar Mleczny Kubuś;Ciepły posiłek;;;;;;;413 680 098;",
        f"{shelter.feature_id};Mieszkanie;Ciepły posiłek;Tajemnicza;78;Kielce;;;;;",
        "example;Przykład;Ciepły posiłek;;;;;;;;",
    ]
    data = "\r\n".join([HEADER, *rows, ""]).encode("cp1250")
    async with (
        browser_of_member(site, organisation, ANNA, Seat.ADMIN) as anna,
        browser_of_member(site, organisation, JAN) as jan,
        signed_in(site, Role.MODERATOR, "desk@example.org") as desk,
    ):
        desk.headers["Accept-Language"] = "en"
        assert "Add many places from a table" in said(await anna.get(here))
        assert "Add many places from a table" not in said(await jan.get(here))
        assert (await jan.get(f"{here}/table")).status_code == 403

        # A column that says nothing of ours is asked about once, with what is certain chosen already.
        asked = await upload(anna, here, data)
        assert "Not used: Uwagi" in said(asked), said(asked)
        page = await press(anna, here, asked, "columns")
        assert "Send 2 rows" in said(page), said(page)
        for number, words in SAID_OF.items():
            assert words in row_of(page, number)
        # Nothing of it is anywhere but on the page.
        assert await run(database, "SELECT count(*) FROM core.submission") == 0
        assert await run(database, "SELECT count(*) FROM core.import_run") == 0

        typed = {
            "city_2": "Kielce",
            "lat_2": "50.85",
            "lng_2": "20.61",
            "hours_3": "Sa 10:00-12:00",
            "sure_5": "alike",
        }
        left = await press(anna, here, page, "send", **typed)
        assert left.status_code == 422, said(left)
        assert "5 rows are sent" in said(left)
        assert "Tajemnicza" in left.text  # Nothing that was typed is lost.
        found = await submissions(database)
        assert set(found) == SENT
        assert {one.state for one in found.values()} == {"pending"}
        assert {one.organisation_id for one in found.values()} == {organisation}
        assert found["Kuchnia polowa"].feature_id == own.feature_id
        assert found["Bar Mleczny Kubuś"].feature_id is None
        assert found["Punkt z godzinami"].content["hours"] == "Sa 10:00-12:00"
        assert await run(database, "SELECT count(*) FROM core.submission WHERE content::text ~ 'Tajemn'") == 0
        assert await run(database, "SELECT count(*) FROM core.audit WHERE detail::text ~ 'Tajemn'") == 0
        async with session(database) as s:
            kept = await s.get_one(Feature, theirs.feature_id)
            assert kept.revision == 1

        # The first form pressed once more sends nothing twice.
        await press(anna, here, page, "send", **typed)
        assert len(await submissions(database)) == 5
        table = fields_of(page)["number"]
        assert (await jan.get(f"{here}/table/{table}")).status_code == 403

        # The queue takes all of it as one.
        queue = await desk.get("/desk", params={"organisation": str(organisation)})
        assert "Fundacja Ciepły Stół" in said(queue)
        planned = await desk.post(
            "/desk/bulk",
            data={
                "query": f"organisation={organisation}",
                "scope": "all",
                "act": "approve",
                "shown_at": fields_of(queue)["shown_at"],
            },
        )
        bulk = planned.headers["location"].partition("of=")[2]
        await desk.post("/desk/bulk/do", data={"of": bulk})
        assert await run(database, "SELECT count(*) FROM core.submission WHERE state = 'approved'") >= 3

        # What still waits is taken back as one, and what was decided stays.
        waiting = await run(database, "SELECT count(*) FROM core.submission WHERE state = 'pending'")
        await anna.post(f"{here}/table/{table}/withdraw", data={})
        assert await run(database, "SELECT count(*) FROM core.submission WHERE state = 'pending'") == waiting
        await anna.post(f"{here}/table/{table}/withdraw", data={"sure": "1"})
        assert await run(database, "SELECT count(*) FROM core.submission WHERE state = 'pending'") == 0
        assert "On the map" in said(await anna.get(f"{here}/table/{table}"))


async def test_of_a_trusted_organisation_each_row_is_treated_as_a_single_change_would_be(
    site: FastAPI, organisation: uuid.UUID, database: Database, publish: Publish
) -> None:
    await trust(database, organisation)
    (place,) = await publish(own_point(organisation, "Kuchnia polowa", place=HERE, contacts=[PHONE]))
    here = f"{PAGE}/{organisation}"
    rows = [
        "id,name,services,city,lat,lng,phone",
        f"{place.feature_id},Kuchnia polowa,hot_meals,,,,413680099",
        ",Za miastem,hot_meals,,50.87,20.9,",
        ",W mieście,hot_meals,,50.89,20.61,",
    ]
    async with (
        browser_of_admin(site, organisation, ANNA) as anna,
        browser_of_member(site, organisation, JAN, Seat.ADMIN) as jan,
    ):
        page = await upload(anna, here, "\n".join(rows).encode())
        assert "public at once" in row_of(page, 1), said(page)
        assert "It waits for a moderator, because it does not lie where" in row_of(page, 2)
        assert "public at once" in row_of(page, 3)

        # Somebody without a second step sends the same, and it waits (A6, B11).
        of_jan = await upload(jan, here, "\n".join(rows[:2]).encode())
        assert "public at once" not in row_of(of_jan, 1)

        # What was said to be public and would not be any more is not sent before they have read why.
        moved = await press(anna, here, page, "send", lat_3="50.87", lng_3="20.95")
        assert moved.status_code == 409
        assert "it does not lie where your organisation publishes" in row_of(moved, 3)
        found = await submissions(database)
        assert {name: one.state for name, one in found.items()} == {
            "Kuchnia polowa": "approved",
            "Za miastem": "pending",
        }
        done = await press(anna, here, moved, "send")
        assert done.status_code == 303, said(done)
        told = said(await anna.get(done.headers["location"]))
        assert "3 rows are sent" in told
        assert "Kuchnia polowa On the map" in told
        assert "W mieście waits" in told


async def test_a_table_beyond_what_an_organisation_may_send_in_a_day_stays_on_the_page(
    site: FastAPI, organisation: uuid.UUID, database: Database, monkeypatch: Any
) -> None:
    here = f"{PAGE}/{organisation}"
    small = type(SENDING)(SENDING.name, times=2, period_s=SENDING.period_s)
    monkeypatch.setattr("app.desk.organisation_table.SENDING", small)
    rows = [
        "name,services,lat,lng",
        *(f"Miejsce {n * 'abc'},hot_meals,50.{80 + n},20.{60 + n}" for n in range(1, 5)),
    ]
    async with browser_of_member(site, organisation, ANNA, Seat.ADMIN) as anna:
        page = await upload(anna, here, "\n".join(rows).encode())
        assert "Send 4 rows" in said(page), said(page)
        left = await press(anna, here, page, "send")
        assert left.status_code == 409
        assert "2 rows are sent" in said(left)
        assert "as many rows as it may in a day" in row_of(left, 3)
        assert "as many rows as it may in a day" in row_of(left, 4)
        assert len(await submissions(database)) == 2
        many = "\n".join([rows[0], *(rows[1] for _ in range(51))]).encode()
        assert "more than 50 rows" in said(await upload(anna, here, many))
        geo = b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[20.63,50.87]},"properties":{"name":"Z mapy","services":"Hot meals"}}]}'
        assert "Send 1 row" in said(await upload(anna, here, geo))
        empty = await anna.get(f"{here}/table.csv")
        assert "This is the example" in row_of(await upload(anna, here, empty.content), 1)
