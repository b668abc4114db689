"""What people did not find: shown to them before it is sent, counted at the desk by need and area, forgotten in time."""

import csv
import datetime as dt
import io
import re
from typing import Any

import httpx2
import pytest
import time_machine
from fastapi import FastAPI
from shapely import box
from sqlalchemy import select, text

from app.accounts.roles import Role
from app.areas.importing import import_units
from app.db import Database, session
from app.moderation.models import Missing
from app.moderation.retention import forget
from tests.functional.desk.conftest import signed_in
from tests.functional.pages.conftest import Page, Person
from tests.functional.pages.test_finder_areas import unit

CANARY = "kanarek7q"


@pytest.fixture
async def units(database: Database) -> None:
    async with session(database) as s:
        made = [
            unit("26", box(20, 50, 22, 52), "świętokrzyskie"),
            unit("2661", box(20.4, 50.7, 20.9, 51.0), "Kielce", kind="city"),
        ]
        await import_units(s, made)


async def send(
    person: Person, page: Page, later_s: int = 60, *, since: dt.datetime | None = None, **filled: Any
) -> Page:
    """Send the form so long after `since`, else after now; the clock stands still, however busy the machine is."""
    moment = (since or dt.datetime.now(dt.UTC)) + dt.timedelta(seconds=later_s)
    with time_machine.travel(moment, tick=False):
        return await person.presses(page, **filled)


async def told(database: Database) -> list[Missing]:
    async with session(database) as s:
        return list(await s.scalars(select(Missing).order_by(Missing.created_at, Missing.id)))


async def test_a_search_that_finds_nothing_leads_to_a_form_that_shows_it(
    person: Person, database: Database, units: None
) -> None:
    nothing = await person.opens(
        "/en/?service=dental_care&language=uk&near=20.6286,50.8661&q=%C5%BC%C3%B3%C5%82w"
    )
    (link,) = [href for href in nothing.links if href.startswith("/en/missing?")]
    page = await person.opens(link)
    assert "noindex" in page.html
    assert {("service", "dental_care"), ("language", "uk")} <= page.boxes
    assert page.fields["searched"] == ["żółw"]
    assert page.fields["area"] == ["PL-2661"]
    assert "20.6286" not in str(page.fields)
    done = await send(person, page, body="Dentysta po ukraińsku", language=None)
    assert done.url == "/en/missing/sent"
    (one,) = await told(database)
    assert (one.services, one.languages, one.area_code) == (["dental_care"], [], "PL-2661")
    assert (one.searched, one.body, one.language) == ("żółw", "Dentysta po ukraińsku", "en")


@pytest.mark.parametrize(("service", "out"), [("violence_shelter", 1), ("dental_care", 0)])
async def test_who_told_of_help_against_violence_has_the_way_out_afterwards_too(
    person: Person, service: str, out: int
) -> None:
    done = await send(person, await person.opens(f"/en/missing?service={service}"))
    assert "Thank you" in done.text
    assert done.html.count("data-quick-exit") == out
    assert service not in done.url


async def test_before_anybody_chooses_a_kind_of_help_nothing_is_chosen(
    person: Person, database: Database
) -> None:
    page = await person.opens("/en/missing?q=pralka")
    assert page.fields["service"] == [""]
    first = re.search(r'<select[^>]*name="service".*?<option value=""[^>]*>([^<]+)<', page.html, re.DOTALL)
    assert first is not None
    assert first[1] == "Nothing chosen"
    await send(person, page, service="health")
    (one,) = await told(database)
    assert one.services == ["health"]


async def test_nobody_has_to_say_where_and_a_wide_map_says_nothing_of_it(
    person: Person, database: Database, units: None
) -> None:
    page = await person.opens("/en/missing?service=dental_care&bbox=20.5,50.8,20.7,50.9")
    await send(person, page, area="")
    page = await person.opens("/en/missing?service=dental_care&bbox=14,49,24,55")
    assert "area" not in page.fields
    await send(person, page, area="PL-26")
    assert [one.area_code for one in await told(database)] == [None, None]


