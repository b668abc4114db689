"""Somebody whose role holds for some units and layers neither sees nor decides what lies outside (SECURITY A2, A3)."""

import contextlib
import datetime as dt
import json
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from shapely import box
from sqlalchemy import text

from app.accounts.granting import grant_role
from app.accounts.models import Grant, User
from app.accounts.roles import Role
from app.areas.importing import import_units
from app.db import Database, session
from app.desk.shown import LEAST_S, Shown
from app.features.publishing import Item, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.models import Submission
from app.moderation.scope import is_within
from app.moderation.submissions import read
from tests.functional.conftest import SECRET, Publish, aid_point
from tests.functional.country import import_country, unit
from tests.functional.desk.conftest import Waiting, decision, signed_in
from tests.functional.pages.conftest import Person

KIELCE, TOWN, GORNO, REGION = "PL-2661", "PL-2661011", "PL-2604042", "PL-26"
IN_KIELCE, IN_GORNO = (20.63, 50.87), (20.9, 50.9)


def at(lng: float, lat: float) -> dict[str, Any]:
    return {"position": {"lng": lng, "lat": lat}}


def moderator(*areas: str, layers: tuple[str, ...] = ()) -> User:
    """A person who is in no database, with one role."""
    now = dt.datetime.now(dt.UTC)
    return User(
        grants=[
            Grant(
                role=Role.MODERATOR, areas=list(areas) or None, layers=list(layers) or None, confirmed_at=now
            )
        ]
    )


@contextlib.asynccontextmanager
async def moderator_of(
    site: FastAPI, *areas: str, layers: tuple[str, ...] = (), role: Role = Role.MODERATOR
) -> AsyncIterator[httpx2.AsyncClient]:
    """Give the browser of somebody who is signed in and whose role holds there."""
    email = "there@kielce.example"
    async with session(site.state.database) as s:
        await grant_role(s, email, role, areas=areas, layers=layers)
    async with signed_in(site, role, email) as browser:
        yield browser


@pytest.fixture(autouse=True)
async def country(database: Database) -> None:
    await import_country(database)


async def units_of(database: Database, content: dict[str, Any]) -> set[str]:
    async with session(database) as s:
        statement = text("SELECT core.areas_of(CAST(:content AS jsonb))")
        return set((await s.execute(statement, {"content": json.dumps(content)})).scalar_one())


def served(*codes: str) -> dict[str, Any]:
    return {"area_served": [{"code": code} for code in codes]}


async def test_everything_of_a_content_lies_in_its_units(database: Database) -> None:
    assert await units_of(database, {"place": at(*IN_KIELCE)}) == {TOWN, "PL-266101", KIELCE, REGION}
    # The place counts, not for whom the help is.
    assert await units_of(database, {"place": at(*IN_GORNO), **served(KIELCE)}) >= {GORNO, REGION}
    assert KIELCE not in await units_of(database, {"place": at(*IN_GORNO), **served(KIELCE)})
    # On a pier, 1.5 km outside everything: the nearest unit.
    assert await units_of(database, {"place": at(21.52, 50.9)}) == {REGION}
    assert await units_of(database, {"place": at(30.0, 50.9)}) == set()
    protected = {"place": {"disclosure": "area", "area": {"code": TOWN}}}
    assert await units_of(database, protected) >= {TOWN, KIELCE, REGION}
    assert await units_of(database, served(TOWN)) >= {TOWN, KIELCE, REGION}
    # Help for two units is of what they have in common.
    assert await units_of(database, served(TOWN, GORNO)) == {REGION}
    assert await units_of(database, served(TOWN, "XX-1")) == set()
    assert await units_of(database, {}) == set()


@pytest.mark.parametrize(
    "content", ["null", "[]", '{"place": 1}', '{"area_served": {}}', '{"place": {"position": {"lng": "x"}}}']
)
async def test_what_is_no_content_lies_nowhere(database: Database, content: str) -> None:
    assert await units_of(database, json.loads(content)) == set()


