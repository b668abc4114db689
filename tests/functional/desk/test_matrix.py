"""Every route, every kind of actor, the answer that each of them gets (SECURITY A1, A2).

What belongs to somebody else (A3) is `test_foreign_objects`.
"""

import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.granting import grant_role
from app.accounts.memberships import MEMBERS_MAY, Seat
from app.accounts.models import User
from app.accounts.roles import EVERYWHERE, OWN_ACCOUNT, PERMISSIONS, Role
from app.accounts.users import suspend
from app.db import Database, session
from app.desk.guard import NAMED, NAMES_NO_PLACE, NAMES_OF_ORGANISATIONS
from app.moderation.claim_models import PlaceClaim
from app.web.routes import BY_LINK, PUBLIC, RoutePermission, declared
from tests.functional.addresses import PART, written
from tests.functional.conftest import ORIGIN, Publish, aid_point
from tests.functional.country import import_country
from tests.functional.desk.authz_matrix import MATRIX
from tests.functional.desk.conftest import Waiting, signed_in
from tests.functional.desk.organisations import browser_of_member, publish_organisation
from tests.functional.test_permissions import OTHERS

KIELCE, GORNO = "PL-2661", "PL-2604042"
#: What ends a session is asked last.
LAST: Final = "/desk/sign-out"
NOBODY: Final = (401,)
SCOPED: Final = frozenset(
    {"submission_id", "feature_id", "report_id", "merge_id", "claim_id", "row_id", "keep", "drop"}
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks: with a role, and where it holds; without one a visitor."""

    name: str
    role: Role | None = None
    areas: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    here: bool = True
    seat: Seat | None = None

    def has(self, permission: str) -> bool:
        """Whether the role includes a permission at all, or the seat in an organisation."""
        if self.seat is not None:
            return permission == OWN_ACCOUNT or self.seat in MEMBERS_MAY.get(permission, ())
        limited = bool(self.areas or self.layers)
        return self.role in PERMISSIONS[permission] and not (limited and permission in EVERYWHERE)


ACTORS: Final = (
    Actor("visitor"),
    Actor("submitter with a link"),
    Actor("suspended", Role.MODERATOR),
    Actor("without a role that holds", Role.MODERATOR),
    Actor("moderator of this area", Role.MODERATOR, areas=(KIELCE,)),
    Actor("moderator of another area", Role.MODERATOR, areas=(GORNO,), here=False),
    Actor("moderator of another layer", Role.MODERATOR, layers=("organisations",), here=False),
    Actor("moderator", Role.MODERATOR),
    Actor("editor", Role.EDITOR),
    Actor("editor of another area", Role.EDITOR, areas=(GORNO,), here=False),
    Actor("administrator", Role.ADMINISTRATOR),
    Actor("member of the organisation", seat=Seat.MEMBER),
    Actor("admin of the organisation", seat=Seat.ADMIN),
    Actor("member of another organisation", here=False, seat=Seat.MEMBER),
    Actor("admin of another organisation", here=False, seat=Seat.ADMIN),
    Actor("member no more", here=False, seat=Seat.ADMIN),
)


@dataclass(frozen=True, slots=True)
class World:
    """What there is: one of each thing that an address can name, in Kielce."""

    ids: dict[str, str]

    def address(self, path: str, ids: dict[str, str] | None = None) -> str:
        """The address of a route about what there is, or about other ids."""
        names = PART.findall(path)
        given = self.ids if ids is None else ids
        return written(path, **{name: given[name] for name in names if name in given})


def routes(site: FastAPI) -> Iterator[RoutePermission]:
    """Every (method, path) that somebody can ask for; HEAD is what GET is."""
    found = [route for route in declared(site, OTHERS) if route.method != "HEAD"]
    yield from sorted(found, key=lambda route: (route.path == LAST, route.path, route.method))


def test_a1_every_route_has_a_line_and_every_line_a_route(site: FastAPI) -> None:
    there = {(route.method, route.path): route.permission for route in routes(site)}
    missing = sorted(there.keys() - MATRIX.keys())
    assert not missing, f"add a line to tests.functional.desk.authz_matrix.py for each of {missing}"
    assert not MATRIX.keys() - there.keys()
    assert {key: line[0] for key, line in MATRIX.items()} == there


@pytest.fixture
async def world(database: Database, publish: Publish, waiting: Waiting) -> World:
    await import_country(database)
    place = {"position": {"lng": 20.63, "lat": 50.87}}
    organisation = await publish_organisation(publish)
    another = await publish_organisation(publish, "Inna fundacja")
    one, other = await publish(
        aid_point("Stołówka", place=place, organisation={"id": str(organisation)}),
        aid_point("Stołówka 2", place=place),
    )
    submission = await waiting(place=place)
    async with session(database) as s:
        statement = """
            INSERT INTO core.report (feature_id, reason, language, number)
            VALUES (:id, 'wrong_hours', 'pl', uuid_send(gen_random_uuid()))
        """
        await s.execute(text(statement), {"id": one.feature_id})
        found = (await s.execute(text("SELECT id FROM core.report"))).scalar_one()
        statement = """
            INSERT INTO core.merge (loser_id, winner_id, winner_before, winner_revision, loser_revision, moved)
            VALUES (:loser, :winner, 1, 1, 1, '{}') RETURNING id
        """
        both = {"loser": other.feature_id, "winner": one.feature_id}
        merge = (await s.execute(text(statement), both)).scalar_one()
        claimer = User(email="rita@inna.example", name="Rita", language="pl")
        s.add(claimer)
        await s.flush()
        claim = PlaceClaim(
            feature_id=one.feature_id, organisation_id=another, claimed_by=claimer.id, state="asked"
        )
        s.add(claim)
        await s.flush()
        run, row = await stage_row(s, place)
    return World(
        {
            "feature_id": str(one.feature_id),
            "keep": str(one.feature_id),
            "drop": str(other.feature_id),
            "submission_id": str(submission.id),
            "report_id": str(found),
            "merge_id": str(merge),
            "claim_id": str(claim.id),
            "run_id": str(run),
            "row_id": str(row),
            "organisation_id": str(organisation),
            "other_id": str(another),
            "entry_id": str(one.feature_id),
        }
    )


async def stage_row(s: AsyncSession, place: dict[str, Any]) -> tuple[uuid.UUID, uuid.UUID]:
    """A file of one row that waits at the import desk."""
    said = "layer, title, source, source_url, licence, attribution, language, as_of, format, headers, columns, state"
    values = "'aid_points', 'A', 'a', '', 'CC0-1.0', 'A', 'pl', current_date, 'csv', '{name}', '{}', 'ready'"
    run = (
        await s.execute(text(f"INSERT INTO core.import_run ({said}) VALUES ({values}) RETURNING id"))
    ).scalar_one()
    statement = """
        INSERT INTO core.import_row (
          run_id, number, line, layer, source, source_id, content, area_codes, notes, class, likelihood, reasons)
        VALUES (:run, 1, 2, 'aid_points', 'a', '1', CAST(:content AS jsonb), core.areas_of(CAST(:content AS jsonb)),
          '[]', 'create', 100, '[]')
        RETURNING id
    """
    content = json.dumps(aid_point("Bar", place=place))
    return run, (await s.execute(text(statement), {"run": run, "content": content})).scalar_one()


@contextlib.asynccontextmanager
async def browser_of(site: FastAPI, actor: Actor, world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """Give an actor's browser; whoever has lost everything still has the cookie of before."""
    if actor.seat is not None:
        async with browser_in_seat(site, actor, world) as browser:
            yield browser
        return
    if actor.role is None:
        transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False)
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as browser:
            yield browser
        return
    email = f"{uuid.uuid4().hex}@kielce.example"
    async with session(site.state.database) as s:
        await grant_role(s, email, actor.role, areas=actor.areas, layers=actor.layers)
    async with signed_in(site, actor.role, email) as browser:
        async with session(site.state.database) as s:
            if actor.name == "suspended":
                await suspend(s, email)
            if actor.name == "without a role that holds":
                await s.execute(text("UPDATE core.grant SET confirmed_at = NULL"))
        yield browser


