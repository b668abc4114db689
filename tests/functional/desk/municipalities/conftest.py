"""A municipality's sign-in service, a real one over HTTP with faults of every kind, and somebody of its people."""

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.db import Database, session
from tests.functional.desk.municipalities.browsers import ANNA, browser, provider, rsa_key, set_up
from tests.sign_in_service import SignInService, running_service


@pytest.fixture
def service() -> Iterator[SignInService]:
    with running_service(key=rsa_key()) as running:
        yield running


@pytest.fixture(autouse=True)
async def anna(site: FastAPI, service: SignInService, database: Database) -> None:
    """A moderator who was invited, of a municipality whose service is set up."""
    set_up(site, gdansk=provider(service))
    async with session(database) as s:
        await grant_role(s, ANNA, Role.MODERATOR)


@pytest.fixture
async def client(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(site) as opened:
        yield opened
