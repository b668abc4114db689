"""Whatever a form is sent beside what it asks for, nobody gets more by it (SECURITY A4)."""

import uuid
from typing import Any, Final

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.memberships import Seat
from app.db import Database, session
from tests.functional.desk.test_matrix import ACTORS, Actor, World, browser_of, routes, world
from tests.functional.desk.test_matrix import LAST as LEAVING

__all__ = ["world"]

#: Names under which rights, states and places lie in the tables, and in what other systems take.
FORBIDDEN: Final = {
    "owner_id": "{id}", "user_id": "{id}", "actor_id": "{id}", "sent_by": "{id}", "organisation_id": "{other}",
    "state": "approved", "status": "approved", "verified": "true", "verified_at": "2026-01-01", "verified_how": "visit",
    "exact": "1", "disclosure": "exact", "role": "administrator", "roles": "administrator", "seat": "admin",
    "staff": "1", "is_admin": "true", "confirmed_at": "2026-01-01", "confirmed_by": "{id}", "suspended_at": "",
    "revision": "1", "live_revision": "1", "layer": "aid_points", "channel": "import", "risk": "0", "licence": "CC0-1.0",
    "trusted": "true", "totp_secret": "", "second_step": "",
}  # fmt: skip
#: Of these an ill-meant field must not change a byte. What a form of ours is there for needs more than these names.
TABLES: Final = (
    "feature",
    "revision",
    "grant",
    "membership",
    "photo",
    "opening",
    "merge",
    "place_claim",
    "verification",
    "trust",
    "own_approval",
    "agreement",
)
PICKED: Final = {"visitor", "moderator of this area", "editor", "administrator"}
#: Who leaves, leaves: no field is needed for that.
MEANT: Final = frozenset({"/desk/organisations/{organisation_id}/leave", LEAVING})
#: Of a person and of what they send, what would give them more.
RIGHTS: Final = {
    "user": "id, email, suspended_at",
    "submission": "id, state, feature_id, organisation_id, channel, content",
}


async def _state(database: Database) -> dict[str, Any]:
    async with session(database) as s:
        whole = {table: await _sum(s, f'SELECT t.* FROM core."{table}" t') for table in TABLES}
        rights = {
            table: await _sum(s, f'SELECT {columns} FROM core."{table}"') for table, columns in RIGHTS.items()
        }
    return whole | rights


async def _sum(s: Any, rows: str) -> Any:
    all_rows = f"SELECT md5(string_agg(CAST(t AS text), ',' ORDER BY CAST(t AS text))) FROM ({rows}) t"
    return (await s.execute(text(all_rows))).scalar_one()


@pytest.mark.parametrize(
    "actor",
    [actor for actor in ACTORS if actor.name in PICKED or (actor.seat is Seat.ADMIN and actor.here)],
    ids=lambda actor: actor.name,
)
async def test_a4_no_form_takes_a_field_that_it_does_not_ask_for(
    site: FastAPI, database: Database, world: World, actor: Actor
) -> None:
    asked = 0
    async with browser_of(site, actor, world) as browser:
        before = await _state(database)
        assert before["feature"]
        own = {
            name: value.format(id=uuid.uuid4(), other=world.ids["other_id"])
            for name, value in FORBIDDEN.items()
        }
        for route in routes(site):
            if route.method in ("GET", "HEAD") or route.path in MEANT:
                continue
            answer = await browser.request(route.method, world.address(route.path), data=own)
            assert answer.status_code < 500, route
            after = await _state(database)
            assert after == before, (route.method, route.path, answer.status_code)
            asked += 1
    assert asked > 40
