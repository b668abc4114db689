"""Every step of a form has an address: Back, Forward and reload show what was typed, and nothing readable is kept."""

import re
from dataclasses import replace
from ipaddress import ip_address

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.db import Database, session
from app.forms.drafts import forget_old_drafts
from app.pages.drafts import KEEPING
from app.web.client_address import counted_as
from app.web.rate_limit import take
from tests.functional.pages.conftest import Page, Person
from tests.functional.pages.test_adding import first_steps, send, submissions, to_check


async def kept(database: Database) -> list[bytes]:
    async with session(database) as s:
        return list(await s.scalars(text("SELECT sealed FROM core.form_draft ORDER BY touched_at")))


def other_step(page: Page, at: int) -> str:
    return f"{page.url.rpartition('/')[0]}/{at}"


async def test_a_press_of_a_button_leads_to_an_address(person: Person, client: httpx2.AsyncClient) -> None:
    page = await person.opens("/pl/add/aid_points")
    assert re.fullmatch(r"/pl/add/aid_points/[\w-]{22}/1", page.url)
    answer = await client.post(page.action, data={**page.fields, "name": "", "action": "next"})
    assert (answer.status_code, answer.headers["cache-control"]) == (303, "no-store")
    assert answer.headers["location"] == page.url


async def test_back_forward_and_reload_show_everything_at_each_step(person: Person) -> None:
    page = await to_check(person)
    assert page.url.endswith("/5")
    for at, name, words in (
        (1, "name", "Jadłodajnia „Pod Lipą”"),
        (2, "address.street", "Leonarda"),
        (3, "languages", "pl"),
        (4, "phones.0.value", "41 555 01 23"),
    ):
        for _ in range(2):
            shown = await person.opens(other_step(page, at))
            assert (shown.status, shown.url) == (200, other_step(page, at))
            assert shown.fields[name][0] == words
    assert "Leonarda" in (await person.opens(page.url)).text


async def test_a_page_behind_back_takes_nothing_of_the_later_steps_away(person: Person) -> None:
    first = await first_steps(person)
    early = await person.opens(other_step(first, 1))
    page = await person.presses(
        first, "next", address__street="Leonarda", address__city="Kielce", hours__kind="always"
    )
    assert page.url.endswith("/3")
    # The page that the browser kept knows nothing of the street.
    page = await person.presses(early, "next", name="Kuchnia")
    assert page.fields["address.street"] == ["Leonarda"]
    assert (await person.opens(other_step(page, 1))).fields["name"] == ["Kuchnia"]


async def test_what_is_wrong_is_still_said_after_a_reload(person: Person) -> None:
    page = await person.opens("/en/add/aid_points")
    page = await person.presses(page, "next", description="Warm", services=[])
    for shown in (page, await person.opens(page.url)):
        assert shown.status == 422
        assert "Write the name of the place." in shown.text
        assert shown.fields["description"] == ["Warm"]


async def test_an_address_for_mails_is_kept_on_the_way_back(person: Person) -> None:
    page = await to_check(person)
    page = await person.presses(page, "step:1", email="ola@poczta.pl")
    assert (await person.opens(other_step(page, 5))).fields["email"] == ["ola@poczta.pl"]


async def test_the_form_goes_on_in_another_language(person: Person) -> None:
    page = await first_steps(person)
    page = await person.opens(page.url.replace("/pl/", "/uk/"))
    assert "Jadłodajnia „Pod Lipą”" in page.text
    assert page.action.startswith("/uk/")


async def test_nothing_that_was_typed_can_be_read_in_the_database_or_the_address(
    person: Person, database: Database
) -> None:
    page = await to_check(person)
    page = await person.presses(page, "step:1", email="ola@poczta.pl")
    (sealed,) = await kept(database)
    for words in ("Jadłodajnia", "Leonarda", "ola@poczta", "555"):
        assert words.encode() not in sealed
        assert words not in page.url
    async with session(database) as s:
        unlogged = await s.scalar(
            text("SELECT relpersistence = 'u' FROM pg_class WHERE oid = 'core.form_draft'::regclass")
        )
        address = page.url.split("/")[-2]
        (found,) = (await s.execute(text("SELECT id FROM core.form_draft"))).all()
    assert unlogged
    assert address.encode() not in bytes(found.id)


async def test_nothing_is_kept_before_a_button_is_pressed_nor_after_sending(
    person: Person, database: Database
) -> None:
    await person.opens("/pl/add/aid_points")
    assert await kept(database) == []
    check = await to_check(person)
    assert len(await kept(database)) == 1
    assert (await send(person, check)).url.startswith("/pl/sent/")
    assert await kept(database) == []
    gone = await person.opens(check.url)
    assert (gone.status, "Jadłodajnia" in gone.text) == (410, False)
    assert len(await submissions(database)) == 1


async def test_after_six_hours_nothing_is_left_and_an_open_page_can_still_be_sent(
    person: Person, database: Database
) -> None:
    page = await first_steps(person)
    async with session(database) as s:
        await s.execute(text("UPDATE core.form_draft SET touched_at = touched_at - interval '361 minutes'"))
    assert (await person.opens(page.url)).status == 410
    async with session(database) as s:
        await forget_old_drafts(s)
    assert await kept(database) == []
    page = await person.presses(
        page, "next", address__street="Leonarda", address__city="Kielce", hours__kind="always"
    )
    assert (page.status, page.fields["name"]) == (200, ["Jadłodajnia „Pod Lipą”"])


@pytest.mark.parametrize("rest", ["x/1", "A" * 22 + "/0", "A" * 22 + "/6", "A" * 22 + "/١", "A" * 23 + "/1"])
async def test_what_is_no_address_of_a_step_is_not_found(person: Person, rest: str) -> None:
    assert (await person.opens(f"/pl/add/aid_points/{rest}")).status == 404
    assert (await person.sends(f"/pl/add/aid_points/{rest}", [("name", "x")])).status == 404


async def test_who_presses_very_often_is_answered_without_anything_being_kept(
    person: Person, site: FastAPI, database: Database
) -> None:
    # One use that weighs as much as six hundred.
    used_up = replace(KEEPING, times=1)
    await take(database.write, used_up, site.state.client_keys, counted_as(ip_address("127.0.0.1")))
    page = await first_steps(person)
    page = await person.presses(
        page, "next", address__street="Leonarda", address__city="Kielce", hours__kind="always"
    )
    assert page.status == 200
    page = await person.presses(page, "next", languages=["pl"], cost="free")
    page = await person.presses(page, "next", phones__0__value="41 555 01 23")
    assert "Leonarda" in page.text
    assert await kept(database) == []
    assert (await send(person, page)).url.startswith("/pl/sent/")