@contextlib.asynccontextmanager
async def browser_in_seat(site: FastAPI, actor: Actor, world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """Give the browser of somebody of the world's organisation, or of another one."""
    own = uuid.UUID(
        world.ids["organisation_id" if actor.name.endswith("of the organisation") else "other_id"]
    )
    if actor.name == "member no more":
        own = uuid.UUID(world.ids["organisation_id"])
    async with browser_of_member(
        site, own, f"{uuid.uuid4().hex}@stol.example", actor.seat or Seat.MEMBER
    ) as browser:
        if actor.name == "member no more":
            async with session(site.state.database) as s:
                await s.execute(text("DELETE FROM core.membership"))
        yield browser


async def ask(browser: httpx2.AsyncClient, method: str, address: str) -> httpx2.Response:
    return await browser.request(method, address, data={"x": "1"} if method == "POST" else None)


def expected(actor: Actor, route: RoutePermission) -> tuple[int, ...]:
    """The answers that may be given, by the line of the route."""
    permission, answers = MATRIX[route.method, route.path]
    if permission in {PUBLIC, BY_LINK}:
        return (*answers, 429)
    if actor.seat is not None:
        return expected_of_member(actor, route, answers)
    if actor.role is None or actor.name == "suspended":
        return NOBODY
    if permission in MEMBERS_MAY and actor.role != Role.ADMINISTRATOR:
        # Which organisations there are to look after is told to nobody else.
        return (404,)
    roleless = actor.name == "without a role that holds"
    if roleless or not actor.has(permission):
        # Whoever comes in by the front door is led to the first page that is theirs.
        return (303,) if route.path == "/desk" and not roleless else (403,)
    named = set(PART.findall(route.path))
    elsewhere = not actor.here and (SCOPED & named or (actor.layers and "run_id" in named))
    return (404,) if elsewhere else answers


def expected_of_member(actor: Actor, route: RoutePermission, answers: tuple[int, ...]) -> tuple[int, ...]:
    """The answers to somebody of an organisation: nothing of the desk but their own account and what is their organisation's."""
    permission, _ = MATRIX[route.method, route.path]
    if permission == OWN_ACCOUNT:
        return (403,) if actor.name == "member no more" else answers
    if permission in MEMBERS_MAY and not actor.here:
        return (404,)
    if actor.has(permission):
        return answers
    led = route.path == "/desk" and actor.name != "member no more"
    return (303,) if led else (403,)


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.name)
async def test_a2_every_route_answers_every_actor_as_it_should(
    site: FastAPI, world: World, actor: Actor
) -> None:
    wrong, asked = [], 0
    async with browser_of(site, actor, world) as browser:
        for route in routes(site):
            answer = await ask(browser, route.method, world.address(route.path))
            asked += 1
            allowed = expected(actor, route)
            if answer.status_code not in allowed:
                wrong.append((route.method, route.path, answer.status_code, allowed))
    assert wrong == []
    assert asked >= len(MATRIX)


def test_a1_every_name_in_an_address_of_the_desk_is_known_to_the_guard(site: FastAPI) -> None:
    named = {
        name
        for route in routes(site)
        if route.path.startswith("/desk") and route.permission not in {PUBLIC, BY_LINK}
        for name in PART.findall(route.path)
    }
    assert named <= set(NAMED) | NAMES_NO_PLACE | NAMES_OF_ORGANISATIONS
    # A file lies nowhere, its rows do.
    assert set(NAMED) == SCOPED | {"run_id"}
