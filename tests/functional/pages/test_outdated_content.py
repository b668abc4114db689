"""What was published under older rules and would be refused today: it is read and reported, and everybody is told so."""

import uuid

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import SYSTEM, Actor
from app.accounts.roles import Role
from app.db import Database, session
from app.features.publishing import Item
from app.features.publishing import publish as publish_one
from app.features.reindexing import reindex, renew_openings
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.request_changes import request_changes
from tests.functional.conftest import Mailbox, Publish, aid_point, links_in
from tests.functional.desk.conftest import signed_in
from tests.functional.pages.conftest import Person
from tests.functional.pages.test_reporting import reports
from tests.functional.pages.test_reporting import send as report
from tests.functional.pages.test_still_true import OLD, Connection, connection, said
from tests.functional.pages.test_suggesting import confirmed, suggested
from tests.functional.pages.test_suggesting import send as suggest

__all__ = ["connection"]
LAYER = LAYERS["aid_points"]
AS_IT_WAS = "UPDATE core.{table} SET content = content || '{{\"opening\": 1}}'"


@pytest.fixture
async def outdated(publish: Publish, database: Database) -> uuid.UUID:
    """A place whose content has a member that there is no more."""
    (made,) = await publish(aid_point("Stołówka"), provenance=OLD)
    await make_old(database, "feature", "revision")
    return made.feature_id


async def make_old(database: Database, *tables: str) -> None:
    async with session(database) as s:
        for table in tables:
            await s.execute(text(AS_IT_WAS.format(table=table)))


@pytest.mark.parametrize("form", ["/suggest/{id}", "/suggest/{id}/closed"])
async def test_no_change_is_suggested_and_a_report_is(person: Person, outdated: uuid.UUID, form: str) -> None:
    path = "/en" + form.format(id=outdated)
    for page in (await person.opens(path), await person.sends(path, [("base", "1"), ("state", "closed")])):
        assert page.status == 409
        assert "This form cannot be filled in" in page.text
        assert "Stołówka" in page.text
        assert f'href="/en/report/{outdated}"' in page.html
        assert page.headers["cache-control"] == "no-store"


async def test_it_is_read_reported_and_confirmed(
    person: Person, connection: Connection, outdated: uuid.UUID, database: Database, mailbox: Mailbox
) -> None:
    page = await person.opens(f"/en/aid_points/{outdated}")
    assert (page.status, "Stołówka" in page.text) == (200, True)
    page = await report(person, await person.opens(f"/en/report/{outdated}"), reason="wrong_hours")
    assert page.url.startswith(f"/en/report/{outdated}/sent")
    assert len(await reports(database)) == 1
    async with session(database) as s:
        await s.execute(text("DELETE FROM core.report"))
    for number in range(4):
        visitor = connection(f"198.51.100.{number}")
        page = await visitor.presses(await visitor.opens(f"/en/report/{outdated}/still-true"))
        assert page.url.endswith("/still-true/sent")
    await mailbox.collect()
    assert await said(database) == 4


async def test_the_desk_says_why_it_cannot_be_counted_as_checked(site: FastAPI, outdated: uuid.UUID) -> None:
    async with signed_in(site, Role.MODERATOR, "mod@example.org") as desk:
        desk.headers["Accept-Language"] = "en"
        browser = Person(desk)
        where = f"/desk/published/{outdated}/checked"
        page = await browser.sends(where, [("how", "phone"), ("revision", "1")])
        assert page.status == 409
        assert "This was written under older rules" in page.text


async def test_a_suggestion_about_what_is_outdated_by_now_is_shown_and_not_published(
    person: Person, publish: Publish, database: Database, site: FastAPI
) -> None:
    (made,) = await publish(aid_point("Stołówka"))
    await suggest(person, await person.opens(f"/en/suggest/{made.feature_id}"), name="Bar")
    waiting = await suggested(database)
    async with session(database) as s:
        await s.execute(text("UPDATE core.submission SET state = 'pending'"))
    await make_old(database, "feature")
    async with signed_in(site, Role.MODERATOR, "mod@example.org") as desk:
        desk.headers["Accept-Language"] = "en"
        page = await Person(desk).opens(f"/desk/submissions/{waiting.id}")
        assert page.status == 200
        assert "This was written under older rules" in page.text
        assert "Bar" in page.text


