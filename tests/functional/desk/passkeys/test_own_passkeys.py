"""Passkeys kept in an account: added, named, removed, reset, and what is stored of them."""

import asyncio
import re
import uuid

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app.accounts.models import User
from app.accounts.passkey_models import Passkey
from app.accounts.passkeys import LastSecondStep, remove_passkey
from app.accounts.users import reset_second_step
from app.config import Settings
from app.db import Database, session
from tests.functional.conftest import ORIGIN, Mailbox
from tests.functional.desk.locks import OWN_PID, patient, until_it_waits
from tests.functional.desk.passkey_device import Device
from tests.functional.desk.passkeys.browsers import (
    ACCOUNT,
    ANNA,
    JAN,
    RP_ID,
    add,
    audited,
    begin,
    browser,
    challenged,
    first_made,
    is_in,
    plain_text,
    prove,
    second_step,
    sign_in,
    use_link,
)


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
        answer = await first_made(client)
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
        async with patient(site, settings), owner.connect() as holder, owner.connect() as looking:
            await holder.execute(text('SELECT FROM core."user" FOR UPDATE'))
            task = asyncio.create_task(second_step(client, device))
            await until_it_waits(looking, int((await holder.execute(OWN_PID)).scalar_one()), task)
            for table in ("passkey", "passkey_challenge"):
                await looking.execute(text(f"SELECT FROM core.{table} FOR UPDATE NOWAIT"))
            await looking.rollback()
            await holder.rollback()
            assert (await task).status_code == 303
    await owner.dispose()


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
