"""Visitors say that a place is right: counted once a day a connection, believed when several do, at the desk in one press."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.accounts.audit import SYSTEM
from app.accounts.roles import Role
from app.db import Database, session
from app.features.publishing import Provenance, verify
from app.features.revisions import hold_layers
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.still_true import counting_day, say
from app.moderation.confirmations import LEAST, ON_ONE_DAY, enough
from app.moderation.retention import forget
from app.web import told_to_wait
from tests.functional.conftest import ORIGIN, Mailbox, Publish, aid_point
from tests.functional.desk.conftest import signed_in
from tests.functional.pages.conftest import Person

OLD = Provenance("osm", "n1", verified_how="imported", verified_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
AREA = {"code": "PL-2661011", "name": "Kielce"}
Connection = Callable[[str], Person]


@pytest.fixture
async def connection(site: FastAPI) -> AsyncIterator[Connection]:
    """People whose requests come from an address each."""
    async with AsyncExitStack() as stack:

        def come_from(address: str) -> Person:
            transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False, client=(address, 5000))
            headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
            client = httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)
            stack.push_async_callback(client.aclose)
            return Person(client)

        yield come_from


async def press(person: Person, feature_id: uuid.UUID, **filled: Any) -> Any:
    """Press yes on the page of the place, as a browser without script does."""
    page = await person.opens(f"/en/aid_points/{feature_id}")
    assert page.action == f"/en/report/{feature_id}/still-true"
    return await person.presses(page, **filled)


async def said(database: Database) -> int:
    async with session(database) as s:
        return int((await s.execute(text("SELECT count(*) FROM core.confirmation"))).scalar_one())


async def checked(client: httpx2.AsyncClient, feature_id: uuid.UUID) -> tuple[str | None, str | None]:
    found = (await client.get(f"/api/v1/layers/aid_points/features/{feature_id}")).json()["properties"]
    return found.get("verified"), found.get("verified_how")


@dataclass(frozen=True)
class OldPlace:
    """A place that was imported long ago, and who comes by."""

    id: uuid.UUID
    connection: Connection
    client: httpx2.AsyncClient
    mailbox: Mailbox

    async def seen_from(self, *addresses: str) -> None:
        """Somebody presses yes from each of these addresses, one after the other."""
        for address in addresses:
            done = await press(self.connection(address), self.id)
            assert done.url.endswith("/still-true/sent")

    async def shown(self) -> tuple[str | None, str | None]:
        """When and how it was checked, after the work that waits is done."""
        await self.mailbox.collect()
        return await checked(self.client, self.id)


@pytest.fixture
async def old_place(
    connection: Connection, publish: Publish, client: httpx2.AsyncClient, mailbox: Mailbox
) -> OldPlace:
    (made,) = await publish(aid_point(), provenance=OLD)
    return OldPlace(made.feature_id, connection, client, mailbox)


def people(count: int) -> list[str]:
    """So many addresses of connections."""
    return [f"198.51.100.{number}" for number in range(1, count + 1)]


@pytest.fixture(autouse=True)
def nobody_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days pass here in a moment, in which a process would go by what it was told just now."""
    monkeypatch.setattr(told_to_wait, "BELIEVED_S", 0.0)


async def a_day_later(database: Database) -> None:
    """What was said is of yesterday, and the limiter knows nobody of it any more."""
    async with session(database) as s:
        await s.execute(
            text("UPDATE core.confirmation SET day = day - 1, created_at = created_at - interval '1 day'")
        )
        await s.execute(text("DELETE FROM core.rate_limit_key"))


async def test_one_press_is_counted_once_and_keeps_nothing_about_who_it_was(
    person: Person, publish: Publish, database: Database, client: httpx2.AsyncClient
) -> None:
    (made,) = await publish(aid_point(), provenance=OLD)
    before = await checked(client, made.feature_id)
    for _ in range(3):
        done = await press(person, made.feature_id)
        assert done.url == f"/en/report/{made.feature_id}/still-true/sent"
        assert "Thank you" in done.text
        assert "set-cookie" not in done.headers
    assert await said(database) == 1
    assert await checked(client, made.feature_id) == before
    async with session(database) as s:
        columns = await s.execute(
            text("SELECT column_name FROM information_schema.columns WHERE table_name = 'confirmation'")
        )
        assert set(columns.scalars()) == {"id", "feature_id", "revision", "day", "created_at"}
        audit = await s.execute(text("SELECT count(*) FROM core.audit WHERE action = 'feature.said_true'"))
        assert audit.scalar_one() == 1