async def test_a_suggestion_that_no_form_can_correct_any_more_is_answered_in_words(
    person: Person, publish: Publish, database: Database, mailbox: Mailbox
) -> None:
    (made,) = await publish(aid_point("Stołówka"))
    await suggest(person, await person.opens(f"/en/suggest/{made.feature_id}"), name="Bar")
    await confirmed(person, mailbox)
    waiting = await suggested(database)
    async with session(database) as s:
        actor = Actor("staff", uuid.uuid4())
        await request_changes(s, waiting.id, version=waiting.version, actor=actor, question="Sure?")
    (mail,) = await mailbox.collect()
    (status,) = links_in(mail)
    page = await person.opens(status)
    (correct,) = [link for link in page.links if link.endswith("/change")]
    await make_old(database, "feature", "revision")
    for page in (await person.opens(correct), await person.sends(correct, [("name", "Kantyna")])):
        assert page.status == 409
        assert "This form cannot be filled in" in page.text
        assert "under other rules. Say in an answer" in page.text
        assert "Bar" in page.text
        assert page.headers["cache-control"] == "no-store"
    (answer,) = [link for link in page.links if link.endswith("#answer")]
    assert "Sure?" in (await person.opens(answer.removesuffix("#answer"))).text


async def test_what_replaces_it_is_published_and_its_past_is_told_as_far_as_it_is_known(
    client: httpx2.AsyncClient, outdated: uuid.UUID, database: Database, setting: Setting
) -> None:
    new = LAYER.content.read(aid_point("Bar"))
    async with session(database) as s:
        await publish_one(s, setting, LAYER, Item(new, outdated), actor=SYSTEM)
        await s.execute(text("UPDATE core.revision SET changed = NULL"))
    async with session(database) as s:
        assert await reindex(s, setting, LAYER) == 1
    past = (await client.get(f"/api/v1/layers/aid_points/features/{outdated}/history")).json()
    kinds = [event["kind"] for event in past["events"]]
    assert "published" in kinds
    assert "changed" not in kinds


async def test_by_night_it_holds_up_no_other_place(
    outdated: uuid.UUID, publish: Publish, database: Database, setting: Setting
) -> None:
    (other,) = await publish(aid_point("Bar", hours="Mo-Su 08:00-20:00"))
    async with session(database) as s:
        await s.execute(text("DELETE FROM published.opening"))
        await s.execute(text("UPDATE published.layer_version SET openings_from = NULL"))
    await renew_openings(database, setting, LAYERS)
    async with session(database) as s:
        found = await s.execute(text("SELECT DISTINCT feature_id FROM published.opening"))
        assert found.scalars().all() == [other.feature_id]
        kept = await s.execute(text("SELECT count(*) FROM published.feature"))
        assert kept.scalar_one() == 2


async def test_f7_by_night_what_is_protected_by_now_and_cannot_be_read_leaves_the_map(
    outdated: uuid.UUID, publish: Publish, database: Database, setting: Setting
) -> None:
    """As `reindex` does it: in their rows nobody could see to it."""
    (other,) = await publish(aid_point("Bar"))
    async with session(database) as s:
        shelter = text("UPDATE core.feature SET content = jsonb_set(content, '{services,0,type}', '\"violence_shelter\"') WHERE id = :id")  # fmt: skip
        await s.execute(shelter, {"id": outdated})
    # Two nights: the second one has nothing to tell.
    for _ in range(2):
        async with session(database) as s:
            await s.execute(text("UPDATE published.layer_version SET openings_from = NULL"))
        await renew_openings(database, setting, LAYERS)
    async with session(database) as s:
        there = await s.scalars(text("SELECT id FROM published.feature"))
        assert there.all() == [other.feature_id]
        told = text("SELECT kind FROM published.change WHERE feature_id = :id ORDER BY 1")
        assert (await s.scalars(told, {"id": outdated})).all() == ["published", "removed"]
        sums = await s.scalars(text("SELECT DISTINCT sum(n) FROM published.cell WHERE facet = '' GROUP BY z"))
        assert sums.all() == [1]


async def test_when_everything_is_made_anew_it_stays_as_it_is_and_counts(
    outdated: uuid.UUID, publish: Publish, database: Database, setting: Setting
) -> None:
    (other,) = await publish(aid_point("Bar"))
    before = await counted(database)
    async with session(database) as s:
        await s.execute(text("UPDATE published.feature SET name = 'old'"))
    async with session(database) as s:
        assert await reindex(s, setting, LAYER) == 1
    assert await counted(database) == before
    async with session(database) as s:
        names = await s.execute(text("SELECT id, name FROM published.feature"))
        assert {row.id: row.name for row in names} == {outdated: "old", other.feature_id: "Bar"}


async def counted(database: Database) -> list[tuple[object, ...]]:
    """The pyramid and the words."""
    async with session(database) as s:
        cells = await s.execute(
            text("SELECT facet, z, cell, n, families, sum_lng, sum_lat FROM published.cell ORDER BY 1, 2, 3")
        )
        found = await s.execute(text("SELECT layer, word, n FROM published.word ORDER BY 1, 2"))
        return [tuple(row) for row in (*cells, *found)]
