"""Whoever is behind an entry is asked by letter, once in three months, whether it is still true, and answers in one press."""

import datetime as dt
import re
import uuid
from collections.abc import Awaitable, Callable
from email.message import EmailMessage

import httpx2
import pytest
from sqlalchemy import text

from app.accounts.memberships import Seat
from app.config import Settings
from app.db import Database, session
from app.features.publishing import Provenance
from app.jobs import Work
from app.moderation.retention import forget
from app.notifications.reminders import ask_owners
from tests.functional.conftest import ORIGIN, Mailbox, Publish, aid_point, links_in, words_of
from tests.functional.desk.organisations import own_point, publish_organisation, seated
from tests.functional.pages.conftest import Page, Person

LONG_AGO = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
OLD = Provenance("osm", "n1", verified_how="imported", verified_at=LONG_AGO)
MAIL = "stol@fundacja.example"
CONTACT = {"kind": "email", "value": MAIL}
AREA = {"code": "PL-2661011", "name": "Kielce"}
Asked = Callable[[], Awaitable[list[EmailMessage]]]


def old(number: int, *, days_less: int = 0) -> Provenance:
    checked = LONG_AGO + dt.timedelta(days=days_less)
    return Provenance("osm", f"n{number}", verified_how="imported", verified_at=checked)


@pytest.fixture
def asked(settings: Settings, database: Database, mailbox: Mailbox) -> Asked:
    """A working day's letters."""

    async def run() -> list[EmailMessage]:
        await ask_owners(Work(settings=settings, database=database))
        return await mailbox.collect()

    return run


def way_in(message: EmailMessage) -> str:
    """The path of the only link of a letter."""
    (link,) = links_in(message)
    return link.removeprefix(ORIGIN)


async def checked(client: httpx2.AsyncClient, feature_id: uuid.UUID) -> tuple[str | None, str | None]:
    found = (await client.get(f"/api/v1/layers/aid_points/features/{feature_id}")).json()["properties"]
    return found.get("verified"), found.get("verified_how")


async def months_later(database: Database) -> None:
    """Four of them: nobody has checked anything, and every letter is old."""
    async with session(database) as s:
        await s.execute(text("UPDATE core.reminder SET at = at - interval '120 days'"))
        await s.execute(text("UPDATE core.feature SET verified_at = :then"), {"then": LONG_AGO})


def ticks(page: Page) -> list[tuple[str, str]]:
    return [("place", value) for value in page.fields.get("place", [])]


async def test_the_address_of_a_place_is_asked_answers_in_one_press_and_can_want_no_more(
    asked: Asked, person: Person, publish: Publish, database: Database, client: httpx2.AsyncClient
) -> None:
    (made,) = await publish(aid_point(contacts=[CONTACT]), provenance=OLD)
    (other,) = await publish(aid_point("Szatnia", contacts=[CONTACT]), provenance=old(2, days_less=1))
    (letter,) = await asked()
    assert letter["To"] == MAIL
    assert "Jadłodajnia „Ciepły Stół”" in letter["Subject"]
    path = way_in(letter)
    async with session(database) as s:
        rows = await s.execute(text("SELECT r::text || o::text FROM core.reminder r, core.outbox_mail o"))
        assert not any(path.rpartition("/")[2] in row for row in rows.scalars())
    # Programs that look at mails open links.
    page = await person.opens(path)
    assert page.status == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert await checked(client, made.feature_id) == ("2025-01-01", "imported")
    assert f"/pl/suggest/{made.feature_id}/closed" in page.links

    said = [tick for tick in ticks(page) if str(made.feature_id) in tick[1]]
    thanks = await person.sends(path, said)
    assert thanks.status == 200
    day, how = await checked(client, made.feature_id)
    assert how == "owner_confirmed"
    assert day is not None
    assert abs((dt.date.fromisoformat(day) - dt.datetime.now(dt.UTC).date()).days) <= 1
    assert await checked(client, other.feature_id) == ("2025-01-02", "imported")
    past = (await client.get(f"/api/v1/layers/aid_points/features/{made.feature_id}/history")).json()
    assert past["events"][0]["by"] == "organisation"
    # Pressed twice, it is said once.
    await person.sends(path, said)
    again = (await client.get(f"/api/v1/layers/aid_points/features/{made.feature_id}/history")).json()
    assert len(again["events"]) == len(past["events"])
    assert await asked() == []

    await months_later(database)
    assert (await person.opens(path)).status == 404
    (letter,) = await asked()
    path = way_in(letter)
    assert "Nie pytajcie" in (await person.opens(path)).text
    for _ in range(2):
        assert (await person.sends(f"{path}/stop", [])).status == 200
    assert "Nie pytajcie" not in (await person.opens(path)).text
    await months_later(database)
    assert await asked() == []
    async with session(database) as s:
        stopped = await s.execute(text("SELECT count(*) FROM core.audit WHERE action = 'reminder.stopped'"))
        assert stopped.scalar_one() == 1
        await s.execute(text("UPDATE core.reminder SET at = at - interval '1 year'"))
    assert (await forget(database))["reminders"] > 0
    assert await asked() == []


