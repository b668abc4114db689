"""Two administrators, an organisation that two people have verified, and the world in which it is trusted."""

import uuid

import pytest

from app.accounts.memberships import Seat
from app.accounts.roles import Role
from app.db import Database
from app.features.setting import Setting
from tests.functional.conftest import Publish
from tests.functional.country import import_country
from tests.functional.desk.conftest import somebody
from tests.functional.desk.organisations import seated
from tests.functional.desk.trusted import (
    CONTENT,
    long_seated,
    second_step,
    trust,
    verified_organisation,
)
from tests.functional.desk.trusting.world import ANNA, JAN, OLA, World

first = somebody(Role.ADMINISTRATOR, "first@example.org", "en")
second = somebody(Role.ADMINISTRATOR, "second@example.org", "en")


@pytest.fixture
async def organisation(database: Database, publish: Publish) -> uuid.UUID:
    await import_country(database)
    return await verified_organisation(publish, database)


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
