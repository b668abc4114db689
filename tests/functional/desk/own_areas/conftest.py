"""Units as files bring them, an administrator, and a server beside this one."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.roles import Role
from app.areas.importing import import_units
from app.config import Settings
from app.db import Database, session
from app.main import create_app
from tests.functional.conftest import ORIGIN
from tests.functional.desk.conftest import signed_in
from tests.functional.desk.own_areas.areas import UNITS


@pytest.fixture(autouse=True)
async def units(database: Database) -> None:
    async with session(database) as s:
        await import_units(s, UNITS)


@pytest.fixture
async def administrator(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(site, Role.ADMINISTRATOR, "admin@example.org") as browser:
        await browser.post("/desk/language", data={"language": "en"})
        yield browser


@pytest.fixture
async def elsewhere(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """Another process: it shares nothing but the database."""
    app = create_app(settings)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=ORIGIN) as opened:
        yield opened
    await app.state.database.dispose()
