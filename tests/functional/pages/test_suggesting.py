"""Suggesting a change without script: what is public is shown, what is hidden is neither shown nor lost."""

import datetime as dt
import re
import uuid
from typing import Any

import httpx2
import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import select

from app.accounts.audit import Actor
from app.accounts.roles import Role
from app.db import Database, session
from app.features.models import Feature
from app.features.publishing import Provenance
from app.moderation.actions.request_changes import request_changes
from app.moderation.models import Submission, SubmissionNote
from tests.functional.conftest import Mailbox, Publish, aid_point, links_in
from tests.functional.desk.conftest import decision, signed_in
from tests.functional.desk.two_people import with_colleague
from tests.functional.pages.conftest import Page, Person
from tests.functional.pages.finder_page import ALWAYS

HIDDEN = "kanarek7q"
CONTACTS = [
    {"kind": "phone", "value": "+48413445599"},
    {"kind": "phone", "value": "+48600700800", "visibility": "partners", "person": f"Ola {HIDDEN}"},
    {"kind": "email", "value": f"{HIDDEN}@example.org", "visibility": "partners"},
]
PROTECTED: dict[str, Any] = {
    "disclosure": "contact_only",
    "area": {"code": "2661011", "name": f"Miasto {HIDDEN}"},
}


def place(**more: Any) -> dict[str, Any]:
    return aid_point(
        "Jadłodajnia Pod Lipą",
        address={"street": "Mała", "house_number": "5", "city": "Kielce"},
        contacts=CONTACTS,
        hours=ALWAYS,
        notices=[
            {
                "kind": "info",
                "text": {"texts": {"pl": "Remont wejścia"}, "source": "pl"},
                "starts": "2026-11-01",
                "ends": "2027-06-01",
            }
        ],
        **more,
    )


async def send(person: Person, page: Page, later_s: int = 180, **filled: str | list[str] | None) -> Page:
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=later_s), tick=True):
        return await person.presses(page, "send", **({"email": "ola@poczta.pl"} | filled))


async def suggested(database: Database) -> Submission:
    async with session(database) as s:
        return (await s.scalars(select(Submission))).one()


async def live(database: Database, feature_id: uuid.UUID) -> dict[str, Any]:
    async with session(database) as s:
        found = await s.get(Feature, feature_id)
        assert found is not None
        return found.content


async def confirmed(person: Person, mailbox: Mailbox) -> None:
    (mail,) = await mailbox.collect()
    page = await person.opens(links_in(mail)[0])
    await person.sends(page.action, [])


async def approve(site: FastAPI, database: Database, *, expected: int = 303) -> httpx2.Response:
    waiting = await suggested(database)
    async with signed_in(site, Role.MODERATOR, "mod@example.org") as desk:
        both = with_colleague(desk, database)
        answer = await both.post(f"/desk/submissions/{waiting.id}/approve", data=decision(waiting))
    assert answer.status_code == expected, answer.text
    return answer


async def test_a_change_is_suggested_confirmed_compared_and_published_with_what_is_hidden_kept(
    person: Person, publish: Publish, database: Database, mailbox: Mailbox, site: FastAPI
) -> None:
    (made,) = await publish(place())
    page = await person.opens(f"/pl/suggest/{made.feature_id}")
    assert page.status == 200
    assert page.fields["name"] == ["Jadłodajnia Pod Lipą"]
    assert page.fields["address.street"] == ["Mała"]
    assert HIDDEN not in page.html
    assert "600700800" not in page.html.replace(" ", "")
    assert page.headers["cache-control"] == "no-store"
    page = await send(
        person,
        page,
        name="Jadłodajnia Pod Dębem",
        phones__0__value="41 555 01 23",
        website="https://example.org",
        remark="Byłam tam dziś.",
    )
    assert page.url.startswith("/pl/sent/")
    waiting = await suggested(database)
    assert (waiting.kind, waiting.state, waiting.feature_id, waiting.base_revision) == (
        "change", "unconfirmed", made.feature_id, 1,
    )  # fmt: skip
    assert HIDDEN not in str(waiting.content)
    await confirmed(person, mailbox)

    async with signed_in(site, Role.MODERATOR, "mod@example.org") as desk:
        review = await desk.get(f"/desk/submissions/{waiting.id}", headers={"Accept-Language": "en"})
    assert "What changes: 3 fields" in review.text
    # There was no page: an empty side is said in words, not by a sign alone.
    assert re.search(r"On the map now: </span><span[^>]*>Nothing</span>", review.text)
    assert "Dębem" in review.text
    assert "Byłam tam dziś." in review.text
    await approve(site, database)

    now = await live(database, made.feature_id)
    assert now["name"]["texts"]["pl"] == "Jadłodajnia Pod Dębem"
    assert [c["value"] for c in now["contacts"]] == ["+48415550123", "+48600700800", f"{HIDDEN}@example.org"]
    assert now["contacts"][1]["person"] == f"Ola {HIDDEN}"
    before = place()
    assert now["notices"][0]["text"] == before["notices"][0]["text"]
    assert now["place"]["position"] == {"lng": 20.6286, "lat": 50.8661}
    shown = await person.opens(f"/pl/aid_points/{made.feature_id}")
    assert "Jadłodajnia Pod Dębem" in shown.text


