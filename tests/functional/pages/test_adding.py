"""Adding a place without script, from the first page to the mails."""

import datetime as dt
import uuid

import httpx2
import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import select, text

from app.accounts.audit import Actor
from app.db import Database, session
from app.moderation.actions.request_changes import request_changes
from app.moderation.models import Submission
from tests.functional.conftest import ORIGIN, Mailbox, links_in
from tests.functional.pages.conftest import Page, Person


async def first_steps(
    person: Person, *, name: str = "Jadłodajnia „Pod Lipą”", services: list[str] | None = None
) -> Page:
    page = await person.opens("/pl/add/aid_points")
    return await person.presses(page, "next", name=name, services=services or ["hot_meals"])


async def to_check(person: Person, **more: str) -> Page:
    page = await first_steps(person)
    page = await person.presses(
        page, "next", address__street="Leonarda", address__house_number="8a", address__postcode="25-311",
        address__city="Kielce", position="50.8703, 20.6275", hours__kind="always",
    )  # fmt: skip
    page = await person.presses(page, "next", languages=["pl", "uk"], cost="free")
    return await person.presses(page, "next", phones__0__value="41 555 01 23", **more)


async def send(person: Person, page: Page, email: str = "ola@poczta.pl") -> Page:
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=3)):
        return await person.presses(page, "send", email=email)


async def submissions(database: Database) -> list[Submission]:
    async with session(database) as s:
        return list(await s.scalars(select(Submission)))


async def test_a_place_is_sent_confirmed_and_waits_for_a_moderator(
    person: Person, database: Database, mailbox: Mailbox
) -> None:
    page = await to_check(person)
    assert "Jadłodajnia „Pod Lipą”" in page.text
    assert "Leonarda" in page.text
    page = await send(person, page)
    assert page.status == 200
    assert page.url.startswith("/pl/sent/")
    (stored,) = await submissions(database)
    assert (stored.state, stored.contact_email, stored.language) == ("unconfirmed", "ola@poczta.pl", "pl")
    assert stored.content["place"] == {"disclosure": "exact", "position": {"lat": 50.8703, "lng": 20.6275}}
    assert stored.content["contacts"] == [{"kind": "phone", "value": "+48415550123", "visibility": "public"}]

    (mail,) = await mailbox.collect()
    assert mail["To"] == "ola@poczta.pl"
    # What a stranger wrote is not carried into somebody's mailbox.
    assert "Pod Lip" not in str(mail["Subject"])
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Pod Lip" not in body.get_content()
    (confirm,) = links_in(mail)
    page = await person.opens(confirm)
    assert (await submissions(database))[0].state == "unconfirmed"
    page = await person.sends(page.action, [])
    assert page.url.startswith("/pl/status/")
    assert (await submissions(database))[0].state == "pending"
    assert await mailbox.collect() == []


async def test_what_is_missing_is_said_in_place_and_everything_is_kept(person: Person) -> None:
    page = await person.opens("/en/add/aid_points")
    page = await person.presses(page, "next", name="", description="Ciepło\nі затишно", services=[])
    assert page.status == 422
    assert "Write the name of the place." in page.text
    assert {"#name", "#services"} <= set(page.links)
    assert {"name", "services"} <= page.ids
    assert page.fields["description"] == ["Ciepło\nі затишно"]
    assert "<title>Error: " in page.html


async def test_back_keeps_what_was_typed_even_if_it_is_not_right(person: Person) -> None:
    page = await first_steps(person)
    page = await person.presses(page, "step:1", address__postcode="nonsense", hours__kind="fixed")
    assert page.status == 200
    assert page.fields["name"] == ["Jadłodajnia „Pod Lipą”"]
    page = await person.presses(page, "next")
    assert page.fields["address.postcode"] == ["nonsense"]
    assert page.fields["hours.kind"] == ["fixed"]


async def test_a_break_and_a_copy_of_monday_need_no_script(person: Person) -> None:
    page = await first_steps(person)
    page = await person.presses(
        page,
        "break:hours.0",
        hours__kind="fixed",
        hours__0__on="1",
        hours__0__0__from="9",
        hours__0__0__to="12",
    )
    page = await person.presses(page, "copy:hours", hours__0__1__from="13:00", hours__0__1__to="17.30")
    assert page.fields["hours.4.1.to"] == ["17.30"]
    page = await person.presses(page, "next", address__city="Kielce", address__street="Leonarda")
    assert page.status == 200
    page = await person.presses(page, "next")
    page = await person.presses(page, "next")
    assert "9:00–12:00, 13:00–17:30" in page.text


