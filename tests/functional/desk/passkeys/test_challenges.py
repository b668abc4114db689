"""Challenges of passkeys: for one browser and one purpose, once, for five minutes."""

import asyncio
import contextlib

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.upkeep import forget
from app.config import Settings
from app.db import Database, session
from app.jobs import Work
from tests.functional.conftest import ORIGIN
from tests.functional.desk.passkey_device import Device
from tests.functional.desk.passkeys.browsers import (
    ACCOUNT,
    RP_ID,
    add,
    browser,
    challenged,
    prove,
    use_link,
)


async def test_an_answer_works_once(site: FastAPI) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        device = await add(client)
        await client.post("/desk/sign-out")
        sent = device.get(await challenged(client, "/desk/sign-in/passkey/ask"))
        cookies = httpx2.Cookies(client.cookies)
        assert (await client.post("/desk/sign-in/passkey", data={"passkey": sent})).status_code == 303
    for kept in (cookies, None):
        async with browser(site, cookies=kept) as thief:
            assert (await thief.post("/desk/sign-in/passkey", data={"passkey": sent})).status_code == 403


async def test_a_try_that_fails_uses_the_challenge_up(site: FastAPI) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        device = await add(client)
        await client.post("/desk/sign-out")
        options = await challenged(client, "/desk/sign-in/passkey/ask")
        device.verifies = False
        wrong = device.get(options)
        device.verifies = True
        right = device.get(options)
        for sent in (wrong, right):
            answer = await client.post("/desk/sign-in/passkey", data={"passkey": sent})
            assert answer.status_code == 403


async def test_a_challenge_is_for_one_browser_and_one_purpose(site: FastAPI) -> None:
    async with browser(site) as client, browser(site, "192.0.2.2") as other:
        await use_link(site, client)
        device = await add(client)
        # Made to change the account, it signs nobody in; made for another browser neither.
        for_account = await prove(client, device)
        await challenged(other, "/desk/sign-in/passkey/ask")
        for_signing_in = device.get(await challenged(client, "/desk/sign-in/passkey/ask"))
        for sent in (for_account, for_signing_in):
            assert (await other.post("/desk/sign-in/passkey", data={"passkey": sent})).status_code == 403
        removed = await client.post(f"{ACCOUNT}/passkeys/begin", data={"passkey": for_signing_in})
        assert removed.status_code == 403


async def test_a_challenge_is_too_old_after_five_minutes(
    site: FastAPI, database: Database, settings: Settings
) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        device = await add(client)
        await client.post("/desk/sign-out")
        sent = device.get(await challenged(client, "/desk/sign-in/passkey/ask"))
        async with session(database) as s:
            span = "SELECT extract(epoch FROM max(expires_at) - now()) FROM core.passkey_challenge"
            assert 0 < float((await s.execute(text(span))).scalar_one()) <= 300
            back = "UPDATE core.passkey_challenge SET expires_at = now() - interval '1 second'"
            await s.execute(text(back))
        assert (await client.post("/desk/sign-in/passkey", data={"passkey": sent})).status_code == 403
    await forget(Work(settings=settings, database=database, tools={}))
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM core.passkey_challenge"))).scalar() == 0


@pytest.mark.parametrize("counts", [True, False])
async def test_of_many_uses_at_once_exactly_one_signs_in(site: FastAPI, counts: bool) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        device = await add(client, Device(ORIGIN, RP_ID, counts=counts))
        await client.post("/desk/sign-out")
        # Their own device, so that only the challenge decides, and tries from five are not refused by the count.
        sent = device.get(await challenged(client, "/desk/sign-in/passkey/ask"))
        async with contextlib.AsyncExitStack() as opened:
            thieves = [
                await opened.enter_async_context(
                    browser(site, f"198.51.100.{n}", httpx2.Cookies(client.cookies))
                )
                for n in range(4)
            ]
            answers = await asyncio.gather(
                *(one.post("/desk/sign-in/passkey", data={"passkey": sent}) for one in thieves)
            )
        assert sorted(answer.status_code for answer in answers) == [303, 403, 403, 403]
