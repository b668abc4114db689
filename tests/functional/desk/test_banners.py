"""Administrators say something on top of every public page: looked at first, at once, for a time, kept and undone."""

import datetime as dt
import re
from collections.abc import AsyncIterator
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.roles import Role
from app.db import Database, session
from app.features.versions import KnownVersions
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.conftest import signed_in

Client = httpx2.AsyncClient
WARSAW = ZoneInfo("Europe/Warsaw")
#: In the middle of a day there and here.
NOW = dt.datetime(2031, 5, 14, 10, 1, tzinfo=dt.UTC)
PL = "Punkt przy dworcu jest dziś zamknięty."
UK = "Пункт біля вокзалу сьогодні зачинений."
EN = "The point at the station is closed today."


class Clock:
    """The clock of the installation, which a test may turn."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock(site: FastAPI) -> Clock:
    site.state.clock = Clock()
    found: Clock = site.state.clock
    return found


@pytest.fixture
async def administrator(site: FastAPI, clock: Clock) -> AsyncIterator[Client]:
    async with signed_in(site, Role.ADMINISTRATOR, "admin@example.org") as browser:
        yield browser


def typed(*, hours: float = 6, begins: float | None = None, **more: str) -> dict[str, str]:
    """Give the form of a banner that ends that many hours after `NOW`, in the clock of Warsaw."""

    def in_warsaw(name: str, moment: dt.datetime) -> dict[str, str]:
        local = moment.astimezone(WARSAW)
        return {f"{name}_day": f"{local:%Y-%m-%d}", f"{name}_time": f"{local:%H:%M}"}

    form = {"kind": "warning", "text_pl": PL, "text_uk": UK, "text_en": EN, "link": ""}
    form |= in_warsaw("until", NOW + dt.timedelta(hours=hours))
    if begins is not None:
        form |= in_warsaw("from", NOW + dt.timedelta(hours=begins))
    return form | more


async def post(browser: Client, form: dict[str, str], *, path: str = "new", **more: str) -> httpx2.Response:
    """Look at a banner and keep it, as a person does."""
    look = await browser.post(f"/desk/banners/{path}", data=form | more)
    assert look.status_code == 200, look.text
    seen = re.search(r'name="looked_at" value="([^"]+)"', look.text)
    assert seen is not None
    return await browser.post(
        f"/desk/banners/{path}", data=form | more | {"act": "keep", "looked_at": seen[1]}
    )


async def top_of(site: FastAPI, browser: Client, address: str = "/pl/about") -> str:
    """Give what stands on top of a public page, as a process reads it that has just looked."""
    site.state.known_versions = KnownVersions()
    answer = await browser.get(address)
    found = re.search(r'<section class="banners".*?</section>', answer.text, re.DOTALL)
    return found[0] if found else ""


async def banner_id(database: Database) -> str:
    async with session(database) as s:
        return str(
            (await s.execute(text("SELECT id FROM core.banner ORDER BY place DESC LIMIT 1"))).scalar_one()
        )


async def version_of(database: Database, found: str) -> str:
    async with session(database) as s:
        return str(
            (
                await s.execute(text("SELECT version FROM core.banner WHERE id = :id"), {"id": found})
            ).scalar_one()
        )


async def audited(database: Database) -> list[str]:
    async with session(database) as s:
        statement = "SELECT action FROM core.audit WHERE object_type = 'banner' ORDER BY id"
        return list((await s.execute(text(statement))).scalars())


async def test_what_is_kept_stands_on_every_kind_of_public_page_at_once(
    site: FastAPI, client: Client, administrator: Client, publish: Publish
) -> None:
    [made] = await publish(aid_point())
    assert (await post(administrator, typed())).status_code == 303
    place = f"/pl/aid_points/{made.feature_id}"
    led_to = (await client.get(place)).headers["location"]
    for address in (
        "/pl/", "/pl/about", led_to, f"{place}/slip.html", "/pl/table", "/pl/lists", "/pl/day",
        "/pl/add", f"/pl/suggest/{made.feature_id}", f"/pl/report/{made.feature_id}", "/pl/missing",
    ):  # fmt: skip
        top = await top_of(site, client, address)
        assert PL in top, address
        assert ">Ostrzeżenie</h2>" in top, address
    for address in ("/pl/offline", "/pl/no-such-page", "/pl/no/such/page/of/any/route"):
        # Also where nothing else has to be read, by a process that nobody has asked for anything yet.
        site.state.known_versions = KnownVersions()
        assert PL in (await client.get(address)).text, address


async def test_a_page_that_a_browser_has_turns_with_a_banner_and_when_its_time_begins_and_ends(
    site: FastAPI, client: Client, administrator: Client, clock: Clock, publish: Publish
) -> None:
    await publish(aid_point())
    addresses = ("/pl/", "/pl/about")

    async def asked(before: list[str]) -> tuple[list[int], list[str]]:
        site.state.known_versions = KnownVersions()
        got = [
            await client.get(address, headers={"If-None-Match": tag} if tag else {})
            for address, tag in zip(addresses, before, strict=True)
        ]
        return [one.status_code for one in got], [one.headers["etag"] for one in got]

    _, first = await asked(["", ""])
    assert (await asked(first))[0] == [304, 304]
    # Minutes that lie in the same five as the moment that pages speak of.
    await post(administrator, typed(begins=1 / 60, hours=2 / 60))
    assert (await asked(first))[0] == [304, 304]
    clock.now = NOW + dt.timedelta(minutes=1)
    codes, during = await asked(first)
    assert codes == [200, 200]
    assert (await asked(during))[0] == [304, 304]
    clock.now = NOW + dt.timedelta(minutes=2)
    codes, after = await asked(during)
    assert codes == [200, 200]
    assert after == first


async def test_a_process_that_knows_the_versions_asks_no_more_for_banners(
    site: FastAPI, client: Client, administrator: Client, database: Database
) -> None:
    await post(administrator, typed())
    await client.get("/pl/about")
    statements: list[str] = []

    from sqlalchemy import event

    def noted(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    event.listen(database.read.sync_engine, "before_cursor_execute", noted)
    site.state.known_versions = KnownVersions()
    await client.get("/pl/about")
    assert len(statements) == 1
    assert "banner_board" in statements[0]
    assert "layer_version" in statements[0]


async def test_who_has_no_text_of_their_own_gets_another_that_says_which_language_it_is(
    site: FastAPI, client: Client, administrator: Client
) -> None:
    await post(administrator, typed())
    for language, words, really in (
        ("pl", PL, "pl"), ("uk", UK, "uk"), ("en", EN, "en"), ("de", EN, "en"), ("ro", EN, "en"), ("ru", UK, "uk"),
    ):  # fmt: skip
        assert f'<p lang="{really}" dir="auto">{words}</p>' in await top_of(
            site, client, f"/{language}/about"
        )


async def test_nothing_is_kept_that_was_not_looked_at_as_it_is(
    site: FastAPI, client: Client, administrator: Client
) -> None:
    look = await administrator.post("/desk/banners/new", data=typed())
    looks = re.findall(r'<h2 id="look-(\w+)".*?<p lang="(\w+)" dir="auto">', look.text, re.DOTALL)
    assert looks == [("pl", "pl"), ("uk", "uk"), ("en", "en"), ("de", "en"), ("ro", "en"), ("ru", "uk")]
    seen = re.search(r'name="looked_at" value="([^"]+)"', look.text)
    assert seen is not None
    for form in (
        typed(act="keep"),
        typed(act="keep", looked_at="x"),
        typed(act="keep", looked_at=seen[1], text_pl="Coś zupełnie innego."),
    ):
        assert (await administrator.post("/desk/banners/new", data=form)).status_code == 409
    assert await top_of(site, client) == ""


WRONG = (
    ({"text_uk": ""}, "text_uk"),
    ({"text_pl": " "}, "text_pl"),
    ({"text_en": "x" * 241}, "text_en"),
    ({"text_de": "a\u202eb"}, "text_de"),
    ({"kind": "party"}, "kind"),
    ({"link": "http://example.org/"}, "link"),
    ({"link": "javascript:alert(1)"}, "link"),
    ({"link": "//example.org"}, "link"),
    ({"link": "/\\example.org"}, "link"),
    ({"link": "/desk/people"}, "link"),
    ({"link": "/pl/desk"}, "link"),
    ({"link": "/about/../desk"}, "link"),
    ({"link": "https://user:word@example.org/"}, "link"),
    ({"link": "https://127.0.0.1/"}, "link"),
    ({"link": "https://pаypal.com/"}, "link"),
    ({"until_time": "25:00"}, "until_day"),
    ({"until_day": "2031-13-01"}, "until_day"),
    ({"until_day": "2031-05-13"}, "until_day"),
    ({"until_day": "2033-05-14"}, "until_day"),
    ({"from_day": "2031-05-20", "from_time": "10:00"}, "until_day"),
    ({"from_day": "2032-03-28", "from_time": "02:30", "until_day": "2032-03-29"}, "from_day"),
)


async def test_what_is_wrong_is_said_at_its_field_and_everything_typed_stays(
    site: FastAPI, client: Client, administrator: Client
) -> None:
    for wrong, field in WRONG:
        answer = await administrator.post("/desk/banners/new", data=typed() | wrong)
        assert answer.status_code == 422, wrong
        assert f'id="{field}-error"' in answer.text, wrong
        assert f'<a href="#{field}">' in answer.text, wrong
        if field == "text_uk":
            assert '<a href="#text_uk">Українська: ' in answer.text
        if "text_pl" not in wrong:
            assert PL in answer.text, wrong
    assert await top_of(site, client) == ""


async def test_hours_are_those_of_warsaw_in_summer_and_in_winter(
    administrator: Client, database: Database, clock: Clock
) -> None:
    form = typed(until_day="2031-12-01", until_time="16:30", from_day="2031-06-01", from_time="00:00")
    assert (await post(administrator, form)).status_code == 303
    async with session(database) as s:
        row = (await s.execute(text("SELECT from_at, until_at FROM core.banner"))).one()
    assert row.from_at == dt.datetime(2031, 5, 31, 22, 0, tzinfo=dt.UTC)
    assert row.until_at == dt.datetime(2031, 12, 1, 15, 30, tzinfo=dt.UTC)


async def test_an_emergency_has_to_be_confirmed_stands_first_and_cannot_be_put_away(
    site: FastAPI, client: Client, administrator: Client
) -> None:
    await post(administrator, typed(text_pl="Zwykłe ostrzeżenie."))
    unsure = await post(administrator, typed(kind="emergency"))
    assert unsure.status_code == 409
    assert 'role="alert"' in unsure.text
    assert 'name="confirmed"' in unsure.text
    assert PL not in await top_of(site, client)
    assert (await post(administrator, typed(kind="emergency"), confirmed="1")).status_code == 303
    top = await top_of(site, client)
    assert top.index(PL) < top.index("Zwykłe ostrzeżenie.")
    emergency, warning = re.findall(r"<details.*?</details>", top, re.DOTALL)
    assert "data-dismiss" not in emergency
    assert "data-dismiss" in warning


async def test_at_most_three_are_shown_at_once_whatever_their_hours(
    site: FastAPI, client: Client, administrator: Client, clock: Clock
) -> None:
    for begins, ends in ((0, 4), (1, 6), (3, 9)):
        assert (await post(administrator, typed(begins=begins, hours=ends))).status_code == 303
    assert (await post(administrator, typed(begins=0, hours=9))).status_code == 409
    assert (await post(administrator, typed(begins=4, hours=9))).status_code == 303
    clock.now = NOW + dt.timedelta(hours=3)
    assert (await top_of(site, client)).count("data-banner=") == 3
    clock.now = NOW + dt.timedelta(hours=5)
    assert (await top_of(site, client)).count("data-banner=") == 3


async def test_everything_that_is_done_is_kept_audited_and_can_be_undone(
    site: FastAPI, client: Client, administrator: Client, database: Database
) -> None:
    await post(administrator, typed(kind="emergency"), confirmed="1")
    found = await banner_id(database)

    async def act(name: str, **more: str) -> int:
        form = {"act": name, "version": await version_of(database, found), **more}
        return (await administrator.post(f"/desk/banners/{found}/act", data=form)).status_code

    changed = typed(text_pl="Już otwarte.", version="1", kind="information")
    assert (await post(administrator, changed, path=found)).status_code == 303
    assert "Już otwarte." in await top_of(site, client)
    assert await act("down") == 303
    assert await top_of(site, client) == ""
    assert await act("back", number="1") == 409
    assert await act("back", number="1", confirmed="1") == 303
    assert PL in await top_of(site, client)
    assert await audited(database) == [
        "banner.made",
        "banner.changed",
        "banner.taken_down",
        "banner.put_back",
    ]
    history = await administrator.get(f"/desk/banners/{found}")
    assert "Już otwarte." in history.text
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM core.banner_version"))).scalar_one() == 4


async def test_nobody_writes_over_what_somebody_else_has_changed_meanwhile(
    site: FastAPI, client: Client, administrator: Client, database: Database
) -> None:
    await post(administrator, typed())
    found = await banner_id(database)
    await post(administrator, typed(text_pl="Nowsze.", version="1"), path=found)
    late = await post(administrator, typed(text_pl="Spóźnione.", version="1"), path=found)
    assert late.status_code == 409
    old = await administrator.post(f"/desk/banners/{found}/act", data={"act": "down", "version": "1"})
    assert old.status_code == 409
    assert "Nowsze." in await top_of(site, client)


async def test_what_stands_lower_is_put_higher_up(
    site: FastAPI, client: Client, administrator: Client, database: Database
) -> None:
    await post(administrator, typed(text_pl="Pierwsze."))
    await post(administrator, typed(text_pl="Drugie."))
    form = {"act": "up", "version": "1"}
    assert (
        await administrator.post(f"/desk/banners/{await banner_id(database)}/act", data=form)
    ).status_code == 303
    top = await top_of(site, client)
    assert top.index("Drugie.") < top.index("Pierwsze.")


async def test_a_refused_change_leaves_neither_rows_nor_audit(
    administrator: Client, database: Database
) -> None:
    await post(administrator, typed(kind="emergency"))
    assert await audited(database) == []
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM core.banner"))).scalar_one() == 0


async def test_a_link_leads_to_the_page_in_the_readers_language_or_says_where_else(
    site: FastAPI, client: Client, administrator: Client
) -> None:
    await post(administrator, typed(link="/pl/privacy"))
    await post(administrator, typed(link="https://www.gov.pl/web/kielce"))
    top = await top_of(site, client, "/uk/about")
    assert 'href="/uk/privacy"' in top
    assert re.search(r'href="https://www.gov.pl/web/kielce" rel="noreferrer">[^<]+: gov.pl</a>', top)


async def test_on_pages_of_help_for_those_who_may_be_watched_banners_are_folded_and_the_way_out_is_first(
    site: FastAPI, client: Client, administrator: Client, publish: Publish
) -> None:
    [quiet, open_] = await publish(
        aid_point("Poradnia", services=[{"type": "violence_support"}]), aid_point("Stołówka")
    )
    await post(administrator, typed())

    async def top(publication: Any) -> str:
        led_to = (await client.get(f"/pl/aid_points/{publication.feature_id}")).headers["location"]
        return await top_of(site, client, led_to)

    assert " open>" not in await top(quiet)
    assert " open>" in await top(open_)


async def test_no_file_for_others_says_what_a_banner_says(
    site: FastAPI, client: Client, administrator: Client, publish: Publish
) -> None:
    await publish(aid_point())
    await post(administrator, typed())
    for address in ("/api/v1/layers/aid_points/features.geojson", "/api/v1/layers"):
        assert PL not in (await client.get(address)).text


async def test_the_open_finder_gets_a_banner_with_its_next_list(
    site: FastAPI, client: Client, administrator: Client
) -> None:
    await post(administrator, typed())
    site.state.known_versions = KnownVersions()
    answer = await client.get("/pl/", headers={"X-Fragment": "results"})
    assert re.search(r'<template data-carried="[^"]+">.*' + PL, answer.text, re.DOTALL)