async def test_who_is_not_asked(
    asked: Asked, publish: Publish, database: Database, settings: Settings
) -> None:
    contents = [
        aid_point(contacts=[CONTACT], place={"disclosure": "area", "area": AREA}),
        aid_point(contacts=[CONTACT], services=[{"type": "violence_support"}]),
        aid_point(contacts=[CONTACT], status={"state": "closed"}),
        aid_point(contacts=[CONTACT | {"visibility": "partners"}]),
        aid_point(contacts=[{"kind": "phone", "value": "+48413000000"}]),
    ]
    for number, content in enumerate(contents):
        await publish(content, provenance=old(number))
    await publish(aid_point("Nowe", contacts=[{"kind": "email", "value": "nowe@fundacja.example"}]))
    example = Provenance("demo", "1", verified_how="imported", verified_at=LONG_AGO, example=True)
    await publish(
        aid_point("Na niby", contacts=[{"kind": "email", "value": "x@fundacja.example"}]), provenance=example
    )
    assert await asked() == []
    (made,) = await publish(
        aid_point("Zmienione", contacts=[{"kind": "email", "value": "z@fundacja.example"}]), provenance=old(8)
    )
    async with session(database) as s:
        # Somebody has put their own address there lately.
        await s.execute(
            text(
                "INSERT INTO core.revision (feature_id, number, content, action)"
                " SELECT id, 2, content, 'publish' FROM core.feature WHERE id = :id"
            ),
            {"id": made.feature_id},
        )
        await s.execute(
            text(
                "UPDATE core.revision SET content = content - 'contacts' WHERE feature_id = :id AND number = 1"
            ),
            {"id": made.feature_id},
        )
    assert await asked() == []
    await publish(
        aid_point("Stare", contacts=[{"kind": "email", "value": "s@fundacja.example"}]), provenance=old(9)
    )
    nobody = settings.model_copy(update={"reminders_per_day": 0})
    await ask_owners(Work(settings=nobody, database=database))
    assert [letter["To"] for letter in await asked()] == ["s@fundacja.example"]


async def test_a_link_says_nothing_of_what_is_disputed_changed_or_no_longer_of_its_address(
    asked: Asked, person: Person, publish: Publish, database: Database, client: httpx2.AsyncClient
) -> None:
    (made,) = await publish(aid_point(contacts=[CONTACT]), provenance=OLD)
    (letter,) = await asked()
    path = way_in(letter)
    page = await person.opens(path)
    # As a browser sends a form in which nothing is ticked.
    as_form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await client.post(path, content=b"", headers=as_form)).status_code == 422
    assert (await person.sends(path, [("place", f"{made.feature_id}.7")])).status == 409
    (elsewhere,) = await publish(aid_point("Cudze"), provenance=old(2))
    await person.sends(path, [("place", f"{elsewhere.feature_id}.1")])
    assert await checked(client, elsewhere.feature_id) == ("2025-01-01", "imported")
    async with session(database) as s:
        await s.execute(
            text(
                "INSERT INTO core.report (feature_id, reason, language, number) VALUES (:id, 'closed_for_good', 'pl', 'x')"
            ),
            {"id": made.feature_id},
        )
    refused = await person.sends(path, ticks(page))
    assert refused.status == 409
    assert await checked(client, made.feature_id) == ("2025-01-01", "imported")
    async with session(database) as s:
        await s.execute(text("DELETE FROM core.report"))
        await s.execute(
            text("UPDATE core.feature SET content = content - 'contacts' WHERE id = :id"),
            {"id": made.feature_id},
        )
    assert (await person.opens(path)).fields.get("place") is None
    await person.sends(path, ticks(page))
    assert await checked(client, made.feature_id) == ("2025-01-01", "imported")
    forged = path[:-1] + ("A" if path[-1] != "A" else "B")
    assert (await person.opens(forged[:-4] + "AAAA")).status == 404


async def test_admins_of_an_organisation_are_asked_for_all_of_its_places_and_answer_at_the_desk(
    asked: Asked, person: Person, publish: Publish, database: Database
) -> None:
    organisation = await publish_organisation(publish)
    for number in range(3):
        place = {"place": {"disclosure": "area", "area": AREA}} if number else {}
        await publish(
            own_point(organisation, f"Miejsce {number}", contacts=[CONTACT], **place), provenance=old(number)
        )
    await seated(database, organisation, "ola@fundacja.example", Seat.ADMIN)
    await seated(database, organisation, "jan@fundacja.example", Seat.MEMBER)
    (letter,) = await asked()
    assert letter["To"] == "ola@fundacja.example"
    assert "3" in letter["Subject"]
    assert not re.search("Miejsce|Kielce", words_of(letter))
    page = await person.opens(way_in(letter))
    assert f"/desk/organisations/{organisation}?show=confirm#entries" in page.links
    assert page.fields.get("place") is None
    assert await asked() == []
