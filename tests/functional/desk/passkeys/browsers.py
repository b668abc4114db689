"""Browsers of people who make and use passkeys."""

import contextlib
import html
import json
import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.roles import Role
from app.accounts.sign_in import make_one_time_link
from app.db import Database, session
from tests.functional.conftest import ORIGIN
from tests.functional.desk.passkey_device import Device

ANNA, JAN = "anna@kielce.example", "jan@kielce.example"


RP_ID = "testserver"


CODE_PAGE, ACCOUNT = "/desk/sign-in/code", "/desk/account"


@contextlib.asynccontextmanager
async def browser(
    site: FastAPI, address: str = "192.0.2.1", cookies: httpx2.Cookies | None = None
) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=site, client=(address, 1), raise_app_exceptions=False)
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
    async with httpx2.AsyncClient(
        transport=transport, base_url=ORIGIN, headers=headers, cookies=cookies
    ) as opened:
        yield opened


async def use_link(site: FastAPI, client: httpx2.AsyncClient, email: str = ANNA) -> None:
    async with session(site.state.database) as s:
        token = await make_one_time_link(s, email, Role.MODERATOR)
    answer = await client.post("/desk/sign-in/link", data={"token": token})
    assert answer.status_code == 303, answer.text


async def begin(client: httpx2.AsyncClient, **proof: str) -> dict[str, Any]:
    """Let a passkey be made, and give what the page hands to the browser."""
    begun = await client.post(f"{ACCOUNT}/passkeys/begin", data={"code": "", **proof})
    assert begun.status_code == 303, begun.text
    page = (await client.get(begun.headers["location"])).text
    found = re.search(r'data-options="([^"]*)"', page)
    assert found
    options: dict[str, Any] = json.loads(html.unescape(found[1]))
    return options


async def add(client: httpx2.AsyncClient, device: Device | None = None, **proof: str) -> Device:
    """Add a passkey to the account of whoever is signed in."""
    device = device or Device(ORIGIN, RP_ID)
    made = device.create(await begin(client, **proof))
    answer = await client.post(f"{ACCOUNT}/passkeys", data={"name": " Mój  telefon ", "passkey": made})
    assert answer.status_code in (200, 303), answer.text
    return device


async def challenged(client: httpx2.AsyncClient, where: str) -> dict[str, Any]:
    asked = await client.post(where)
    assert asked.status_code == 200, asked.text
    assert asked.headers["cache-control"] == "no-store"
    options: dict[str, Any] = asked.json()
    return options


async def prove(client: httpx2.AsyncClient, device: Device) -> str:
    return device.get(await challenged(client, f"{ACCOUNT}/passkeys/ask"))


async def second_step(client: httpx2.AsyncClient, device: Device) -> httpx2.Response:
    sent = device.get(await challenged(client, f"{CODE_PAGE}/passkey"))
    return await client.post(CODE_PAGE, data={"passkey": sent})


async def sign_in(client: httpx2.AsyncClient, device: Device) -> httpx2.Response:
    sent = device.get(await challenged(client, "/desk/sign-in/passkey/ask"))
    return await client.post("/desk/sign-in/passkey", data={"passkey": sent})


async def is_in(client: httpx2.AsyncClient) -> bool:
    return (await client.get("/desk")).status_code == 200


def plain_text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def audited(database: Database, action: str) -> int:
    async with session(database) as s:
        count = "SELECT count(*) FROM core.audit WHERE action = :action"
        return int((await s.execute(text(count), {"action": action})).scalar_one())


async def first_made(client: httpx2.AsyncClient) -> httpx2.Response:
    device = Device(ORIGIN, RP_ID)
    made = device.create(await begin(client))
    return await client.post(f"{ACCOUNT}/passkeys", data={"passkey": made})
