"""An organisation that two people have verified and two administrators trust, in Kielce, and an admin of it with a second step, both of long standing."""

import contextlib
import uuid
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx2
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.memberships import Seat
from app.db import Database, session
from app.moderation.own_publication import STANDS_AFTER
from tests.functional.conftest import Publish
from tests.functional.desk.organisations import browser_of_member

KIELCE: Final = "PL-2661"
HERE: Final = {"position": {"lng": 20.63, "lat": 50.87}}
#: In Górno, beside the town.
ELSEWHERE: Final = {"position": {"lng": 20.9, "lat": 50.87}}
CONTENT: Final[dict[str, Any]] = {
    "name": {"texts": {"pl": "Fundacja Ciepły Stół"}, "source": "pl"},
    "website": "https://stol.example/",
    "contacts": [{"kind": "phone", "value": "+48413680000"}],
}


async def verified_organisation(
    publish: Publish, database: Database, content: dict[str, Any] | None = None
) -> uuid.UUID:
    """Publish an organisation of which two people have made sure."""
    (made,) = await publish(content or CONTENT, layer="organisations")
    async with session(database) as s:
        await s.execute(
            text(
                "INSERT INTO core.verification (feature_id, first_by, first_how, second_by, second_at, second_how)"
                " VALUES (:id, gen_random_uuid(), 'register', gen_random_uuid(), now(), 'letter')"
            ),
            {"id": made.feature_id},
        )
    return made.feature_id


async def trust(
    database: Database,
    organisation: uuid.UUID,
    areas: tuple[str, ...] = (KIELCE,),
    layers: tuple[str, ...] = ("aid_points",),
) -> None:
    """Let it be trusted, as two administrators would."""
    async with session(database) as s:
        await s.execute(
            text(
                "INSERT INTO core.trust (organisation_id, verification_id, areas, layers, first_by, second_by, second_at)"
                " SELECT feature_id, id, :areas, :layers, gen_random_uuid(), gen_random_uuid(), now()"
                " FROM core.verification WHERE feature_id = :id AND ended_at IS NULL"
            ),
            {"id": organisation, "areas": list(areas), "layers": list(layers)},
        )


async def second_step(database: Database, email: str) -> None:
    """Let somebody have had a second step for long enough, and have passed it wherever they are signed in."""
    async with session(database) as s:
        who = {"email": email}
        await s.execute(
            text(
                "INSERT INTO core.second_step (user_id, confirmed_at) SELECT id, now() - :stood FROM core.user WHERE email = :email"
            ),
            who | {"stood": 2 * STANDS_AFTER},
        )
        await s.execute(
            text(
                "UPDATE core.session SET second_step_at = now()"
                " WHERE user_id = (SELECT id FROM core.user WHERE email = :email)"
            ),
            who,
        )


async def long_seated(database: Database, email: str) -> None:
    """Let somebody have been what they are in their organisations for long enough."""
    async with session(database) as s:
        await s.execute(
            text(
                "UPDATE core.membership SET seated_at = now() - :stood"
                " WHERE user_id = (SELECT id FROM core.user WHERE email = :email)"
            ),
            {"email": email, "stood": 2 * STANDS_AFTER},
        )


@contextlib.asynccontextmanager
async def browser_of_admin(
    site: FastAPI, organisation: uuid.UUID, email: str
) -> AsyncIterator[httpx2.AsyncClient]:
    """Give a browser in which an admin of an organisation is signed in with both steps."""
    async with browser_of_member(site, organisation, email, Seat.ADMIN) as browser:
        await second_step(site.state.database, email)
        await long_seated(site.state.database, email)
        yield browser
