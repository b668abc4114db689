"""Trusted organisations publish changes of their own places by themselves, inside their area, and nothing else (SECURITY A5, A6, A7, E8, E9)."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from sqlalchemy import NullPool, create_engine, select, text

from app.accounts import second_step as steps
from app.accounts.audit import verify_chain
from app.accounts.joining import ByAdmin, change_seat
from app.accounts.memberships import NoSuchOrganisation, Seat
from app.accounts.models import User
from app.accounts.roles import Role
from app.accounts.sign_in import make_one_time_link
from app.db import Database, session
from app.features.content import Content
from app.features.history import BY_ITSELF
from app.features.models import Feature
from app.features.revisions import StaleRevision
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.localdb.schema import migrate
from app.moderation.actions.publish_own import WouldWait, send_or_publish
from app.moderation.actions.submit import Proposal
from app.moderation.models import Submission
from app.moderation.own_publication import Why
from app.moderation.trusts import MOST_A_DAY
from tests.functional.conftest import ORIGIN, Mailbox, Publish, aid_point, links_in, words_of
from tests.functional.country import import_country
from tests.functional.desk.conftest import decision, signed_in
from tests.functional.desk.organisations import PAGE, browser_of_member, own_point, seated
from tests.functional.desk.test_organisations import change, said
from tests.functional.desk.test_second_step import Clock, set_up
from tests.functional.desk.trusted import (
    CONTENT,
    ELSEWHERE,
    HERE,
    KIELCE,
    browser_of_admin,
    long_seated,
    second_step,
    trust,
    verified_organisation,
)

LAYER = LAYERS["aid_points"]
ANNA, JAN, OLA = "anna@stol.example", "jan@stol.example", "ola@stol.example"
EWA: Final = "ewa@stol.example"
PHONE: Final = {"kind": "phone", "value": "+48413680001"}
PHOTO: Final = {
    "file": "0123456789abcdef0123456789abcdef-800x600",
    "alt": {"texts": {"pl": "Drzwi"}, "source": "pl"},
}


SITE: Final = {"website": "https://stol.example/kuchnia"}
HOUSING: Final[dict[str, Any]] = {
    "services": [{"type": "supported_housing"}],
    "place": {"disclosure": "area", "area": {"code": KIELCE, "name": "Kielce"}},
}


@pytest.fixture
async def first(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(site, Role.ADMINISTRATOR, "first@example.org") as browser:
        browser.headers["Accept-Language"] = "en"
        yield browser


@pytest.fixture
async def second(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(site, Role.ADMINISTRATOR, "second@example.org") as browser:
        browser.headers["Accept-Language"] = "en"
        yield browser


@pytest.fixture
async def organisation(database: Database, publish: Publish) -> uuid.UUID:
    await import_country(database)
    return await verified_organisation(publish, database)


async def run(database: Database, statement: str, **values: Any) -> Any:
    async with session(database) as s:
        rows: Any = await s.execute(text(statement), values)
        return rows.scalar() if rows.returns_rows else None


async def actions(database: Database, like: str) -> list[str]:
    async with session(database) as s:
        query = text("SELECT action FROM core.audit WHERE action LIKE :like ORDER BY id")
        return list((await s.execute(query, {"like": like})).scalars())


async def test_a7_two_administrators_trust_a_verified_organisation_and_anybody_who_decides_ends_it(
    site: FastAPI,
    first: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    organisation: uuid.UUID,
    database: Database,
    publish: Publish,
) -> None:
    page = f"/desk/published/{organisation}/trust"
    wanted = {"layer": "aid_points", "areas": "Kielce"}

    async def act(browser: httpx2.AsyncClient, what: str, **typed: str) -> httpx2.Response:
        return await browser.post(f"{page}/{what}", data=typed)

    (bare,) = await publish({"name": {"texts": {"pl": "Inna"}, "source": "pl"}}, layer="organisations")
    nobody = await first.post(
        f"/desk/published/{bare.feature_id}/trust/propose", data=wanted | {"areas": KIELCE}
    )
    assert nobody.status_code == 409
    assert "two people have made sure" in said(nobody)
    for typed in (
        {"areas": ""},
        {"areas": "Atlantyda"},
        {"layer": "organisations", "areas": KIELCE},
        {"layer": "", "areas": KIELCE},
    ):
        answer = await act(first, "propose", **wanted | typed)
        assert answer.status_code == 422, typed
    # One's own area is changed by one person alone, and trust with it.
    await run(database, "UPDATE published.area SET level = 'custom' WHERE code = 'PL-2604042'")
    own = await act(first, "propose", **wanted | {"areas": f"{KIELCE}\nPL-2604042"})
    assert (own.status_code, "can be changed by one person alone" in said(own)) == (422, True)
    assert (await act(first, "confirm", version="1")).status_code == 409
    assert (await act(first, "propose", **wanted | {"areas": KIELCE})).status_code == 303
    assert (await act(second, "propose", **wanted | {"areas": KIELCE})).status_code == 409
    waits = said(await second.get(page))
    assert "waits for a second administrator" in waits
    assert f"({KIELCE})" in waits
    # One person at once and many times is one person; of several others one confirms.
    answers = await asyncio.gather(*(act(first, "confirm", version="1") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {409}
    assert (await act(second, "confirm", version="7")).status_code == 409
    await seated(database, organisation, "second@example.org", Seat.MEMBER)
    assert (await act(second, "confirm", version="1")).status_code == 409
    await run(database, "DELETE FROM core.membership")
    # Who has proposed it and is no administrator any more does not count: then the second one is the first.
    await run(
        database,
        "UPDATE core.user SET suspended_at = now() WHERE email = 'first@example.org'",
    )
    assert (await act(second, "confirm", version="1")).status_code == 303
    assert "waits for a second administrator" in said(await second.get(page))
    await run(database, "UPDATE core.user SET suspended_at = NULL")
    answers = await asyncio.gather(*(act(first, "confirm", version="2") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    assert "publishes by itself" in said(await first.get(page))
    assert "Trusted: publishes changes" in said(await first.get(f"/desk/published/{organisation}"))
    async with signed_in(site, Role.MODERATOR, "moderator@example.org") as moderator:
        assert (await act(moderator, "propose", **wanted)).status_code == 403
        assert (await act(moderator, "end", note=" ")).status_code == 422
        assert (await act(moderator, "end", note="Numer jest cudzy.")).status_code == 303
        assert (await act(moderator, "end", note="Jeszcze raz.")).status_code == 409
    # It goes with the verification, by whichever way that goes.
    await trust(database, organisation)
    await run(database, "UPDATE core.verification SET ended_at = now()")
    assert await run(database, "SELECT count(*) FROM core.trust WHERE ended_at IS NULL") == 0
    assert await actions(database, "trust.%") == [
        "trust.proposed",
        "trust.proposed",
        "trust.given",
        "trust.ended",
        "trust.dropped",
    ]


Prepare = Callable[[uuid.UUID], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class World:
    """A trusted organisation in Kielce, another one, and people of the first: an admin, a member, an admin without a second step."""

    database: Database
    setting: Setting
    organisation: uuid.UUID
    other: uuid.UUID
    users: dict[str, uuid.UUID]

    async def waits(self, proposal: Proposal, email: str = ANNA) -> set[Why]:
        """Why what somebody sends to be published waits; nothing: it is public."""
        try:
            async with session(self.database) as s:
                user = await s.get_one(User, self.users[email])
                organisation = self.organisation
                await send_or_publish(
                    s, self.setting, proposal, organisation_id=organisation, user=user, told=()
                )
        except WouldWait as error:
            return set(error.whys)
        return set()

    async def run(self, statement: str, **values: Any) -> Any:
        """What the first row of a statement begins with."""
        return await run(self.database, statement, **values)

    @property
    def mine(self) -> dict[str, str]:
        """As an entry of the organisation names it."""
        return {"id": str(self.organisation)}

    @property
    def theirs(self) -> dict[str, str]:
        """As an entry of the other one names that."""
        return {"id": str(self.other)}


@pytest.fixture
async def world(organisation: uuid.UUID, database: Database, publish: Publish, setting: Setting) -> World:
    name = {"name": {"texts": {"pl": "Inna fundacja"}, "source": "pl"}}
    other = await verified_organisation(publish, database, CONTENT | name)
    await trust(database, organisation)
    seats = ((ANNA, Seat.ADMIN), (JAN, Seat.MEMBER), (OLA, Seat.ADMIN))
    users = {email: await seated(database, organisation, email, seat) for email, seat in seats}
    for email in (ANNA, JAN):
        await second_step(database, email)
    for email in users:
        await long_seated(database, email)
    return World(database, setting, organisation, other, users)


def content_of(data: dict[str, Any]) -> Content:
    return LAYER.content.read({key: value for key, value in data.items() if value is not None})


async def test_what_a_trusted_organisation_may_publish_by_itself_and_what_waits(
    world: World, publish: Publish
) -> None:
    """Every row: what is on the map, what is sent, by whom, what was done before, and what comes of it."""
    taken = {"kind": "phone", "value": "+48222222222"}
    await publish(aid_point("Cudza kuchnia", place=HERE, contacts=[taken], organisation=world.theirs))

    def sql(statement: str) -> Prepare:
        return lambda feature: world.run(statement, id=feature, other=world.other)

    claim = (
        "INSERT INTO core.place_claim (feature_id, organisation_id, claimed_by, state)"
        " SELECT :id, :other, u.id, 'asked' FROM core.user u LIMIT 1"
    )
    report = (
        "INSERT INTO core.report (feature_id, reason, language, number)"
        " VALUES (:id, 'closed', 'pl', uuid_send(gen_random_uuid()))"
    )
    waits = (
        "INSERT INTO core.submission (layer, kind, channel, feature_id, base_revision, content, state, language, second_asked_by)"
        " SELECT layer, 'change', 'form', id, 1, content, 'pending', 'pl', {} FROM core.feature WHERE id = :id"
    )
    leased = (
        f"WITH s AS ({waits.format('NULL')} RETURNING id) INSERT INTO core.lease (submission_id, user_id, taken_at, ends_at)"
        " SELECT s.id, u.id, now(), now() + interval '10 minutes' FROM s, core.user u LIMIT 1"
    )
    await world.run(
        "INSERT INTO published.area (code, stable_code, country, level, name, folded, ancestors, source, licence, fingerprint)"
        " SELECT 'PL-local_centrum', 'PL-local_centrum', country, 'custom', 'Centrum', 'centrum', array[code, 'PL-26'],"
        " source, licence, 'x' FROM published.area WHERE code = :code",
        code=KIELCE,
    )

    def by_phone(code: str) -> dict[str, Any]:
        return {
            "channel": "phone",
            "place": None,
            "contacts": [PHONE],
            "area_served": [{"code": code, "name": "Tam"}],
        }

    def here_for(*codes: str) -> dict[str, Any]:
        return {"area_served": [{"code": code, "name": "Tam"} for code in codes]}

    rows: list[tuple[str, dict[str, Any], dict[str, Any], str, Prepare | None, set[Why]]] = [
        ("a phone", {}, {"contacts": [PHONE]}, ANNA, None, set()),
        ("a pin beside", {}, {"place": {"position": {"lng": 20.66, "lat": 50.88}}}, ANNA, None, set()),
        ("closed", {}, {"status": {"state": "closed", "since": "2026-01-01"}}, ANNA, None, set()),
        ("by a member", {}, SITE, JAN, None, {Why.NOT_ADMIN}),
        ("without a second step", {}, SITE, OLA, None, {Why.NO_SECOND_STEP}),
        ("it lies outside", {"place": ELSEWHERE}, SITE, ANNA, None, {Why.OUTSIDE, Why.MOVED_OUT}),
        ("it moves outside", {}, {"place": ELSEWHERE}, ANNA, None, {Why.MOVED_OUT}),
        ("it moves in", {"place": ELSEWHERE}, {"place": HERE}, ANNA, None, {Why.OUTSIDE}),
        ("by phone there", {}, by_phone(KIELCE), ANNA, None, set()),
        ("it is for more than there", {}, by_phone("PL-26"), ANNA, None, {Why.MOVED_OUT}),
        ("it is for an area of one's own", {}, by_phone("PL-local_centrum"), ANNA, None, {Why.MOVED_OUT}),
        ("its pin is there, for there", {}, here_for("PL-266101"), ANNA, None, set()),
        ("its pin is there, for elsewhere too", {}, here_for(KIELCE, "PL-2604042"), ANNA, None, {Why.MOVED_OUT}),
        ("it changes hands", {}, {"organisation": world.theirs}, ANNA, None, {Why.CHANGES_HANDS}),
        ("it is nobody's then", {}, {"organisation": None}, ANNA, None, {Why.CHANGES_HANDS}),
        ("protected", HOUSING, SITE, ANNA, None, {Why.PROTECTED}),
        ("protected then", {}, HOUSING, ANNA, None, {Why.PROTECTED}),
        ("discreet then", {}, {"services": [{"type": "violence_support"}]}, ANNA, None, {Why.PROTECTED}),
        ("a photo", {}, {"photos": [PHOTO]}, ANNA, None, {Why.PHOTO}),
        ("a phone of another", {}, {"contacts": [taken]}, ANNA, None, {Why.RISK}),
        ("a shortener", {}, {"website": "https://bit.ly/abc"}, ANNA, None, {Why.RISK}),
        ("a look-alike (E9)", {}, {"name": {"texts": {"pl": "Innа fundacja"}, "source": "pl"}}, ANNA, None, {Why.RISK}),
        ("reported", {}, SITE, ANNA, sql(report), {Why.REPORTED}),
        ("claimed by another", {}, SITE, ANNA, sql(claim), {Why.CLAIMED}),
        ("a colleague is asked for", {}, SITE, ANNA, sql(waits.format("gen_random_uuid()")), {Why.LOOKED_AT}),
        ("a moderator has another one", {}, SITE, ANNA, sql(leased), {Why.LOOKED_AT}),
        ("another one waits", {}, SITE, ANNA, sql(waits.format("NULL")), set()),
    ]  # fmt: skip
    sent = 0
    for number, (title, is_, becomes, email, prepare, expected) in enumerate(rows):
        plain = aid_point(f"Kuchnia numer {number}", place=HERE, organisation=world.mine) | is_
        (place,) = await publish(plain)
        if prepare is not None:
            await prepare(place.feature_id)
        proposal = Proposal(LAYER, content_of(plain | becomes), place.feature_id, 1)
        assert await world.waits(proposal, email) == expected, title
        live = await world.run("SELECT revision FROM core.feature WHERE id = :id", id=place.feature_id)
        assert live == (1 if expected else 2), title
        # What would wait and was not said to leaves nothing behind.
        mine_waiting = "SELECT count(*) FROM core.submission WHERE sent_by IS NOT NULL"
        sent += not expected
        assert await world.run(mine_waiting) == sent, title


async def test_e8_own_entries_and_new_ones_go_by_the_same_rules(world: World, publish: Publish) -> None:
    # Whose entry it is not, and what it is known by itself.
    (foreign,) = await publish(aid_point("Bar", place=HERE, organisation=world.theirs))
    proposal = Proposal(
        LAYER, content_of(aid_point("Bar 2", place=HERE, organisation=world.mine)), foreign.feature_id, 1
    )
    assert Why.NOT_YOURS in await world.waits(proposal)
    organisations = LAYERS["organisations"]
    own = Proposal(
        organisations,
        organisations.content.read(CONTENT | {"also_known_as": ["Stół"]}),
        world.organisation,
        1,
    )
    assert await world.waits(own) == {Why.OWN_ENTRY}

    # New ones: inside, outside, what is there already.
    def new(name: str, **more: Any) -> Proposal:
        return Proposal(LAYER, content_of(aid_point(name, organisation=world.mine) | more))

    far = {"position": {"lng": 20.55, "lat": 50.95}}
    for title, made, expected in (
        ("inside", new("Świetlica na Zalesiu", place=far), set()),
        ("the same again", new("Świetlica na Zalesiu", place=far), {Why.ALIKE}),
        ("outside", new("Świetlica w Górnie", place=ELSEWHERE), {Why.OUTSIDE}),
        ("protected", new("Mieszkanie", **HOUSING), {Why.PROTECTED}),
    ):
        assert await world.waits(made) == expected, title

    # What lies beyond a border, near the last unit before it, does not lie in that unit.
    await world.run("UPDATE core.trust SET areas = '{PL-26}'")
    for lng, expected in ((21.49, set()), (21.52, {Why.OUTSIDE})):
        there = {"position": {"lng": lng, "lat": 50.87}}
        assert await world.waits(new(f"Schronisko {lng}", place=there)) == expected, lng


async def test_a5_whether_it_is_trusted_is_asked_at_the_moment_of_publishing(
    world: World, publish: Publish
) -> None:
    """A version that somebody has changed since, another kind of entries, too many, and every way to lose the right."""
    (place,) = await publish(aid_point("Bar mleczny", place=HERE, organisation=world.mine))
    content = content_of(aid_point("Bar mleczny", place=HERE, organisation=world.mine, **SITE))
    proposal = Proposal(LAYER, content, place.feature_id, 1)
    with pytest.raises(StaleRevision):
        await world.waits(Proposal(LAYER, content, place.feature_id, 3))
    await world.run("UPDATE core.trust SET layers = '{needs}'")
    assert await world.waits(proposal) == {Why.OTHER_LAYER}
    await world.run("UPDATE core.trust SET layers = '{aid_points}'")
    many = (
        "INSERT INTO core.own_approval (submission_id, trust_id, user_id, look_again)"
        " SELECT gen_random_uuid(), t.id, gen_random_uuid(), false FROM core.trust t, generate_series(1, :n)"
    )
    await world.run(many, n=MOST_A_DAY)
    assert await world.waits(proposal) == {Why.MANY}
    await world.run("UPDATE core.own_approval SET at = now() - interval '2 days'")
    await world.run("UPDATE core.trust SET second_by = NULL, second_at = NULL")
    assert await world.waits(proposal) == {Why.NO_TRUST}
    await world.run("UPDATE core.trust SET second_by = gen_random_uuid(), second_at = now()")
    await world.run("UPDATE core.membership SET role = 'member'")
    assert await world.waits(proposal) == {Why.NOT_ADMIN}
    await world.run("UPDATE core.membership SET role = 'admin'")
    await world.run("DELETE FROM core.second_step")
    assert await world.waits(proposal) == {Why.NO_SECOND_STEP}
    await world.run("UPDATE core.trust SET layers = '{needs}'")
    for table, columns, step in (
        ("second_step", "user_id, confirmed_at", ""),
        ("passkey", "user_id, created_at, credential_id, public_key, name", r", '\x01', '\x01', 'a'"),
        ("identity", "user_id, created_at, issuer, subject, counts", ", 'a', 'a', true"),
    ):
        at = columns.split(", ")[1]
        made = f"INSERT INTO core.{table} ({columns}) SELECT id, now() - interval '71 hours'{step} FROM core.user WHERE id = :id"
        await world.run(made, id=world.users[ANNA])
        assert await world.waits(proposal) == {Why.NEW_SECOND_STEP, Why.OTHER_LAYER}, table
        await world.run(f"UPDATE core.{table} SET {at} = {at} - interval '2 hours'")
        assert await world.waits(proposal) == {Why.OTHER_LAYER}, table
        await world.run(f"DELETE FROM core.{table}")
    await world.run("UPDATE core.trust SET layers = '{aid_points}'")
    await second_step(world.database, ANNA)
    await world.run("UPDATE core.verification SET ended_at = now()")
    assert await world.waits(proposal) == {Why.NO_TRUST}
    await world.run("UPDATE core.feature SET state = 'unpublished' WHERE id = :id", id=world.organisation)
    with pytest.raises(NoSuchOrganisation):
        await world.waits(proposal)
    async with session(world.database) as s:
        assert await verify_chain(s) is None


async def test_an_admin_reads_before_sending_whether_it_is_public_at_once_and_it_is(
    site: FastAPI,
    client: httpx2.AsyncClient,
    organisation: uuid.UUID,
    database: Database,
    publish: Publish,
    mailbox: Mailbox,
) -> None:
    await trust(database, organisation)
    before = [{"kind": "email", "value": "dawna@kuchnia.example"}, PHONE]
    (place,) = await publish(own_point(organisation, "Kuchnia", place=HERE, contacts=before))
    here = f"{PAGE}/{organisation}"
    address = f"{here}/entries/{place.feature_id}/change"
    public = f"/api/v1/layers/aid_points/features/{place.feature_id}"
    async with (
        browser_of_admin(site, organisation, ANNA) as anna,
        browser_of_member(site, organisation, JAN) as jan,
        signed_in(site, Role.ADMINISTRATOR, "desk@example.org") as desk,
    ):
        desk.headers["Accept-Language"] = "en"
        assert "You publish by yourselves" in said(await anna.get(here))
        form = said(await anna.get(address))
        assert "This is public at once" in form
        assert "Kielce" in form
        assert "only admins of your organisation publish by themselves" in said(await jan.get(address))

        # What was said would be public, and now would wait, is not sent before they have read why.
        outside = {"position": "50.87, 20.9", "website": "https://bit.ly/abc"}
        asked = await change(anna, address, **outside)
        assert asked.status_code == 409, said(asked)
        assert "it would move to where your organisation does not publish" in said(asked)
        assert "a link or a text in it has to be looked at" in said(asked)
        assert "https://bit.ly/abc" in asked.text
        assert await run(database, "SELECT count(*) FROM core.submission") == 0
        sent = await change(anna, address, website="https://bit.ly/abc", told="risk")
        assert "Your change is sent" in said(await anna.get(sent.headers["location"]))
        assert (await client.get(public)).json()["properties"].get("website") is None

        # Sent, it is public: theirs in history and log, and whoever was behind it is told.
        await mailbox.collect()
        done = await change(anna, address, **SITE, **{"emails.0.value": "nowa@kuchnia.example"})
        assert "It is on the map now" in said(await anna.get(done.headers["location"]))
        assert (await client.get(public)).json()["properties"]["website"] == SITE["website"]
        events = (await client.get(f"{public}/history")).json()["events"]
        assert [one["by"] for one in events if one["kind"] == "changed"] == ["organisation"]
        assert ["by" in one for one in events if one["kind"] == "published"] == [False]
        page = said(await client.get(f"/en/aid_points/{place.feature_id}/-", follow_redirects=True))
        assert "approved by the organisation itself, which is trusted" in page
        (mail,) = await mailbox.collect()
        body = mail.get_body(("plain",))
        assert mail["To"] == "dawna@kuchnia.example"
        assert body is not None
        assert "Fundacja Ciepły Stół" in body.get_content()
        async with session(database) as s:
            query = "SELECT DISTINCT actor_kind, detail ->> 'by' AS by FROM core.audit WHERE action = 'submission.approved'"
            (logged,) = (await s.execute(text(query))).all()
            made = (
                await s.execute(text("SELECT action, actor_id FROM core.revision WHERE number = 2"))
            ).one()
            submission = await s.get_one(
                Submission, await s.scalar(text("SELECT submission_id FROM core.own_approval"))
            )
        assert (logged.actor_kind, logged.by) == ("staff", BY_ITSELF)
        assert (made.action, made.actor_id) == (BY_ITSELF, submission.sent_by)

        await looked_at_counted_and_undone(client, desk, database, submission, public)

        # Ended between reading and sending: nothing is published that would have been.
        await run(database, "UPDATE core.trust SET ended_at = now()")
        late = await change(anna, address, website="https://stol.example/", told="")
        assert (late.status_code, "nobody has given your organisation" in said(late)) == (409, True)


async def test_b11_a_mailbox_alone_publishes_nothing_and_its_owner_reads_of_the_second_step(
    site: FastAPI,
    organisation: uuid.UUID,
    database: Database,
    publish: Publish,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steps, "time", Clock())
    await trust(database, organisation)
    (place,) = await publish(own_point(organisation, place=HERE))
    address = f"{PAGE}/{organisation}/entries/{place.feature_id}/change"
    async with browser_of_member(site, organisation, ANNA, Seat.ADMIN) as browser:
        await long_seated(database, ANNA)
        assert "you have no second step" in said(await browser.get(address))
        await set_up(browser)
        (mail,) = await mailbox.collect()
        assert (mail["To"], mail["Subject"]) == (ANNA, "Z twoim kontem połączono aplikację")
        for page in (address, f"{PAGE}/{organisation}"):
            assert "your second step of signing in is newer than three days" in said(await browser.get(page))
        asked = await change(browser, address, website="https://stol.example/", told="")
        assert (asked.status_code, "newer than three days" in said(asked)) == (409, True)
        sent = await change(browser, address, website="https://stol.example/", told="new_second_step")
        assert sent.headers["location"].endswith("done=sent")
        assert await run(database, "SELECT max(revision) FROM core.feature") == 1
        await run(database, "UPDATE core.second_step SET confirmed_at = confirmed_at - interval '72 hours'")
        assert "This is public at once" in said(await browser.get(address))


async def test_b11_who_is_seated_publishes_after_three_days_and_every_other_admin_hears_of_it(
    site: FastAPI,
    client: httpx2.AsyncClient,
    organisation: uuid.UUID,
    database: Database,
    publish: Publish,
    mailbox: Mailbox,
) -> None:
    """Whoever has found one admin's mailbox seats an account that has had its second step for years."""
    await trust(database, organisation)
    (place,) = await publish(own_point(organisation, place=HERE))
    people = f"{PAGE}/{organisation}/people"
    address = f"{PAGE}/{organisation}/entries/{place.feature_id}/change"
    ids = {email: str(await seated(database, organisation, email, Seat.ADMIN)) for email in (OLA, EWA)}
    await run(database, "UPDATE core.user SET language = 'uk' WHERE email = :email", email=OLA)
    async with browser_of_member(site, organisation, ANNA, Seat.ADMIN) as found_mailbox:
        # Who would hear of it is made a member like any other first, and hears of that.
        for act in ("member", "remove"):
            answer = await found_mailbox.post(f"{people}/act", data={"act": act, "person": ids[EWA]})
            assert answer.status_code == 303, answer.text
        (mail,) = await mailbox.collect()
        assert (mail["To"], mail["Subject"]) == (EWA, "Fundacja Ciepły Stół: nie jesteś już koordynatorem")
        form = {"email": JAN, "name": "Jan", "language": "de", "seat": "admin"}
        assert (await found_mailbox.post(people, data=form)).status_code == 303
    told = {mail["To"]: mail for mail in await mailbox.collect()}
    assert set(told) == {ANNA, OLA, JAN}
    assert told[OLA]["Subject"] == "Fundacja Ciepły Stół: є новий координатор"
    assert links_in(told[OLA]) == [f"{ORIGIN}{people}"]
    assert JAN in words_of(told[OLA])

    await second_step(database, JAN)
    async with session(database) as s:
        token = await make_one_time_link(s, JAN)
    await client.post("/desk/sign-in/link", data={"token": token})
    await run(database, "UPDATE core.session SET second_step_at = now()")
    client.headers["Accept-Language"] = "en"
    assert "an admin of your organisation for less than three days" in said(await client.get(address))
    asked = await change(client, address, website="https://stol.example/", told="")
    assert asked.status_code == 409
    sent = await change(client, address, website="https://stol.example/", told="new_seat")
    assert sent.headers["location"].endswith("done=sent")
    await run(database, "UPDATE core.membership SET seated_at = now() - interval '72 hours'")
    assert "This is public at once" in said(await client.get(address))
    # Made a member and an admin again, they are a new one.
    for act in ("member", "admin"):
        async with session(database) as s:
            jan = (await s.scalars(select(User).where(User.email == JAN))).one()
            ola = (await s.scalars(select(User).where(User.email == OLA))).one()
            await change_seat(s, ByAdmin(organisation, ola, "Fundacja", ORIGIN), jan.id, Seat(act))
    assert "an admin of your organisation for less than three days" in said(await client.get(address))


