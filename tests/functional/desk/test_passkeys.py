"""Passkeys: tests named by the goals of SECURITY.md."""

import asyncio
import contextlib
import html
import json
import re
import uuid
from collections.abc import AsyncIterator, Callable
from email.message import EmailMessage
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app.accounts.models import User
from app.accounts.passkey_models import Passkey
from app.accounts.passkeys import LastSecondStep, remove_passkey
from app.accounts.roles import Role
from app.accounts.sign_in import make_one_time_link
from app.accounts.upkeep import forget
from app.accounts.users import reset_second_step, suspend
from app.config import Settings
from app.db import Database, session
from app.desk import device as limits
from app.desk import passkey_sign_in
from app.jobs import Work
from app.web.rate_limit import Limit
from tests.functional.conftest import ORIGIN, Mailbox
from tests.functional.desk.locks import OWN_PID, until_it_waits
from tests.functional.desk.passkey_device import Device, to_bytes, to_text

ANNA, JAN = "anna@kielce.example", "jan@kielce.example"
RP_ID = "testserver"
CODE_PAGE, ACCOUNT = "/desk/sign-in/code", "/desk/account"

PARTS = ("clientDataJSON", "authenticatorData", "signature", "attestationObject")

Spoil = Callable[[Device], None]


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
    assert asked.headers["cache-control"] == "no-store" or "private" in asked.headers["cache-control"]
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


async def test_a_passkey_is_the_second_step_and_gives_a_new_session_at_each_step_b8(
    site: FastAPI, database: Database, mailbox: Mailbox
) -> None:
    async with browser(site) as client, browser(site) as elsewhere:
        await use_link(site, client)
        await use_link(site, elsewhere)
        ids = [client.cookies["pomapa"]]
        options = await begin(client)
        assert options["rp"]["id"] == RP_ID
        assert options["attestation"] == "none"
        wanted = options["authenticatorSelection"]
        assert (wanted["residentKey"], wanted["userVerification"]) == ("required", "required")
        device = Device(ORIGIN, RP_ID)
        made = {"name": " Mój  telefon ", "passkey": device.create(options)}
        answer = await client.post(f"{ACCOUNT}/passkeys", data=made)
        # The first second step: codes for paper, and every other browser is out.
        assert len(re.findall(r'<code class="nobr">', answer.text)) == 10
        assert (await elsewhere.get("/desk")).status_code == 401
        ids.append(client.cookies["pomapa"])
        page = (await client.get(ACCOUNT)).text
        assert "Mój telefon" in page
        told = await mailbox.collect()
        assert [mail["To"] for mail in told if "Mój telefon" in plain_text(mail)] == [ANNA]
        assert await audited(database, "user.passkey_added") == 1

        await client.post("/desk/sign-out")
        await use_link(site, client)
        ids.append(client.cookies["pomapa"])
        assert (await client.get("/desk")).headers["location"] == CODE_PAGE
        asked = await challenged(client, f"{CODE_PAGE}/passkey")
        assert [to_bytes(one["id"]) for one in asked["allowCredentials"]] == [device.credential_id]
        assert asked["allowCredentials"][0]["transports"] == ["hybrid", "internal"]
        assert asked["userVerification"] == "required"
        passed = await client.post(CODE_PAGE, data={"passkey": device.get(asked)})
        assert (passed.status_code, passed.headers["location"]) == (303, "/desk")
        ids.append(client.cookies["pomapa"])
        assert await is_in(client)
        assert len(set(ids)) == 4
        for old in ids[:3]:
            async with browser(site) as thief:
                thief.cookies.set("pomapa", old)
                assert (await thief.get("/desk")).status_code == 401


async def test_a_passkey_signs_in_by_itself_without_mail_b8(site: FastAPI, database: Database) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        device = await add(client)
        await client.post("/desk/sign-out")
    async with browser(site) as client:
        client.cookies.set("pomapa", "planted-by-somebody", domain="testserver.local")
        options = await challenged(client, "/desk/sign-in/passkey/ask")
        assert options.get("allowCredentials", []) == []
        assert options["userVerification"] == "required"
        answer = await client.post("/desk/sign-in/passkey", data={"passkey": device.get(options)})
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
        assert client.cookies["pomapa"] != "planted-by-somebody"
        assert await is_in(client)
        assert await audited(database, "user.signed_in") == 2
        # Another sign-in in the same browser ends the session before it.
        before = client.cookies["pomapa"]
        assert (await sign_in(client, device)).status_code == 303
        async with browser(site) as thief:
            thief.cookies.set("pomapa", before)
            assert (await thief.get("/desk")).status_code == 401


async def test_a_link_asked_for_in_the_same_browser_still_works_after_a_passkey_was_asked_for(
    site: FastAPI,
) -> None:
    async with browser(site) as client:
        await client.post("/desk/sign-in", data={"email": ANNA})
        before = client.cookies["pomapa-browser"]
        await challenged(client, "/desk/sign-in/passkey/ask")
        assert client.cookies["pomapa-browser"] == before


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