async def test_an_end_before_the_beginning_is_explained_at_its_day(person: Person) -> None:
    page = await person.opens("/en/add/aid_points")
    page = await person.presses(page, "next", name="Kitchen", services=["hot_meals"])
    page = await person.presses(
        page, "next", address__city="Kielce", hours__kind="fixed", hours__2__on="1",
        hours__2__0__from="14:00", hours__2__0__to="2:00",
    )  # fmt: skip
    assert page.status == 422
    assert "Wednesday: The end is before the beginning." in page.text
    page = await person.presses(page, "next", hours__2__0__next="1")
    assert page.status == 200


async def test_a_shelter_from_violence_is_never_asked_for_its_address(
    person: Person, database: Database
) -> None:
    page = await person.opens("/pl/add/aid_points")
    page = await person.presses(page, "next", name="Dom", services=["violence_shelter"])
    assert "address.street" not in page.fields
    assert "position" not in page.fields
    assert ("disclosure", "exact") not in page.boxes
    # Neither does it help to send them all the same.
    page = await person.presses(
        page, "next", disclosure="exact", address__street="Tajna", address__city="Kielce",
        position="50.87, 20.62", hours__kind="always", area="Kielce",
    )  # fmt: skip
    assert "Tajna" not in page.html
    assert "50.87" not in page.html
    assert await submissions(database) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"nickname": "bot"}, "A field that people do not see"),
        ({"email": "nobody"}, "Write an e-mail address"),
        ({"started": "x"}, "open for long"),
    ],
)
async def test_what_does_not_look_like_a_person_is_not_stored_and_nothing_is_lost(
    person: Person, database: Database, more: dict[str, str], words: str
) -> None:
    page = await to_check(person)
    page.action = page.action.replace("/pl/", "/en/")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=3)):
        page = await person.presses(page, "send", **({"email": "ola@poczta.pl"} | more))
    assert page.status == 422
    assert words in page.text
    assert page.fields["name"] == ["Jadłodajnia „Pod Lipą”"]
    assert await submissions(database) == []


async def test_what_is_filled_in_faster_than_a_person_can_is_asked_again(
    person: Person, database: Database
) -> None:
    # By a clock that stands still: on a busy machine the steps take longer than a fast person.
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False):
        page = await to_check(person)
        page.action = page.action.replace("/pl/", "/en/")
        page = await person.presses(page, "send", email="ola@poczta.pl")
    assert (page.status, await submissions(database)) == (422, [])
    assert "very fast" in page.text


async def test_pressing_twice_stores_once(person: Person, database: Database) -> None:
    page = await to_check(person)
    first = await send(person, page)
    second = await send(person, page)
    assert first.url == second.url
    assert len(await submissions(database)) == 1


async def test_the_sixth_in_an_hour_waits_and_is_not_lost(person: Person, database: Database) -> None:
    for number in range(5):
        page = await send(person, await to_check(person), email=f"ola{number}@poczta.pl")
        assert page.url.startswith("/pl/sent/")
    page = await send(person, await to_check(person))
    assert page.status == 429
    assert int(page.headers["retry-after"]) > 0
    assert page.fields["name"] == ["Jadłodajnia „Pod Lipą”"]
    assert len(await submissions(database)) == 5


async def test_an_organisation_takes_three_steps(
    person: Person, database: Database, mailbox: Mailbox
) -> None:
    page = await person.opens("/uk/add/organisations")
    page = await person.presses(
        page, "next", name="Фундація «Дім»", sector="ngo", identifiers__nip="1234567890"
    )
    assert page.status == 422
    page = await person.presses(page, "next", identifiers__nip="")
    page = await person.presses(
        page,
        "next",
        emails__0__value="dim@dim.org",
        people__0__name="Olena",
        people__0__phone="+380441234567",
    )
    page = await send(person, page)
    assert page.url.startswith("/uk/sent/")
    (stored,) = await submissions(database)
    assert stored.content["name"] == {"source": "uk", "texts": {"uk": "Фундація «Дім»"}}
    assert stored.content["people"][0]["phone"] == "+380441234567"
    (mail,) = await mailbox.collect()
    assert mail["Content-Language"] == "uk"


