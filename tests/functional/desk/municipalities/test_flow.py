"""Going to a municipality's service and coming back: the attempt."""

import asyncio
import re
from urllib.parse import parse_qs, urlsplit

import httpx2
from fastapi import FastAPI
from sqlalchemy import text

from app.db import Database, session
from tests.functional.conftest import ORIGIN, Mailbox
from tests.functional.desk.municipalities.browsers import (
    ANNA,
    assert_nobody_came_in,
    browser,
    came_back,
    sent_on,
    set_up,
    sign_in,
    stored,
)
from tests.sign_in_service import Person, SignInService


async def test_who_was_invited_signs_in_and_is_told_by_mail_the_first_time(
    client: httpx2.AsyncClient,
    site: FastAPI,
    service: SignInService,
    database: Database,
    mailbox: Mailbox,
) -> None:
    page = (await client.get("/desk/sign-in")).text
    assert "Miasto Gdańsk" in page
    client.cookies.set("pomapa", "planted-by-somebody", domain="testserver.local")
    going = await client.post("/desk/sign-in/with/gdansk")
    assert going.headers["cache-control"] == "no-store"
    (cookie,) = going.headers.get_list("set-cookie")
    assert re.fullmatch(
        r"pomapa-attempt=[\w-]{43}; HttpOnly; Max-Age=600; Path=/; SameSite=lax", cookie, re.IGNORECASE
    )
    answer = await came_back(client, service.authorize(going.headers["refresh"].removeprefix("0; url=")))
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk"), answer.text
    assert client.cookies["pomapa"] != "planted-by-somebody"
    assert "pomapa-attempt" not in client.cookies
    assert (await client.get("/desk")).status_code == 200
    (mail,) = await mailbox.collect()
    assert mail["To"] == ANNA
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Miasto Gdańsk" in body.get_content()
    first = client.cookies["pomapa"]
    # From then on by what the service calls her, whatever has become of her address; under a new session (B8).
    service.person = Person(email="panna.anna@elsewhere.example", verified=False)
    assert (await sign_in(client, service)).status_code == 303
    assert client.cookies["pomapa"] != first
    assert await mailbox.collect() == []
    actions = "string_agg(action, ' ' ORDER BY id) FROM core.audit WHERE action NOT LIKE 'user.grant%'"
    told = await stored(database, actions)
    assert told == "user.identity_connected user.signed_in user.signed_in"
    assert await stored(database, "count(*) FROM core.grant") == 1
    async with browser(site) as thief:
        thief.cookies.set("pomapa", first)
        assert (await thief.get("/desk")).status_code == 401


async def test_nothing_is_offered_where_no_service_is_set_up(
    client: httpx2.AsyncClient, site: FastAPI
) -> None:
    set_up(site)
    assert "/desk/sign-in/with/" not in (await client.get("/desk/sign-in")).text
    answer = await client.post("/desk/sign-in/with/gdansk")
    assert answer.status_code == 410
    assert "/desk/sign-in" in answer.text


async def test_an_attempt_is_bound_to_its_browser_and_works_once(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    back = service.authorize(await sent_on(client))
    async with browser(site) as other:
        assert (await came_back(other, back)).status_code == 410
        await sent_on(other)
        assert (await came_back(other, back)).status_code == 410
    await assert_nobody_came_in(client, database)
    # Of several at once one comes in.
    answers = await asyncio.gather(*(came_back(client, back) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 7
    assert await stored(database, "count(*) FROM core.session") == 1
    assert (await came_back(client, back)).status_code == 410
    assert len(service.forms) == 1


async def test_what_is_sent_is_new_each_time_and_kept_nowhere(
    client: httpx2.AsyncClient, service: SignInService, database: Database
) -> None:
    browsers = []
    for _ in range(2):
        await sent_on(client)
        browsers.append(client.cookies["pomapa-attempt"])
        service.authorize(await sent_on(client))
    asked, rows = (
        service.authorizations,
        await stored(database, "string_agg(t::text, ' ') FROM core.sign_in_attempt t"),
    )
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        for form in (asked[0][name], asked[0][name].encode().hex()):
            assert form not in rows
    assert len(set(browsers)) == 2
    assert asked[0]["redirect_uri"] == f"{ORIGIN}/desk/sign-in/from/gdansk"
    assert asked[0]["scope"] == "openid email"


async def test_an_attempt_lasts_ten_minutes(
    client: httpx2.AsyncClient, service: SignInService, database: Database
) -> None:
    back = service.authorize(await sent_on(client))
    lasts = "extract(epoch FROM expires_at - created_at) FROM core.sign_in_attempt"
    assert await stored(database, lasts) == 600
    async with session(database) as s:
        await s.execute(text("UPDATE core.sign_in_attempt SET expires_at = now()"))
    assert (await came_back(client, back)).status_code == 410
    await assert_nobody_came_in(client, database)


async def test_the_code_of_somebody_else_does_not_sign_in(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    """An attacker puts the victim's code into an attempt of their own, or theirs into one of the victim's."""
    stolen = parse_qs(urlsplit(service.authorize(await sent_on(client))).query)["code"][0]
    own = service.authorize(await sent_on(client))
    injected = re.sub("code=[^&]+", f"code={stolen}", own)
    assert (await came_back(client, injected)).status_code == 410
    # It is used up, so the right one comes too late.
    assert (await came_back(client, own)).status_code == 410
    await assert_nobody_came_in(client, database)


async def test_whoever_gives_up_there_is_told_so(client: httpx2.AsyncClient, service: SignInService) -> None:
    state = parse_qs(urlsplit(await sent_on(client)).query)["state"][0]
    answer = await client.get(
        f"/desk/sign-in/from/gdansk?error=access_denied&error_description=%3Cb%3Eboo&state={state}"
    )
    assert answer.status_code == 403
    assert "boo" not in answer.text
    assert service.forms == []


async def test_it_leads_to_the_desk_and_nowhere_else(
    client: httpx2.AsyncClient, service: SignInService
) -> None:
    back = service.authorize(await sent_on(client))
    more = "&next=https://evil.example&redirect_uri=https://evil.example&return_to=//evil.example"
    assert (await came_back(client, back + more)).headers["location"] == "/desk"
