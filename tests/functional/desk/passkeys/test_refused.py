"""What is no passkey of this person, made here, now: it opens nothing, and is told apart from nothing."""

import json
import re
import uuid
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.users import suspend
from app.db import Database, session
from tests.functional.conftest import ORIGIN
from tests.functional.desk.passkey_device import Device
from tests.functional.desk.passkeys.browsers import (
    ACCOUNT,
    ANNA,
    RP_ID,
    add,
    audited,
    begin,
    browser,
    challenged,
    is_in,
    second_step,
    sign_in,
    use_link,
)

PARTS = ("clientDataJSON", "authenticatorData", "signature", "attestationObject")


Spoil = Callable[[Device], None]


def _wrong_origin(device: Device) -> None:
    device.origin = "https://testserver.evil.example"


def _wrong_rp(device: Device) -> None:
    device.rp_id = "evil.example"


def _no_verification(device: Device) -> None:
    device.verifies = False


def _wrong_kind(device: Device) -> None:
    device.kind = "payment.get"


def _wrong_key(device: Device) -> None:
    device.key = Device(ORIGIN, RP_ID).key


def _somebody_else(device: Device) -> None:
    device.user_handle = uuid.uuid4().bytes


def _unknown(device: Device) -> None:
    device.credential_id = b"nobody has this one"


SPOILT = (_wrong_origin, _wrong_rp, _no_verification, _wrong_kind)


@pytest.mark.parametrize("spoil", [*SPOILT, _wrong_key, _somebody_else, _unknown])
async def test_what_is_not_right_in_every_part_neither_signs_in_nor_passes(
    site: FastAPI, spoil: Spoil
) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        device = await add(client)
        await client.post("/desk/sign-out")
        fine = dict(vars(device))
        spoil(device)
        refused = await sign_in(client, device)
        assert refused.status_code == 403
        assert 'data-ask="/desk/sign-in/passkey/ask"' in refused.text
        await use_link(site, client)
        assert (await second_step(client, device)).status_code == 403
        assert not await is_in(client)
        vars(device).update(fine)
        assert (await second_step(client, device)).status_code == 303


async def test_what_is_not_right_in_every_part_is_not_added(site: FastAPI) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        for spoil in SPOILT:
            device, fine = Device(ORIGIN, RP_ID), Device(ORIGIN, RP_ID)
            spoil(device)
            options = await begin(client)
            # Nor is it the second time, when everything is right: the challenge is used up.
            for made in (device.create(options), fine.create(options)):
                answer = await client.post(f"{ACCOUNT}/passkeys", data={"passkey": made})
                assert answer.status_code == 422, spoil
        async with session(site.state.database) as s:
            assert (await s.execute(text("SELECT count(*) FROM core.passkey"))).scalar() == 0


async def test_what_no_device_would_send_gets_a_plain_answer_d1(site: FastAPI) -> None:
    broken = {"id": "eA", "rawId": "ł", "type": "public-key", "response": dict.fromkeys(PARTS, "eA")}
    hostile = ("", "x", "[]", "[" * 9000, '{"id": 1}', '{"id": NaN}', json.dumps(broken))
    async with browser(site) as client:
        for sent in hostile:
            await challenged(client, "/desk/sign-in/passkey/ask")
            assert (await client.post("/desk/sign-in/passkey", data={"passkey": sent})).status_code == 403
        await use_link(site, client)
        for sent in (*hostile, json.dumps(broken | {"rawId": "eA"})):
            await begin(client)
            answer = await client.post(f"{ACCOUNT}/passkeys", data={"passkey": sent})
            assert answer.status_code == 422, sent[:20]


async def test_a_passkey_whose_count_goes_back_is_refused_and_audited(
    site: FastAPI, database: Database
) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        device = await add(client, Device(ORIGIN, RP_ID, count=7, counts=True))
        await client.post("/desk/sign-out")
        assert (await sign_in(client, device)).status_code == 303
        await client.post("/desk/sign-out")
        device.count = 5
        for wrong_key, refusals in ((True, 0), (False, 1)):
            # Nobody but the key's holder writes into the log.
            own = device.key
            device.key = Device(ORIGIN, RP_ID).key if wrong_key else own
            assert (await sign_in(client, device)).status_code == 403
            device.key = own
            assert await audited(database, "user.passkey_went_back") == refusals
        assert not await is_in(client)
        device.count = 8
        assert (await sign_in(client, device)).status_code == 303


async def test_a_device_that_does_not_say_whose_passkey_it_is_does_not_sign_in_by_itself(
    site: FastAPI,
) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        device = await add(client)
        await client.post("/desk/sign-out")
        device.user_handle = b""
        assert (await sign_in(client, device)).status_code == 403
        await use_link(site, client)
        assert (await second_step(client, device)).status_code == 303


async def test_a5_whoever_is_suspended_does_not_sign_in_by_passkey(site: FastAPI, database: Database) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        device = await add(client)
        async with session(database) as s:
            await suspend(s, ANNA)
        refused = await sign_in(client, device)
        unknown = await sign_in(client, Device(ORIGIN, RP_ID, user_handle=b"x"))
        assert refused.status_code == unknown.status_code == 403
        # B4: the same answer as for a passkey that nobody has.
        assert _plain(refused.text) == _plain(unknown.text)


def _plain(page: str) -> str:
    return re.sub(r"[0-9a-f-]{36}|[0-9a-f]{16,}", "", page)