async def looked_at_counted_and_undone(
    client: httpx2.AsyncClient,
    desk: httpx2.AsyncClient,
    database: Database,
    submission: Submission,
    public: str,
) -> None:
    """A moderator looks at it afterwards, it is counted apart, and undone it waits as any other."""
    review = f"/desk/submissions/{submission.id}"
    assert "Published by organisations" in said(await desk.get("/desk"))
    assert "Look at them again" in said(await desk.get("/desk/by-themselves"))
    assert (await desk.post("/desk/by-themselves/seen", data={"id": str(submission.id)})).status_code == 303
    assert "Look at them again" not in said(await desk.get("/desk/by-themselves"))
    figures = said(await desk.get("/desk/statistics"))
    assert "have published 1 submission by themselves" in figures
    assert "0 decisions in this period" in figures
    assert "Approved by the organisation itself" in said(
        await desk.get(f"/desk/published/{submission.feature_id}")
    )
    assert "The organisation has published this by itself" in said(await desk.get(review))
    undone = await desk.post(f"{review}/undo", data={"version": str(submission.version)})
    assert undone.status_code == 303, said(undone)
    assert (await client.get(public)).json()["properties"].get("website") is None
    assert "by themselves" not in said(await desk.get("/desk/statistics"))
    assert (
        await run(database, "SELECT state FROM core.submission WHERE id = :id", id=submission.id) == "pending"
    )
    again = decision(submission, version=submission.version + 1)
    assert (await desk.post(f"{review}/approve", data=again)).status_code == 303
    assert "1 decision in this period" in said(await desk.get("/desk/statistics"))