@pytest.mark.parametrize(
    ("later_s", "filled", "says"),
    [
        (60, {"service": None, "searched": ""}, "Say what you were looking for"),
        (60, {"body": "x" * 501}, "Write it shorter"),
        (60, {"searched": "x" * 101}, "Write it shorter"),
        (60, {"body": "\u202etxt"}, "direction"),
        (60, {"nickname": "x"}, "A field that people do not see"),
        (0, {}, "That was very fast"),
        (60, {"started": "AAAA"}, "open for long"),
    ],
)
async def test_what_is_wrong_is_said_nothing_is_kept_and_the_form_keeps_its_answers(
    person: Person, database: Database, later_s: int, filled: dict[str, Any], says: str
) -> None:
    opened = dt.datetime.now(dt.UTC)
    with time_machine.travel(opened, tick=False):
        page = await person.opens("/en/missing?service=dental_care")
    again = await send(person, page, later_s, since=opened, **filled)
    assert again.status == 422
    assert says in again.text
    assert await told(database) == []
    if "service" not in filled:
        assert ("service", "dental_care") in again.boxes


async def test_codes_that_there_are_not_and_too_many_of_them_are_left_out(
    person: Person, database: Database
) -> None:
    page = await person.opens("/en/missing?q=x")
    await send(person, page, service=["no_such", "dental_care", "'; DROP TABLE core.missing"], area="PL-26")
    (one,) = await told(database)
    assert (one.services, one.area_code) == (["dental_care"], None)


async def test_sent_twice_it_is_told_once_and_too_many_are_refused(
    person: Person, database: Database
) -> None:
    page = await person.opens("/en/missing?service=dental_care")
    for _ in range(2):
        assert (await send(person, page)).status == 200
    assert len(await told(database)) == 1
    statuses = [(await send(person, page)).status for _ in range(10)]
    assert statuses[-1] == 429


async def test_the_desk_counts_by_need_and_area_and_the_file_has_nobodys_words(
    person: Person, database: Database, client: httpx2.AsyncClient, site: FastAPI, units: None
) -> None:
    for number in range(3):
        page = await person.opens("/en/missing?service=dental_care&area=PL-2661")
        await send(person, page, body=f"<b>{CANARY}</b> {number}")
    await send(person, await person.opens(f"/en/missing?q={CANARY}&language=uk&audience=refugees"))
    await send(person, await person.opens("/en/missing?language=uk"))
    async with signed_in(site, Role.EDITOR, "city@example.org") as desk:
        desk.headers["Accept-Language"] = "en"
        shown = (await desk.get("/desk/missing")).text
        assert shown.index("Dentist: Kielce") < shown.index("No kind of help named: Anywhere")
        assert "3 people" in shown
        assert "They also needed: Ukrainian (2), Refugees (1)" in shown
        assert f"&lt;b&gt;{CANARY}&lt;/b&gt; 2" in shown
        answer = await desk.get("/desk/missing/file.csv?days=30")
        assert answer.headers["cache-control"] == "no-store"
        assert CANARY not in answer.text
        rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        assert [row[0:6] for row in rows[1:]] == [
            ["dental_care", "Dentist", "PL-2661", "Kielce", "3", ""],
            ["", "No kind of help named", "", "", "2", "Ukrainian (2), Refugees (1)"],
        ]
        assert (await desk.get("/desk/missing?days=0")).status_code == 422
    assert (await client.get("/desk/missing")).status_code == 401
    for path in ("/en/missing", "/en/missing/sent", "/en/", "/api/v1/layers"):
        assert CANARY not in (await client.get(path)).text


async def test_words_are_forgotten_after_90_days_and_the_rest_after_a_year(
    person: Person, database: Database
) -> None:
    await send(person, await person.opens("/en/missing?service=dental_care&q=x"), body="words")
    for age, words, rows in (("89 days", 0, 0), ("91 days", 1, 0), ("364 days", 0, 0), ("367 days", 0, 1)):
        async with session(database) as s:
            await s.execute(text(f"UPDATE core.missing SET created_at = now() - interval '{age}'"))
        done = await forget(database)
        assert (done["missing_words"], done["missing"]) == (words, rows), age
    assert await told(database) == []