async def test_a_colleagues_passkey_is_nobody_elses_second_step_and_nobody_elses_to_change(
    site: FastAPI, database: Database
) -> None:
    async with browser(site) as anna, browser(site, "192.0.2.2") as jan:
        await use_link(site, anna)
        hers = await add(anna)
        await use_link(site, jan, JAN)
        his = await add(jan)
        async with session(database) as s:
            of_anna = "SELECT id FROM core.passkey WHERE credential_id = :id"
            found = (await s.execute(text(of_anna), {"id": hers.credential_id})).scalar_one()
        for act, data in (("rename", {"name": "x"}), ("remove", {"passkey": await prove(jan, his)})):
            answer = await jan.post(f"{ACCOUNT}/passkeys/{found}/{act}", data=data)
            nowhere = await jan.post(f"{ACCOUNT}/passkeys/{uuid.uuid4()}/{act}", data=data)
            assert (answer.status_code, nowhere.status_code) == (404, 404)
        # Nor can it be added to another account.
        options = await begin(jan, passkey=await prove(jan, his))
        stolen = Device(ORIGIN, RP_ID, credential_id=hers.credential_id)
        taken = await jan.post(f"{ACCOUNT}/passkeys", data={"passkey": stolen.create(options)})
        assert taken.status_code == 422
        await jan.post("/desk/sign-out")
        await use_link(site, jan, JAN)
        hers.user_handle = b""
        assert (await second_step(jan, hers)).status_code == 403


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


async def test_to_add_and_to_remove_takes_the_second_step_that_there_is(
    site: FastAPI, database: Database, mailbox: Mailbox
) -> None:
    async with browser(site) as client, browser(site) as elsewhere:
        await use_link(site, client)
        first = await add(client)
        assert (await client.post(f"{ACCOUNT}/passkeys/begin", data={"code": ""})).status_code == 403
        assert (await client.get(f"{ACCOUNT}/passkeys/new")).headers["location"] == ACCOUNT
        second = await add(client, passkey=await prove(client, first))
        await use_link(site, elsewhere)
        assert (await second_step(elsewhere, second)).status_code == 303
        async with session(database) as s:
            of_first = "SELECT id FROM core.passkey WHERE credential_id = :id"
            found = (await s.execute(text(of_first), {"id": first.credential_id})).scalar_one()
        remove = f"{ACCOUNT}/passkeys/{found}/remove"
        assert (await client.post(remove, data={"code": "000000"})).status_code == 403
        before = client.cookies["pomapa"]
        answer = await client.post(remove, data={"passkey": await prove(client, second)})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{ACCOUNT}?done=removed")
        assert client.cookies["pomapa"] != before
        assert await is_in(client)
        # Whoever came in with it is out.
        assert not await is_in(elsewhere)
        told = [str(mail["Subject"]) for mail in await mailbox.collect() if mail["To"] == ANNA]
        assert len(told) == 3
        assert await audited(database, "user.passkey_removed") == 1
        await client.post("/desk/sign-out")
        assert (await sign_in(client, first)).status_code == 403


async def test_the_last_second_step_cannot_be_removed(site: FastAPI, database: Database) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        answer = await _first(client)
        codes = re.findall(r'<code class="nobr">(\S+)</code>', answer.text)
        async with session(database) as s:
            only = (await s.execute(text("SELECT id FROM core.passkey"))).scalar_one()
        refused = await client.post(f"{ACCOUNT}/passkeys/{only}/remove", data={"code": codes[0]})
        assert refused.status_code == 409
        # The code is used up, and lets nobody in afterwards.
        again = await client.post(f"{ACCOUNT}/passkeys/begin", data={"code": codes[0]})
        assert again.status_code == 403
        async with session(database) as s:
            assert (await s.execute(text("SELECT count(*) FROM core.passkey"))).scalar() == 1


async def test_of_two_removals_at_once_one_leaves_the_last(site: FastAPI, database: Database) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        first = await add(client)
        await add(client, passkey=await prove(client, first))

    async def remove(s: AsyncSession, which: int) -> None:
        user = (await s.scalars(select(User).where(User.email == ANNA))).one()
        ids = (await s.scalars(select(Passkey.id).order_by(Passkey.created_at))).all()
        await remove_passkey(s, user, ids[which], public_url=ORIGIN)

    async def later() -> None:
        async with session(database) as s:
            await remove(s, 1)

    async with database.write.connect() as looking:
        async with session(database) as s:
            await remove(s, 0)
            task = asyncio.create_task(later())
            await until_it_waits(looking, int((await s.execute(OWN_PID)).scalar_one()), task)
        with pytest.raises(LastSecondStep):
            await task
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM core.passkey"))).scalar() == 1


async def _first(client: httpx2.AsyncClient) -> httpx2.Response:
    device = Device(ORIGIN, RP_ID)
    made = device.create(await begin(client))
    return await client.post(f"{ACCOUNT}/passkeys", data={"passkey": made})


