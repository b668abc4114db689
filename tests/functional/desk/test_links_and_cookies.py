"""What a mail's link and a cookie are good for: once, in one browser, for staff alone (SECURITY B2, B9)."""

from http.cookies import Morsel, SimpleCookie
from typing import Final

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.config import Settings
from app.db import Database, session
from app.main import create_app
from app.web.routes import BY_LINK, PUBLIC, declared
from app.web.session_cookie import LANGUAGE
from tests.functional.addresses import written
from tests.functional.conftest import ORIGIN, Mailbox, links_in

ANNA: Final = "anna@kielce.example"
HTTPS: Final = "https://pomapa.example"
#: So often a scanner of mails asks, by each of three methods: a thousand times in all.
TIMES: Final = 334


async def _asked_for(client: httpx2.AsyncClient, database: Database, mailbox: Mailbox) -> str:
    async with session(database) as s:
        await grant_role(s, ANNA, Role.MODERATOR)
    answer = await client.post("/desk/sign-in", data={"email": ANNA})
    assert answer.status_code == 200, answer.text
    (mail,) = await mailbox.collect()
    return next(link for link in links_in(mail) if "/sign-in/link" in link)


async def test_b2_whoever_only_looks_at_a_link_uses_nothing_up(
    client: httpx2.AsyncClient, database: Database, mailbox: Mailbox
) -> None:
    address, _, token = (await _asked_for(client, database, mailbox)).partition("#")
    assert len(token) >= 22, "128 bits"
    scanner = httpx2.AsyncClient(transport=client._transport, base_url=ORIGIN)
    for method in ("GET", "HEAD", "OPTIONS"):
        for turn in range(TIMES):
            # A scanner that does not know what a fragment is sends it along.
            where = address if turn % 2 else f"{address}?{token}"
            seen = await scanner.request(method, where)
            assert "set-cookie" not in seen.headers
            assert token not in seen.text
    assert seen.status_code in (200, 204, 405)
    page = await client.get(address)
    assert page.headers["referrer-policy"] in ("no-referrer", "same-origin")
    answer = await client.post("/desk/sign-in/link", data={"token": token})
    assert answer.status_code == 303
    assert (await client.get("/desk")).status_code == 200
    again = await client.post("/desk/sign-in/link", data={"token": token})
    assert again.status_code == 410


async def test_b9_readers_get_no_cookie(site: FastAPI, client: httpx2.AsyncClient) -> None:
    asked = 0
    for route in declared(site):
        if route.method != "GET" or route.path.startswith("/desk"):
            continue
        if route.permission in (PUBLIC, BY_LINK):
            answer = await client.get(written(route.path))
            assert "set-cookie" not in answer.headers, route
            asked += 1
    assert asked > 30


@pytest.fixture
async def over_https(settings: Settings) -> FastAPI:
    return create_app(settings.model_copy(update={"public_url": HTTPS}))


def _cookies(answer: httpx2.Response) -> list[Morsel[str]]:
    return [one for line in answer.headers.get_list("set-cookie") for one in SimpleCookie(line).values()]


async def test_b9_over_https_every_cookie_is_bound_to_the_host_and_hidden_from_scripts(
    over_https: FastAPI, database: Database, mailbox: Mailbox
) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": HTTPS}
    transport = httpx2.ASGITransport(app=over_https, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=HTTPS, headers=headers) as browser:
        async with session(database) as s:
            await grant_role(s, ANNA, Role.MODERATOR)
        given = _cookies(await browser.post("/desk/sign-in", data={"email": ANNA}))
        (mail,) = await mailbox.collect()
        token = next(link for link in links_in(mail) if "/sign-in/link" in link).partition("#")[2]
        given += _cookies(await browser.post("/desk/sign-in/link", data={"token": token}))
        given += _cookies(await browser.post("/desk/language", data={"language": "uk", "back": "/desk"}))
        given += _cookies(await browser.post("/desk/sign-out"))
    await over_https.state.database.dispose()
    assert len({one.key for one in given}) >= 3
    for one in given:
        assert one["secure"], one
        assert one["httponly"], one
        # Not "strict": links from mails lead to the desk, and whoever is signed in is then let in. No other site can change
        # anything all the same (C1).
        assert one["samesite"].lower() == "lax", one
        assert not one["domain"], one
        if one.key != LANGUAGE:
            assert one.key.startswith("__Host-"), one
            assert one["path"] == "/"
