"""How often passkeys may be tried (SECURITY B5, B6)."""

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.config import Settings
from app.desk import device as limits
from app.desk import passkey_sign_in
from app.web.rate_limit import Limit
from tests.functional.conftest import ORIGIN
from tests.functional.desk.passkey_device import Device, to_text
from tests.functional.desk.passkeys.browsers import (
    RP_ID,
    add,
    browser,
    challenged,
    is_in,
    second_step,
    sign_in,
    use_link,
)


async def test_b5_tries_are_few_and_the_owners_device_is_not_kept_out(site: FastAPI) -> None:
    async with browser(site) as owner:
        await use_link(site, owner)
        device = await add(owner)
        await owner.post("/desk/sign-out")
        spoilt = Device(ORIGIN, RP_ID, device.credential_id, user_handle=device.user_handle)
        statuses = []
        for number in range(12):
            async with browser(site, f"198.51.100.{number}") as attacker:
                statuses.append((await sign_in(attacker, spoilt)).status_code)
        assert statuses[:5] == [403] * 5
        assert statuses.count(403) <= 10
        assert 429 in statuses
        assert (await sign_in(owner, device)).status_code == 303


async def test_b5_one_address_gets_few_tries_with_passkeys_that_nobody_has(site: FastAPI) -> None:
    statuses = []
    async with browser(site) as attacker:
        for _ in range(14):
            sent = Device(ORIGIN, RP_ID, user_handle=b"x").get({"challenge": to_text(b"x" * 32)})
            answer = await attacker.post("/desk/sign-in/passkey", data={"passkey": sent})
            statuses.append(answer.status_code)
    assert statuses[:10] == [403] * 10
    assert 429 in statuses


async def test_b5_passkeys_that_nobody_has_stop_nobodys_second_step(
    site: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser(site) as owner:
        await use_link(site, owner)
        device = await add(owner)
    sent = Device(ORIGIN, RP_ID, user_handle=b"x").get({"challenge": to_text(b"x" * 32)})
    async with browser(site) as attacker:
        for _ in range(12):
            await attacker.post("/desk/sign-in/passkey", data={"passkey": sent})
    monkeypatch.setattr(limits, "OF_ALL", Limit("second-step-all", times=2, period_s=86_400))
    for number in range(4):
        async with browser(site, f"198.51.100.{number}") as attacker:
            await attacker.post("/desk/sign-in/passkey", data={"passkey": sent})
    # From the same address, with a browser that was never used before.
    async with browser(site) as other:
        await use_link(site, other)
        assert (await second_step(other, device)).status_code == 303


def test_b5_no_quarter_of_an_hour_has_more_challenges_than_the_goal_allows() -> None:
    most = {
        passkey_sign_in.ASKED_BY_ALL: 1000,
        limits.OF_ALL: 1000,
        limits.ALONE_OF_ALL: 1000,
        passkey_sign_in.ASKING: 40,
    }
    for limit, times in most.items():
        assert 2 * limit.times <= times, limit


@pytest.mark.parametrize("asked_before", [True, False])
async def test_b6_without_counters_nobody_asks_and_nobody_passes(
    site: FastAPI, settings: Settings, asked_before: bool
) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        device = await add(client)
        await client.post("/desk/sign-out")
        sent = device.get(await challenged(client, "/desk/sign-in/passkey/ask"))
        owner = create_async_engine(settings.database_url)
        async with owner.begin() as connection:
            await connection.execute(text("ALTER TABLE core.rate_limit RENAME TO gone"))
        await owner.dispose()
        if asked_before:
            answer = await client.post("/desk/sign-in/passkey", data={"passkey": sent})
        else:
            answer = await client.post("/desk/sign-in/passkey/ask")
        assert answer.status_code == 503
        assert not await is_in(client)