@pytest.mark.parametrize(
    "path", ["/pl/add/nothing", "/xx/add/aid_points", "/pl/status/abc", f"/pl/confirm/{'A' * 43}"]
)
async def test_what_there_is_not_is_not_found(person: Person, path: str) -> None:
    assert (await person.opens(path)).status == 404


@pytest.mark.parametrize(
    ("pairs", "status"),
    [
        ([("name", "a"), ("name", "b")], 422),
        ([("name", "\x00")], 422),
        ([("at", "99"), ("action", "step:7")], 422),
        ([("at", "-1"), ("action", "next")], 422),
        ([("services", "nothing"), ("name", "x")], 422),
        ([("hours.9.on", "1"), ("phones.100.value", "1"), ("__proto__", "x")], 422),
        ([("at", "5"), ("action", "send"), ("email", "a@b.pl")], 422),
        (
            [
                ("at", "2"),
                ("channel", "<script>alert(1)</script>"),
                ("name", "{{7*7}}"),
                ("services", "hot_meals"),
            ],
            422,
        ),
        ([("at", "2"), ("action", "break:hours.8")], 422),
        ([("text_language", "../../etc"), ("name", "abc"), ("services", "hot_meals")], 422),
    ],
)
async def test_hostile_forms_are_refused_and_never_an_error_of_ours(
    person: Person, database: Database, pairs: list[tuple[str, str]], status: int
) -> None:
    page = await person.opens("/pl/add/aid_points")
    page = await person.sends(page.action, pairs)
    assert page.status == status
    assert "<script>alert" not in page.html
    assert await submissions(database) == []


async def test_the_preview_of_hours_is_a_piece_of_a_page(person: Person) -> None:
    page = await person.sends(
        "/en/add/hours-preview",
        [("hours.kind", "fixed"), ("hours.0.on", "1"), ("hours.0.0.from", "9"), ("hours.0.0.to", "17")],
    )
    assert page.status == 200
    assert "Monday: 9:00–17:00" in page.text
    assert "<html" not in page.html


async def test_pages_of_submitters_are_for_nobody_else(person: Person, database: Database) -> None:
    page = await send(person, await to_check(person))
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]
    assert "set-cookie" not in page.headers
    assert uuid.UUID(str((await submissions(database))[0].id))
    async with session(database) as s:
        jobs = (await s.execute(text("SELECT args FROM jobs.procrastinate_jobs"))).scalars().all()
    assert "ola@poczta.pl" not in str(jobs)


async def test_one_mailbox_is_not_filled_from_many_connections(site: FastAPI, database: Database) -> None:
    site.state.settings = site.state.settings.model_copy(update={"submissions_per_hour": 1})
    answers = []
    for number in range(3):
        transport = httpx2.ASGITransport(app=site, client=(f"192.0.2.{number + 1}", 1))
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:
            person = Person(client)
            answers.append(await send(person, await to_check(person), email="obca@poczta.pl"))
    assert [page.status for page in answers] == [200, 200, 429]
    assert answers[-1].fields["name"] == ["Jadłodajnia „Pod Lipą”"]
    assert "#email" in answers[-1].links
    assert len(await submissions(database)) == 1


async def test_who_typed_an_address_that_is_not_theirs_can_look_and_do_nothing(
    person: Person, database: Database, mailbox: Mailbox
) -> None:
    page = await send(person, await to_check(person))
    seen = page.url
    (mail,) = await mailbox.collect()
    (confirm,) = links_in(mail)
    own = await person.sends((await person.opens(confirm)).action, [])
    (stored,) = await submissions(database)
    async with session(database) as s:
        await request_changes(
            s, stored.id, version=stored.version, actor=Actor("staff"), question="Ktore pietro?"
        )
    assert "Ktore pietro?" in (await person.opens(own.url)).text
    page = await person.opens(seen)
    assert page.status == 200
    assert "Moderator o coś pyta" in page.text
    assert "Ktore pietro?" not in page.text
    assert not page.action
    assert not [link for link in page.links if "/status/" in link or "#answer" in link]
    token = seen.rpartition("/")[2]
    for path in (f"/pl/status/{token}", f"/pl/status/{token}/withdraw", f"/pl/status/{token}/correct"):
        assert (await person.opens(path)).status == 404
    for path in ("answer", "withdraw", f"correct/{'A' * 22}/1"):
        assert (await person.sends(f"/pl/status/{token}/{path}", [("answer", "x")])).status == 404
        assert (await person.sends(f"{seen}/{path}", [("answer", "x")])).status == 404
    assert (await submissions(database))[0].state == "needs_changes"