async def test_several_people_move_the_date_and_the_past_says_who(
    old_place: OldPlace, database: Database, client: httpx2.AsyncClient
) -> None:
    await old_place.seen_from("198.51.100.1")
    await a_day_later(database)
    await old_place.seen_from("198.51.100.1")
    assert await old_place.shown() == ("2025-01-01", "imported")
    await old_place.seen_from("198.51.100.2")
    today = dt.datetime.now(dt.UTC).date()
    day, how = await old_place.shown()
    assert how == "two_visitors"
    assert day is not None
    assert abs((dt.date.fromisoformat(day) - today).days) <= 1
    past = (await client.get(f"/api/v1/layers/aid_points/features/{old_place.id}/history")).json()
    assert past["events"][0] | {"on": ""} == {
        "on": "",
        "kind": "checked",
        "how": "two_visitors",
        "by": "visitors",
    }


@pytest.mark.parametrize(
    "addresses", [("198.51.100.1",), ("2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:1:3::1")]
)
async def test_no_one_connection_moves_the_date(
    old_place: OldPlace, database: Database, addresses: tuple[str, ...]
) -> None:
    """Nor does one with a whole network of IPv6, as providers give it to a household."""
    for _ in range(5):
        await old_place.seen_from(*addresses)
        await a_day_later(database)
    assert await old_place.shown() == ("2025-01-01", "imported")
    assert await said(database) == 5


async def test_what_was_checked_today_is_not_checked_again(
    old_place: OldPlace, database: Database, setting: Setting
) -> None:
    """Else the visit of a moderator would be hidden behind visitors' word, at the same date."""
    async with session(database) as s:
        await verify(s, setting, LAYERS["aid_points"], old_place.id, how="visit", actor=SYSTEM)
    await old_place.seen_from(*people(4))
    assert (await old_place.shown())[1] == "visit"
    assert await said(database) == 4


async def test_a_visitor_does_not_wait_for_whoever_publishes(old_place: OldPlace, database: Database) -> None:
    async with session(database) as importing:
        await hold_layers(importing, ["aid_points"])
        await old_place.seen_from(*people(4))
    assert (await old_place.shown())[1] == "two_visitors"


async def test_of_two_who_say_so_at_one_moment_the_second_sees_the_first(
    old_place: OldPlace, database: Database
) -> None:
    """Together they are enough, and nobody comes after them who could notice it. The audit lets one by one pass."""
    await old_place.seen_from("198.51.100.1")

    async def other() -> None:
        async with session(database) as s:
            await say(s, old_place.id, 1, await counting_day(s))

    async with session(database) as s:
        await say(s, old_place.id, 1, await counting_day(s))
        second = asyncio.create_task(other())
        # Either they wait for each other, or the second is through before the first is.
        while not second.done() and not await waiting(database):
            pass
    await second
    assert (await old_place.shown())[1] == "two_visitors"
    assert await said(database) == 3


async def waiting(database: Database) -> bool:
    """Whether a session of this database waits for a lock of another one."""
    async with session(database) as s:
        found = await s.execute(
            text(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        )
        return found.first() is not None


@given(st.lists(st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 5)), max_size=12))
def test_enough_is_several_on_one_day_and_never_one_a_day(days: list[dt.date]) -> None:
    most = max((days.count(day) for day in days), default=0)
    assert enough(days) == (len(days) >= LEAST and most >= ON_ONE_DAY)
    assert not enough(sorted(set(days)))


@pytest.mark.parametrize("why", ["protected", "reported"])
async def test_a_protected_place_and_one_that_somebody_reports_are_left_to_a_moderator(
    connection: Connection,
    publish: Publish,
    database: Database,
    client: httpx2.AsyncClient,
    mailbox: Mailbox,
    why: str,
) -> None:
    content = aid_point(place={"disclosure": "area", "area": AREA}) if why == "protected" else aid_point()
    (made,) = await publish(content, provenance=OLD)
    if why == "reported":
        async with session(database) as s:
            await s.execute(
                text(
                    "INSERT INTO core.report (feature_id, reason, language, number) VALUES (:id, 'unsafe', 'pl', 'x')"
                ),
                {"id": made.feature_id},
            )
    for number in range(4):
        await press(connection(f"198.51.100.{number}"), made.feature_id)
    await mailbox.collect()
    assert await said(database) == 4
    assert await checked(client, made.feature_id) == ("2025-01-01", "imported")
    page = (await client.get(f"/en/aid_points/{made.feature_id}", follow_redirects=True)).text
    assert ("I was there" in page) == (why != "protected")


