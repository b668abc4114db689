"""Browsers of people who go to a municipality's sign-in service and come back."""

import contextlib
import functools
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pyotp
from fastapi import FastAPI
from joserfc.jwk import RSAKey
from sqlalchemy import text

from app.accounts.oidc.service import Services
from app.config import IdentityProvider, Settings
from app.db import Database, session
from tests.functional.conftest import ORIGIN
from tests.sign_in_service import CLIENT_ID, CLIENT_SECRET, SignInService

ANNA = "anna@gdansk.example"


@functools.cache
def rsa_key() -> RSAKey:
    """One for all: to make it takes longer than most of these tests."""
    return RSAKey.generate_key(2048, auto_kid=True)


def provider(service: SignInService, domains: str = "gdansk.example", **more: Any) -> IdentityProvider:
    return IdentityProvider(
        issuer=service.issuer,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        name="Miasto Gdańsk",
        mail_domains=domains,
        **more,
    )


def set_up(site: FastAPI, **providers: IdentityProvider) -> None:
    """Set services up, as an operator does in the environment."""
    settings: Settings = site.state.settings.model_copy(update={"oidc": providers})
    site.state.settings, site.state.services = settings, Services(settings)


@contextlib.asynccontextmanager
async def browser(site: FastAPI, address: str = "192.0.2.1") -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=site, client=(address, 1), raise_app_exceptions=False)
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as opened:
        yield opened


async def sent_on(client: httpx2.AsyncClient, name: str = "gdansk") -> str:
    """Press the button and give the address that the browser is sent on to."""
    answer = await client.post(f"/desk/sign-in/with/{name}")
    assert answer.status_code == 200, answer.text
    return answer.headers["refresh"].removeprefix("0; url=")


async def came_back(client: httpx2.AsyncClient, address: str) -> httpx2.Response:
    """Come back as from another website."""
    return await client.get(address.removeprefix(ORIGIN), headers={"Sec-Fetch-Site": "cross-site"})


async def sign_in(client: httpx2.AsyncClient, service: SignInService) -> httpx2.Response:
    """Go there, be signed in there, and come back."""
    return await came_back(client, service.authorize(await sent_on(client)))


async def stored(database: Database, what: str) -> Any:
    async with session(database) as s:
        return (await s.execute(text(f"SELECT {what}"))).scalar()


async def assert_nobody_came_in(client: httpx2.AsyncClient, database: Database) -> None:
    assert "pomapa" not in client.cookies
    assert (await client.get("/desk")).status_code == 401
    assert await stored(database, "count(*) FROM core.session") == 0
    assert await stored(database, "count(*) FROM core.identity") == 0


async def own_app(client: httpx2.AsyncClient) -> list[str]:
    """Connect an app for codes in the browser of somebody signed in; give the recovery codes."""
    assert (await client.post("/desk/account/connect", data={"code": ""})).status_code == 303
    page = (await client.get("/desk/account/second-step")).text
    key = re.search(r'<code class="typed-key">(.*?)</code>', page)
    assert key
    app = pyotp.TOTP(re.sub(r"<[^>]+>|\s", "", key[1]))
    answer = await client.post("/desk/account/second-step", data={"code": app.now()})
    assert answer.status_code == 200, answer.text
    return re.findall(r'<code class="nobr">(\S+)</code>', answer.text)


async def lead_to(client: httpx2.AsyncClient, page: str = "/desk") -> str | None:
    return (await client.get(page)).headers.get("location")