async def test_a_new_place_is_public_once_and_where_nobody_is_trusted_it_waits(
    site: FastAPI, client: httpx2.AsyncClient, organisation: uuid.UUID, database: Database
) -> None:
    address = f"{PAGE}/{organisation}/add"
    typed = {
        "name": "Świetlica",
        "services": "hot_meals",
        "address.city": "Kielce",
        "position": "50.87, 20.63",
        "hours.kind": "always",
        "organisation": "Ktoś inny",
        "number": "7" * 32,
    }
    async with (
        browser_of_admin(site, organisation, ANNA) as anna,
        signed_in(site, Role.MODERATOR, "moderator@example.org") as moderator,
    ):
        moderator.headers["Accept-Language"] = "en"
        sent = await change(anna, address, **typed)
        assert sent.status_code == 303, said(sent)
        assert sent.headers["location"].endswith("done=sent")
        waiting = await run(database, "SELECT id FROM core.submission")
        assert "From the organisation itself" in said(await moderator.get(f"/desk/submissions/{waiting}"))
        await run(database, "UPDATE core.submission SET state = 'withdrawn'")

        await trust(database, organisation)
        typed |= {"number": "8" * 32}
        for _ in range(2):
            done = await change(anna, address, **typed)
            assert done.headers["location"].endswith("done=published"), said(done)
        async with session(database) as s:
            (place,) = (await s.scalars(select(Feature).where(Feature.layer == "aid_points"))).all()
        assert place.content["organisation"] == {"id": str(organisation)}
        assert place.verified_how == "owner_confirmed"
        other = await change(anna, address, **typed | {"number": "9" * 32})
        assert other.status_code == 409
        assert "the map may have this place already" in said(other)
        page = said(await client.get(f"/en/aid_points/{place.id}/-", follow_redirects=True))
        assert "Put on the map (approved by the organisation itself, which is trusted)" in page


async def test_0084_goes_down_and_up_again_with_trust_and_what_was_published_by_it(
    world: World, publish: Publish, database: Database, database_urls: ClusterUrls
) -> None:
    (place,) = await publish(aid_point("Bar", place=HERE, organisation=world.mine))
    content = content_of(aid_point("Bar", place=HERE, organisation=world.mine, **SITE))
    assert await world.waits(Proposal(LAYER, content, place.feature_id, 1)) == set()
    await database.dispose()

    def there_and_back() -> None:
        engine = create_engine(database_urls.owner, poolclass=NullPool)
        with engine.connect() as connection:
            config = Config("alembic.ini")
            config.attributes["connection"] = connection
            command.downgrade(config, "0083")
            connection.commit()
        migrate(database_urls.owner)

    await asyncio.to_thread(there_and_back)
    # What was published stays so; nobody is trusted any more.
    assert await world.run("SELECT count(*) FROM core.trust") == 0
    assert await world.run("SELECT count(*) FROM core.own_approval") == 0
    assert await world.run("SELECT revision FROM core.feature WHERE id = :id", id=place.feature_id) == 2
    await run(database, "UPDATE core.verification SET ended_at = now()")