async def may_decide(database: Database, user: User, submission: Submission) -> bool:
    async with session(database) as s:
        return await is_within(s, user, "submission.decide", "submission", submission.id)


async def test_a2_a_scope_is_units_with_all_below_them_and_layers(
    database: Database, waiting: Waiting
) -> None:
    here = await waiting(place=at(*IN_KIELCE))
    for user, expected in (
        (moderator(), True),
        (moderator(KIELCE), True),
        (moderator(REGION), True),
        (moderator(GORNO, TOWN), True),
        (moderator(GORNO), False),
        (moderator(KIELCE, layers=("aid_points",)), True),
        (moderator(KIELCE, layers=("organisations",)), False),
        (moderator(layers=("organisations",)), False),
        (User(grants=[]), False),
    ):
        assert await may_decide(database, user, here) is expected
    proposed = User(grants=[Grant(role=Role.MODERATOR, areas=None, layers=None, confirmed_at=None)])
    assert not await may_decide(database, proposed, here)


async def test_a2_nothing_is_moved_out_of_a_scope_or_into_it(
    database: Database, waiting: Waiting, publish: Publish
) -> None:
    (made,) = await publish(aid_point(place=at(*IN_KIELCE)))
    moved = await waiting(feature_id=made.feature_id, place=at(*IN_GORNO))
    assert not await may_decide(database, moderator(KIELCE), moved)
    assert not await may_decide(database, moderator(GORNO), moved)
    assert await may_decide(database, moderator(REGION), moved)
    stays = await waiting(feature_id=made.feature_id, place=at(*IN_KIELCE), description=None)
    assert await may_decide(database, moderator(KIELCE), stays)


async def test_a2_lists_and_counts_have_nothing_from_outside(
    site: FastAPI, database: Database, waiting: Waiting, publish: Publish
) -> None:
    here, there = await publish(
        aid_point("Stąd", place=at(*IN_KIELCE)), aid_point("Stamtąd", place=at(*IN_GORNO))
    )
    inside = await waiting(name="Nowe tutaj", place=at(*IN_KIELCE))
    outside = await waiting(name="Nowe tam", place=at(*IN_GORNO))
    async with session(database) as s:
        statement = """
            INSERT INTO core.report (feature_id, reason, language, number)
            VALUES (:id, 'wrong_hours', 'pl', uuid_send(gen_random_uuid()))
        """
        for feature in (here, there, there):
            await s.execute(text(statement), {"id": feature.feature_id})
    async with moderator_of(site, KIELCE) as browser:
        for path, shown, hidden in (
            ("/desk", "Nowe tutaj", "Nowe tam"),
            (f"/desk/submissions/{inside.id}", "Nowe tutaj", "Nowe tam"),
            ("/desk/reports", "Stąd", "Stamtąd"),
            ("/desk/reports?state=all", "Stąd", "Stamtąd"),
            ("/desk/published?place=St%C4%85d", "Stąd", "Stamtąd"),
        ):
            page = await browser.get(path)
            assert page.status_code == 200, path
            assert shown in page.text, path
            assert hidden not in page.text, path
        found = await browser.get("/desk/published?place=Stamt%C4%85d")
        assert str(there.feature_id) not in found.text
        unknown = await browser.get(f"/desk/published?place={uuid.UUID(int=7)}")
        outside_page = await browser.get(f"/desk/published?place={there.feature_id}")
        assert unknown.status_code == outside_page.status_code == 404
        # Not even what was decided just before is named from outside.
        said = await browser.get(f"/desk?after={outside.id}")
        assert "Nowe tam" not in said.text
        # Neither is it led to: the last of this person's leads back to the queue.
        answer = await browser.post(f"/desk/submissions/{inside.id}/approve", data=decision(inside))
        assert answer.headers["location"] == f"/desk?after={inside.id}"
    async with signed_in(site, Role.MODERATOR, "all@kielce.example") as everywhere:
        assert "Nowe tam" in (await everywhere.get("/desk")).text