@pytest.mark.parametrize(
    "provenance",
    [
        Provenance(verified_how="phone", verified_at=dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)),
        Provenance(verified_how="imported", never_verified=True, licence="CC0-1.0"),
    ],
)
async def test_a_strangers_change_does_not_make_a_place_look_checked(
    person: Person,
    publish: Publish,
    database: Database,
    mailbox: Mailbox,
    site: FastAPI,
    provenance: Provenance,
) -> None:
    (made,) = await publish(place(), provenance=provenance)
    page = await person.opens(f"/pl/suggest/{made.feature_id}")
    await send(person, page, name="Jadłodajnia Pod Dębem")
    await confirmed(person, mailbox)
    await approve(site, database)
    async with session(database) as s:
        found = await s.get(Feature, made.feature_id)
        assert found is not None
        assert found.content["name"]["texts"]["pl"] == "Jadłodajnia Pod Dębem"
        assert (found.verified_at, found.verified_how) == (provenance.verified_at, provenance.verified_how)


async def test_of_a_protected_place_nothing_is_shown_and_nothing_changes(
    person: Person, publish: Publish, database: Database, mailbox: Mailbox, site: FastAPI
) -> None:
    hidden = aid_point("Pomoc dla kobiet", place=PROTECTED, contacts=CONTACTS)
    (made,) = await publish(hidden)
    page = await person.opens(f"/uk/suggest/{made.feature_id}")
    assert HIDDEN not in page.html
    assert not {"position", "area", "disclosure", "address.street", "channel"} & page.fields.keys()
    # Hostile: the inputs that are not asked are sent all the same.
    page = await send(
        person, page, name="Pomoc dla wszystkich", disclosure="exact", position="50.1, 20.1",
        address__city="Kielce", channel="on_site", area="Kielce",
    )  # fmt: skip
    assert page.url.startswith("/uk/sent/")
    await confirmed(person, mailbox)
    await approve(site, database)
    now = await live(database, made.feature_id)
    assert now["name"]["texts"]["pl"] == "Pomoc dla wszystkich"
    assert now["place"] == PROTECTED
    assert "address" not in now


async def test_help_for_a_region_that_is_no_town_is_changed_without_naming_a_town(
    person: Person, publish: Publish, database: Database, mailbox: Mailbox, site: FastAPI
) -> None:
    region = [{"code": "PL-02", "name": "dolnośląskie"}]
    by_phone = aid_point("Telefon wsparcia", channel="phone", area_served=region, contacts=CONTACTS)
    (made,) = await publish(by_phone)
    page = await person.opens(f"/en/suggest/{made.feature_id}")
    assert page.fields["served_area"] == ["dolnośląskie"]
    # Somebody else's name is not taken for a unit because the page says so.
    forged = await send(
        person, page, served_area="śląskie", served_area__code="PL-24", served_area__name="śląskie"
    )
    assert forged.status == 422
    assert "We do not know this place" in forged.text
    page = await send(
        person, await person.opens(f"/en/suggest/{made.feature_id}"), phones__0__value="800 702 222"
    )
    assert page.url.startswith("/en/sent/"), page.text
    await confirmed(person, mailbox)
    await approve(site, database)
    now = await live(database, made.feature_id)
    assert now["area_served"] == region
    assert any(contact["value"] == "+48800702222" for contact in now["contacts"])


async def test_nothing_changed_is_said_and_nothing_is_kept(
    person: Person, publish: Publish, database: Database
) -> None:
    (made,) = await publish(place())
    page = await send(person, await person.opens(f"/en/suggest/{made.feature_id}"))
    assert page.status == 422
    assert "Nothing is different from what the map says" in page.text
    async with session(database) as s:
        assert (await s.scalars(select(Submission))).all() == []