async def test_whoever_has_lost_the_device_gets_in_by_a_recovery_code_once_b7(site: FastAPI) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        codes = re.findall(r'<code class="nobr">(\S+)</code>', (await _first(client)).text)
        for expected in (303, 403):
            await client.post("/desk/sign-out")
            await use_link(site, client)
            answer = await client.post(CODE_PAGE, data={"code": codes[0]})
            assert answer.status_code == expected


async def test_a5_a_reset_takes_every_passkey_and_ends_every_session(
    site: FastAPI, database: Database
) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        device = await add(client)
        sent = await prove(client, device)
        await begin(client, passkey=sent)
        sent = await prove(client, device)
        async with session(database) as s:
            await reset_second_step(s, ANNA)
            # What they were about to do is over, also for a request that is on its way.
            assert (await s.execute(text("SELECT count(*) FROM core.passkey_challenge"))).scalar() == 0
        assert (await client.get("/desk")).status_code == 401
        begun = await client.post(f"{ACCOUNT}/passkeys/begin", data={"passkey": sent})
        assert begun.status_code == 401
        assert (await sign_in(client, device)).status_code == 403
        async with session(database) as s:
            assert (await s.execute(text("SELECT count(*) FROM core.passkey"))).scalar() == 0


async def test_nothing_of_a_person_is_held_before_the_person_is(site: FastAPI, settings: Settings) -> None:
    """Whoever resets a second step holds the person first, so that neither waits for the other for ever."""
    owner = create_async_engine(settings.database_url)
    async with browser(site) as client:
        await use_link(site, client)
        device = await add(client)
        await client.post("/desk/sign-out")
        await use_link(site, client)
        async with owner.connect() as holder, owner.connect() as looking:
            await holder.execute(text('SELECT FROM core."user" FOR UPDATE'))
            task = asyncio.create_task(second_step(client, device))
            await until_it_waits(looking, int((await holder.execute(OWN_PID)).scalar_one()), task)
            for table in ("passkey", "passkey_challenge"):
                await looking.execute(text(f"SELECT FROM core.{table} FOR UPDATE NOWAIT"))
            await looking.rollback()
            await holder.rollback()
            assert (await task).status_code == 303
    await owner.dispose()


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


async def test_b12_a_passkey_is_a_second_step_where_one_is_required(site: FastAPI) -> None:
    site.state.settings = site.state.settings.model_copy(update={"staff_second_step": True})
    async with browser(site) as client:
        await use_link(site, client)
        assert (await client.get("/desk")).headers["location"] == ACCOUNT
        await add(client)
        assert await is_in(client)


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


async def test_a_name_that_leads_elsewhere_stands_in_no_mail(site: FastAPI, mailbox: Mailbox) -> None:
    """Whoever adds a passkey in a stolen session writes nothing to its owner."""
    async with browser(site) as client:
        await use_link(site, client)
        made = Device(ORIGIN, RP_ID).create(await begin(client))
        sent = {"name": "Not you? https://evil.example", "passkey": made}
        assert (await client.post(f"{ACCOUNT}/passkeys", data=sent)).status_code == 200
        (told,) = [mail for mail in await mailbox.collect() if "/desk/account" in plain_text(mail)]
        assert "evil" not in str(told)
        page = (await client.get(ACCOUNT)).text
        found = re.search(r'action="(/desk/account/passkeys/[0-9a-f-]+/rename)"', page)
        assert found
        for name, called in (("Call +48 600 700 800", "600 700"), ("iPhone 15 Pro", "iPhone 15 Pro")):
            await client.post(found[1], data={"name": name})
            assert (called in (await client.get(ACCOUNT)).text) == (name == called)


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


async def test_what_is_stored_opens_no_account(site: FastAPI, database: Database) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        device = await add(client)
        await challenged(client, f"{ACCOUNT}/passkeys/ask")
        cookie = client.cookies["pomapa"]
    async with session(database) as s:
        both = "SELECT t::text FROM core.passkey t UNION ALL SELECT t::text FROM core.passkey_challenge t"
        rows = (await s.execute(text(both))).scalars().all()
    private = device.key.private_numbers().private_value.to_bytes(32).hex()
    for secret in (private, cookie, cookie.encode().hex()):
        assert not any(secret in row for row in rows)


async def test_where_the_address_is_a_number_nothing_is_said_of_passkeys(site: FastAPI) -> None:
    site.state.settings = site.state.settings.model_copy(update={"public_url": "http://127.0.0.1:8000"})
    async with browser(site) as client:
        assert "passkey" not in (await client.get("/desk/sign-in")).text
        assert (await client.post("/desk/sign-in/passkey/ask")).status_code == 404
        await use_link(site, client)
        assert "/desk/account/passkeys" not in (await client.get(ACCOUNT)).text
        begun = await client.post(f"{ACCOUNT}/passkeys/begin", data={"code": ""})
        assert begun.headers["location"] == ACCOUNT