async def test_a3_what_lies_outside_is_not_there_and_is_not_changed(
    site: FastAPI, database: Database, waiting: Waiting
) -> None:
    outside = await waiting(place=at(*IN_GORNO))
    async with moderator_of(site, KIELCE) as browser:
        for written in (str(outside.id), outside.id.hex, f"{{{outside.id}}}"[:36]):
            answer = await browser.post(f"/desk/submissions/{written}/approve", data=decision(outside))
            assert answer.status_code == 404
    async with session(database) as s:
        assert (await read(s, outside.id)).state == "pending"
    # The same person, with a role for that place too, decides at once.
    async with moderator_of(site, KIELCE, GORNO) as browser:
        answer = await browser.post(f"/desk/submissions/{outside.id}/approve", data=decision(outside))
        assert answer.status_code == 303


async def test_a5_a_narrower_scope_holds_at_the_next_click(
    site: FastAPI, database: Database, waiting: Waiting
) -> None:
    here = await waiting(place=at(*IN_KIELCE))
    async with moderator_of(site, REGION) as browser:
        assert (await browser.get(f"/desk/submissions/{here.id}")).status_code == 200
        # Not by the command, which ends sessions: the row alone decides.
        async with session(database) as s:
            await s.execute(text("UPDATE core.grant SET areas = :areas"), {"areas": [GORNO]})
        assert (await browser.get(f"/desk/submissions/{here.id}")).status_code == 404
        assert (await browser.get("/desk")).status_code == 200


async def test_new_boundaries_move_what_waits(database: Database, waiting: Waiting) -> None:
    submission = await waiting(place=at(21.2, 50.9))
    assert not await may_decide(database, moderator(GORNO), submission)
    # Górno grows to where it is.
    async with session(database) as s:
        await import_units(s, [unit("2604042", box(20.8, 50.8, 21.4, 51.0), "Górno")])
    assert await may_decide(database, moderator(GORNO), submission)


async def test_a_scope_follows_a_unit_that_has_changed_its_type(database: Database, waiting: Waiting) -> None:
    submission = await waiting(place=at(*IN_GORNO))
    assert await may_decide(database, moderator("PL-260404"), submission)


async def test_a2_no_act_leads_a_place_out_of_a_scope(
    site: FastAPI, database: Database, setting: Setting, waiting: Waiting, publish: Publish
) -> None:
    """What an act makes is looked at, not only what was there before it."""
    here = await waiting(name="Tutaj", place=at(*IN_KIELCE))
    (there,) = await publish(aid_point("Kiedyś tam", place=at(*IN_GORNO)))
    layer = LAYERS["aid_points"]
    moved = Item(layer.content.read(aid_point("Dziś tu", place=at(*IN_KIELCE))), there.feature_id, 1)
    async with session(database) as s:
        await publish_many(s, setting, layer, [moved])
    async with moderator_of(site, KIELCE) as browser:
        person = Person(browser)
        page = await person.opens(f"/desk/submissions/{here.id}/edit")
        stamp = Shown(here.id, here.version).stamp(SECRET, time.time() - LEAST_S)
        for _ in range(2):  # What a correction brings is said once, and published by the second press.
            lng, lat = IN_GORNO
            page = await person.presses(page, "send", position=f"{lat}, {lng}", shown=stamp)
            if page.status == 409:
                break
        assert page.status == 409
        back = {"number": "1", "revision": "2", "reason": "Jednak tam.", "field": "place"}
        restored = await browser.post(f"/desk/published/{there.feature_id}/restore", data=back)
        assert restored.status_code == 409
    async with session(database) as s:
        assert (await read(s, here.id)).state == "pending"
        names = text("SELECT name FROM published.feature ORDER BY name")
        assert (await s.scalars(names)).all() == ["Dziś tu"]