@pytest.mark.parametrize(
    ("later_s", "filled", "said"),
    [
        (180, {"nickname": "x"}, "A field that people do not see was filled in"),
        (0, {}, "That was very fast"),
        (180, {"email": "no address"}, "e-mail"),
        (180, {"started": "forged"}, "This page was open for long"),
        (180, {"name": "\u202eexe"}, "Name"),
        (180, {"remark": "x" * 501}, "Write it shorter"),
    ],
)
async def test_what_is_wrong_is_said_and_everything_is_kept(
    person: Person, publish: Publish, database: Database, later_s: int, filled: dict[str, str], said: str
) -> None:
    (made,) = await publish(place())
    page = await person.opens(f"/en/suggest/{made.feature_id}")
    typed = {"name": "Another name", "description": "<script>alert(1)</script>"} | filled
    page = await send(person, page, later_s, **typed)
    assert page.status == 422, page.text
    assert said in page.text
    assert page.fields["name"] == [typed["name"]]
    assert page.fields["description"] == ["<script>alert(1)</script>"]
    assert "<script>alert" not in page.html
    async with session(database) as s:
        assert (await s.scalars(select(Submission))).all() == []


def opened(page: Page) -> list[str]:
    """The parts of the form that are open, by their titles."""
    found = re.findall(r'<details class="fold"( open)?>\s*<summary><h2[^>]*>([^<]*)', page.html)
    assert len(found) > 3
    return [title for is_open, title in found if is_open]


async def test_only_what_differs_is_open_and_everything_is_sent(person: Person, publish: Publish) -> None:
    (made,) = await publish(place())
    page = await person.opens(f"/en/suggest/{made.feature_id}")
    assert opened(page) == []
    assert opened(await send(person, page, email="")) == []
    changed = await send(person, page, email="", phones__0__value="41 555 01 23")
    assert opened(changed) == ["Contact"]
    assert opened(await send(person, changed, email="", name="")) == ["Name and help", "Contact"]
    assert opened(await person.presses(page, "add:phones")) == ["Contact"]


async def test_another_phone_is_a_press_away_and_the_form_is_kept(person: Person, publish: Publish) -> None:
    (made,) = await publish(place())
    page = await person.opens(f"/en/suggest/{made.feature_id}")
    page = await person.presses(page, "add:phones", name="Typed")
    assert page.status == 200
    assert page.fields["name"] == ["Typed"]
    assert "phones.1.value" in page.fields


async def test_a_change_of_another_field_meanwhile_is_no_conflict_and_of_the_same_is_one(
    person: Person, publish: Publish, database: Database, mailbox: Mailbox, site: FastAPI
) -> None:
    (made,) = await publish(place())
    page = await person.opens(f"/pl/suggest/{made.feature_id}")
    await send(person, page, name="Jadłodajnia Pod Dębem")
    await confirmed(person, mailbox)
    await _edit(site, database, made.feature_id, name="Jadłodajnia Pod Klonem")
    answer = await approve(site, database, expected=409)
    assert "Klonem" in answer.text
    assert (await suggested(database)).state == "pending"
    await _edit(
        site, database, made.feature_id, name="Jadłodajnia Pod Lipą", website="https://lipa.example.org/"
    )
    await approve(site, database)
    now = await live(database, made.feature_id)
    assert now["name"]["texts"]["pl"] == "Jadłodajnia Pod Dębem"
    assert now["website"] == "https://lipa.example.org/"


async def _edit(site: FastAPI, database: Database, feature_id: uuid.UUID, *, name: str, **more: Any) -> None:
    from app.features.publishing import Item, publish
    from app.features.setting import Setting
    from app.layers.registry import LAYERS
    from app.taxonomy.vocabulary import load_vocabulary

    layer = LAYERS["aid_points"]
    content = layer.content.read(place(**more) | {"name": {"texts": {"pl": name}, "source": "pl"}})
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    async with session(database) as s:
        await publish(s, setting, layer, Item(content, feature_id), actor=Actor("staff", uuid.uuid4()))


