"""Passkeys, made and used as they should be: tests named by the goals of SECURITY.md."""

import re

from fastapi import FastAPI

from app.db import Database
from tests.functional.conftest import ORIGIN, Mailbox
from tests.functional.desk.passkey_device import Device, to_bytes
from tests.functional.desk.passkeys.browsers import (
    ACCOUNT,
    ANNA,
    CODE_PAGE,
    RP_ID,
    add,
    audited,
    begin,
    browser,
    challenged,
    first_made,
    is_in,
    plain_text,
    sign_in,
    use_link,
)


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


async def test_whoever_has_lost_the_device_gets_in_by_a_recovery_code_once_b7(site: FastAPI) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        codes = re.findall(r'<code class="nobr">(\S+)</code>', (await first_made(client)).text)
        for expected in (303, 403):
            await client.post("/desk/sign-out")
            await use_link(site, client)
            answer = await client.post(CODE_PAGE, data={"code": codes[0]})
            assert answer.status_code == expected


async def test_b12_a_passkey_is_a_second_step_where_one_is_required(site: FastAPI) -> None:
    site.state.settings = site.state.settings.model_copy(update={"staff_second_step": True})
    async with browser(site) as client:
        await use_link(site, client)
        assert (await client.get("/desk")).headers["location"] == ACCOUNT
        await add(client)
        assert await is_in(client)


async def test_where_the_address_is_a_number_it_is_said_why_there_are_no_passkeys(site: FastAPI) -> None:
    site.state.settings = site.state.settings.model_copy(update={"public_url": "http://127.0.0.1:8000"})
    async with browser(site) as client:
        assert "passkey" not in (await client.get("/desk/sign-in")).text
        assert (await client.post("/desk/sign-in/passkey/ask")).status_code == 404
        await use_link(site, client)
        account = (await client.get(ACCOUNT)).text
        assert "/desk/account/passkeys" not in account
        # The quickstart's address: what to set, and to what.
        assert "(http://127.0.0.1:8000)" in account
        assert "PUBLIC_URL" in account
        assert "http://localhost:8000" in account
        begun = await client.post(f"{ACCOUNT}/passkeys/begin", data={"code": ""})
        assert begun.headers["location"] == ACCOUNT