@pytest.mark.parametrize(
    ("filled", "status", "says"),
    [
        ({"revision": "7"}, 409, "This has changed since you opened it"),
        ({"revision": "x"}, 409, "This has changed since you opened it"),
        ({"nickname": "x"}, 422, "A field that people do not see"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_counted(
    person: Person, publish: Publish, database: Database, filled: dict[str, str], status: int, says: str
) -> None:
    (made,) = await publish(aid_point())
    page = await press(person, made.feature_id, **filled)
    assert page.status == status
    assert says in page.text
    assert await said(database) == 0
    again = await person.presses(page, nickname="")
    assert again.url.endswith("/still-true/sent")
    assert await said(database) == 1


async def test_too_many_are_refused_and_one_place_is_not_flooded(
    person: Person, connection: Connection, publish: Publish, database: Database
) -> None:
    (made,) = await publish(aid_point())
    statuses = [(await press(person, made.feature_id)).status for _ in range(21)]
    assert statuses[-1] == 429
    for number in range(40):
        await press(connection(f"198.51.100.{number}"), made.feature_id)
    assert await said(database) == 30


async def test_what_is_gone_takes_no_word(person: Person, publish: Publish, database: Database) -> None:
    (made,) = await publish(aid_point(status={"state": "closed"}))
    page = await person.opens(f"/en/aid_points/{made.feature_id}")
    assert "it is right" not in page.text
    for path in ("still-true", "still-true/sent"):
        assert (await person.opens(f"/en/report/{uuid.uuid4()}/{path}")).status == 404
    missing = await person.sends(f"/en/report/{uuid.uuid4()}/still-true", [("revision", "1")])
    assert missing.status == 404
    assert await said(database) == 0


async def test_a_day_that_is_over_is_not_counted_on(publish: Publish, database: Database) -> None:
    """At midnight the limiter forgets; who presses then twice must not be two people of one day."""
    (made,) = await publish(aid_point())
    async with session(database) as s:
        assert not await say(s, made.feature_id, made.revision, dt.date(2026, 1, 1))
    assert await said(database) == 0


async def test_a_moderator_sees_the_voices_and_confirms_in_one_press(
    connection: Connection, publish: Publish, database: Database, client: httpx2.AsyncClient, site: FastAPI
) -> None:
    (made,) = await publish(aid_point("Stołówka"), provenance=OLD)
    for number in range(2):
        await press(connection(f"198.51.100.{number}"), made.feature_id)
    async with session(database) as s:
        await s.execute(
            text(
                "INSERT INTO core.report (feature_id, reason, language, number) VALUES (:id, 'unsafe', 'pl', 'x')"
            ),
            {"id": made.feature_id},
        )
        report_id = (await s.execute(text("SELECT id FROM core.report"))).scalar_one()
    english = {"Accept-Language": "en"}
    async with signed_in(site, Role.MODERATOR, "mod@example.org") as desk:
        browser = Person(desk)
        desk.headers.update(english)
        for where in (
            f"/desk/reports/{report_id}",
            f"/desk/published/{made.feature_id}",
            "/desk/confirmations",
        ):
            shown = await browser.opens(where)
            assert "Confirmed 2 times since" in shown.text, where
        assert "A report waits" in shown.text
        assert shown.fields["how"] == ["two_visitors"]
        done = await browser.presses(shown)
        assert done.url == "/desk/confirmations"
        assert "Nothing waits" in done.text
        assert (await checked(client, made.feature_id))[1] == "two_visitors"
        again = await browser.sends(
            f"/desk/published/{made.feature_id}/checked", [("how", "imported"), ("revision", "1")]
        )
        assert (again.status, "Choose how it was checked" in again.text) == (422, True)
        stale = await browser.sends(
            f"/desk/published/{made.feature_id}/checked", [("how", "visit"), ("revision", "9")]
        )
        assert stale.status == 409
        await browser.sends(
            f"/desk/published/{made.feature_id}/checked", [("how", "phone"), ("revision", "1")]
        )
        assert (await checked(client, made.feature_id))[1] == "phone"


async def test_two_days_of_one_connection_are_not_offered_as_two_people(
    person: Person, publish: Publish, database: Database, site: FastAPI
) -> None:
    (made,) = await publish(aid_point("Stołówka"), provenance=OLD)
    await press(person, made.feature_id)
    await a_day_later(database)
    await press(person, made.feature_id)
    async with signed_in(site, Role.MODERATOR, "mod@example.org") as desk:
        desk.headers["Accept-Language"] = "en"
        shown = await Person(desk).opens("/desk/confirmations")
        assert "Confirmed 2 times since" in shown.text
        assert shown.fields["how"] == ["one_visitor"]


async def test_confirmations_are_forgotten_after_a_year(
    person: Person, publish: Publish, database: Database
) -> None:
    (made,) = await publish(aid_point())
    await press(person, made.feature_id)
    assert (await forget(database))["confirmations"] == 0
    async with session(database) as s:
        await s.execute(text("UPDATE core.confirmation SET created_at = now() - interval '366 days'"))
    assert (await forget(database))["confirmations"] == 1
    assert (await forget(database))["confirmations"] == 0
