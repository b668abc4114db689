"""A second step that was passed at a service, and those that people have here."""

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.roles import Role
from app.accounts.sign_in import make_one_time_link
from app.accounts.users import reset_second_step
from app.db import Database, session
from tests.functional.desk.conftest import signed_in
from tests.functional.desk.municipalities.browsers import (
    ANNA,
    browser,
    lead_to,
    own_app,
    provider,
    set_up,
    sign_in,
)
from tests.sign_in_service import SignInService


@pytest.mark.parametrize("counting", [(), ("mfa",)])
async def test_a_second_step_of_their_own_is_asked_for_whatever_the_service_says(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, counting: tuple[str, ...]
) -> None:
    async with signed_in(site, Role.MODERATOR, ANNA) as own:
        await own_app(own)
    set_up(site, gdansk=provider(service, second_step=counting))
    service.person.more = {"amr": ["pwd", "mfa"]}
    # However often they come: no service takes away what there was before it.
    for _ in range(2):
        assert (await sign_in(client, service)).status_code == 303
        assert await lead_to(client) == "/desk/sign-in/code"
    service.person.more = {"amr": ["pwd"]}
    assert (await sign_in(client, service)).status_code == 303
    assert await lead_to(client) == "/desk/sign-in/code"


async def test_a_second_step_there_that_counted_before_there_was_one_here_still_counts(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService
) -> None:
    set_up(site, gdansk=provider(service, second_step=("mfa",)))
    service.person.more = {"amr": ["pwd", "mfa"]}
    assert (await sign_in(client, service)).status_code == 303
    await own_app(client)
    assert (await sign_in(client, service)).status_code == 303
    assert await lead_to(client) is None
    service.person.more = {"amr": ["pwd"]}
    assert (await sign_in(client, service)).status_code == 303
    assert await lead_to(client) == "/desk/sign-in/code"


async def test_who_passes_a_second_step_there_cannot_be_taken_over_by_mail(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    set_up(site, gdansk=provider(service, second_step=("https://refeds.example/mfa",)))
    site.state.settings = site.state.settings.model_copy(update={"staff_second_step": True})
    # Before, they are as everybody: let in no further than to setting one up.
    assert (await sign_in(client, service)).status_code == 303
    assert await lead_to(client) == "/desk/account"
    async with session(database) as s:
        await s.execute(text("UPDATE core.identity SET created_at = now() - interval '30 days'"))
    service.person.more = {"acr": "https://refeds.example/mfa"}
    assert (await sign_in(client, service)).status_code == 303
    assert await lead_to(client) is None
    # However long they have been connected: as a second step it is a new one.
    async with session(database) as s:
        assert await s.scalar(text("SELECT created_at > now() - interval '1 day' FROM core.identity"))
    # Whoever reads the mailbox does not get as far as to setting up a second step of their own.
    async with session(database) as s:
        token = await make_one_time_link(s, ANNA)
    async with browser(site) as thief:
        assert (await thief.post("/desk/sign-in/link", data={"token": token})).status_code == 303
        assert await lead_to(thief, "/desk/account") == "/desk/sign-in/code"
        assert (await thief.post("/desk/account/connect", data={"code": ""})).status_code == 401
        page = (await thief.get("/desk/sign-in/code")).text
        assert "/desk/sign-in/with/gdansk" in page
        assert 'name="code"' not in page
        # Nor does whoever knows the password there.
        service.person.more = {"acr": "password"}
        assert (await sign_in(thief, service)).status_code == 303
        assert await lead_to(thief, "/desk/account") == "/desk/sign-in/code"
    # An administrator helps whoever has lost it, as with any other.
    async with session(database) as s:
        await reset_second_step(s, ANNA)
    assert (await client.get("/desk")).status_code == 401
    assert (await sign_in(client, service)).status_code == 303
    assert await lead_to(client) == "/desk/account"
