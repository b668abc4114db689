"""What was disconnected does not come back by itself."""

import re

import httpx2
from fastapi import FastAPI

from app.accounts.roles import Role
from app.db import Database
from tests.functional.desk.conftest import signed_in
from tests.functional.desk.municipalities.browsers import browser, sign_in, stored
from tests.sign_in_service import SignInService


async def test_somebody_disconnects_it_on_their_page(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    assert (await sign_in(client, service)).status_code == 303
    async with browser(site) as other:
        assert (await sign_in(other, service)).status_code == 303
        before = client.cookies["pomapa"]
        assert "Miasto Gdańsk" in (await client.get("/desk/account")).text
        answer = await client.post("/desk/account/disconnect")
        assert answer.headers["location"] == "/desk/account?done=disconnected"
        assert client.cookies["pomapa"] != before
        page = await client.get("/desk/account")
        assert page.status_code == 200
        assert "Miasto Gdańsk" not in page.text
        assert (await other.get("/desk")).status_code == 401
    assert await stored(database, "count(*) FROM core.identity") == 0
    assert await stored(database, "count(*) FROM core.audit WHERE action = 'user.identity_disconnected'") == 1


async def test_administrators_see_who_somebody_is_there_and_disconnect_it(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService
) -> None:
    assert (await sign_in(client, service)).status_code == 303
    async with signed_in(site, Role.ADMINISTRATOR, "basia@kielce.example") as administrator:
        page = (await administrator.get("/desk/people")).text
        assert "a1b2c3" in page
        person = re.search(
            r'name="person" value="([^"]+)"><input type="hidden" name="act" value="disconnect"', page
        )
        assert person
        form = {"person": person[1], "act": "disconnect"}
        assert (await administrator.post("/desk/people", data=form)).status_code == 303
        assert (await client.get("/desk")).status_code == 401
        assert "a1b2c3" not in (await administrator.get("/desk/people")).text
        assert (await administrator.post("/desk/people", data=form)).status_code == 409