async def test_a_place_is_closed_for_a_time_by_a_short_form(
    person: Person, publish: Publish, database: Database, mailbox: Mailbox, site: FastAPI
) -> None:
    (made,) = await publish(place())
    page = await person.opens(f"/en/suggest/{made.feature_id}/closed")
    pairs = {
        "state": ["temporarily_closed"], "since": ["2026-11-20"], "until": ["2027-01-10"],
        "reason": ["renovation"], "email": ["ola@poczta.pl"],
    }  # fmt: skip
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60), tick=True):
        done = await person.sends(
            page.action, [(name, v) for name, values in (page.fields | pairs).items() for v in values]
        )
    assert done.url.startswith("/en/sent/")
    await confirmed(person, mailbox)
    await approve(site, database)
    now = await live(database, made.feature_id)
    assert now["status"] == {
        "state": "temporarily_closed", "since": "2026-11-20", "until": "2027-01-10", "reason": "renovation",
    }  # fmt: skip
    assert len(now["contacts"]) == 3


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({}, "Choose whether it is closed for good or for a time"),
        ({"state": "closed", "since": "yesterday"}, "Write the day as year, month and day"),
        ({"state": "closed", "until": "2027-01-01"}, "Closed for good has no last day"),
        (
            {"state": "temporarily_closed", "since": "2027-02-01", "until": "2027-01-01"},
            "before the first day",
        ),
        ({"state": "closed", "reason": "renovation"}, "This reason does not fit"),
        ({"state": "closed", "reason": "<b>"}, "This reason does not fit"),
        ({"state": "closed", "nickname": "x"}, "A field that people do not see"),
    ],
)
async def test_the_short_form_says_what_is_wrong(
    person: Person, publish: Publish, filled: dict[str, str], said: str
) -> None:
    (made,) = await publish(place())
    page = await person.opens(f"/en/suggest/{made.feature_id}/closed")
    fields = page.fields | {name: [value] for name, value in ({"email": "a@example.org"} | filled).items()}
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60), tick=True):
        page = await person.sends(page.action, [(name, v) for name, values in fields.items() for v in values])
    assert page.status == 422
    assert said in page.text


async def test_a_moderators_question_is_answered_with_a_correction_that_shows_nothing_hidden(
    person: Person, publish: Publish, database: Database, mailbox: Mailbox, site: FastAPI
) -> None:
    hidden = aid_point("Pomoc dla kobiet", place=PROTECTED, contacts=CONTACTS)
    (made,) = await publish(hidden)
    await send(person, await person.opens(f"/pl/suggest/{made.feature_id}"), name="Nazwa pierwsza")
    await confirmed(person, mailbox)
    waiting = await suggested(database)
    async with session(database) as s:
        actor = Actor("staff", uuid.uuid4())
        await request_changes(s, waiting.id, version=waiting.version, actor=actor, question="Na pewno?")
    # The address of the place is told that somebody suggests to change it.
    (mail,) = [mail for mail in await mailbox.collect() if "Na pewno?" in str(mail)]
    (status,) = links_in(mail)
    page = await person.opens(status)
    (correct,) = [link for link in page.links if link.endswith("/change")]
    # The form for new places would show where this one is.
    assert "Nazwa pierwsza" not in str(
        (await person.opens(correct.removesuffix("change") + "correct")).fields
    )
    page = await person.opens(correct)
    assert page.fields["name"] == ["Nazwa pierwsza"]
    assert HIDDEN not in page.html
    page = await person.presses(page, "send", name="Nazwa druga")
    assert (await suggested(database)).state == "pending"
    await approve(site, database)
    now = await live(database, made.feature_id)
    assert now["name"]["texts"]["pl"] == "Nazwa druga"
    assert now["place"] == PROTECTED
    assert len(now["contacts"]) == 3


async def test_what_is_not_on_the_map_has_no_form(person: Person, publish: Publish) -> None:
    for path in (f"/pl/suggest/{uuid.uuid4()}", f"/pl/suggest/{uuid.uuid4()}/closed"):
        assert (await person.opens(path)).status == 404
    (organisation,) = await publish(
        {"name": {"texts": {"pl": "Fundacja"}, "source": "pl"}}, layer="organisations"
    )
    page = await person.opens(f"/pl/suggest/{organisation.feature_id}/closed")
    assert page.url == f"/pl/suggest/{organisation.feature_id}"


async def test_a_remark_is_kept_once(person: Person, publish: Publish, database: Database) -> None:
    (made,) = await publish(place())
    page = await person.opens(f"/pl/suggest/{made.feature_id}")
    for _ in range(2):
        await send(person, page, name="Inna nazwa", remark="Widziałam")
    async with session(database) as s:
        assert len((await s.scalars(select(SubmissionNote))).all()) == 1
        assert len((await s.scalars(select(Submission))).all()) == 1


async def test_what_only_the_second_service_says_is_shown_and_can_be_changed(
    person: Person, publish: Publish
) -> None:
    """Its part of the form is read by itself, where the services stand in another one."""
    said = {"type": "laundry", "description": {"texts": {"pl": "Tylko rano"}, "source": "pl"}}
    (live,) = await publish(place(services=[{"type": "hot_meals"}, said]))
    page = await person.opens(f"/pl/suggest/{live.feature_id}")
    assert page.status == 200
    assert page.fields["service.laundry.description"] == ["Tylko rano"]
    page = await send(person, page, service__laundry__description="Tylko wieczorem")
    assert page.url.startswith("/pl/sent/")
