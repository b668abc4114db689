"""What was disconnected does not come back by itself: neither that person there nor another one with the same address."""

import asyncio
import re
import uuid

import httpx2
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.accounts.roles import Role
from app.accounts.sign_in import make_one_time_link
from app.config import Settings
from app.db import Database, session
from tests.functional.conftest import Mailbox
from tests.functional.desk.conftest import signed_in
from tests.functional.desk.locks import OWN_PID, patient, until_it_waits
from tests.functional.desk.municipalities.browsers import ANNA, browser, lead_to, own_app, sign_in, stored
from tests.sign_in_service import Person, SignInService

ACCOUNT = "/desk/account"
CONNECTED = "count(*) FROM core.identity WHERE disconnected_at IS NULL"


async def connect_again(client: httpx2.AsyncClient, database: Database, code: str) -> httpx2.Response:
    identity = await stored(database, "id FROM core.identity")
    return await client.post(f"{ACCOUNT}/identities/{identity}/connect", data={"code": code})


async def actions(database: Database) -> str:
    told = (
        "string_agg(substr(action, 15), ' ' ORDER BY id) FROM core.audit WHERE action LIKE 'user.identity%'"
    )
    return str(await stored(database, told))


async def refusal(site: FastAPI, service: SignInService, person: Person) -> str:
    """Give the page that somebody gets who does not come in, without what is drawn for it."""
    service.person = person
    async with browser(site) as client:
        answer = await sign_in(client, service)
        assert answer.status_code == 403
        assert "pomapa" not in client.cookies
        return re.sub("[0-9a-f]{16,}", "", answer.text)


async def test_somebody_disconnects_it_and_it_stays_out_until_they_show_their_second_step(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database, mailbox: Mailbox
) -> None:
    assert (await sign_in(client, service)).status_code == 303
    async with browser(site) as other:
        assert (await sign_in(other, service)).status_code == 303
        before = client.cookies["pomapa"]
        assert f"{ACCOUNT}/disconnect" in (await client.get(ACCOUNT)).text
        answer = await client.post(f"{ACCOUNT}/disconnect")
        assert answer.headers["location"] == f"{ACCOUNT}?done=disconnected"
        assert client.cookies["pomapa"] != before
        page = (await client.get(ACCOUNT)).text
        assert "Miasto Gdańsk" in page
        assert f"{ACCOUNT}/disconnect" not in page
        assert (await other.get("/desk")).status_code == 401
    assert (await client.post(f"{ACCOUNT}/disconnect")).headers["location"] == ACCOUNT
    # Neither who came before, nor anybody else there by her address; and nobody reads why (SECURITY B4).
    strangers = Person(subject="stranger", email="nobody@gdansk.example")
    refusals = [await refusal(site, service, one) for one in (Person(), Person(subject="new"), strangers)]
    assert len(set(refusals)) == 1
    assert await stored(database, CONNECTED) == 0
    assert len(await mailbox.collect()) == 1

    # Whoever has no second step of their own is not believed; nor is a wrong code.
    assert f"{ACCOUNT}/identities/" not in page
    assert (await connect_again(client, database, "")).status_code == 409
    codes = await own_app(client)
    assert re.search(rf'action="{ACCOUNT}/identities/[^"]*/connect"', (await client.get(ACCOUNT)).text)
    assert (await connect_again(client, database, "000000")).status_code == 403
    assert await stored(database, CONNECTED) == 0
    again = await connect_again(client, database, codes[0])
    assert again.headers["location"] == f"{ACCOUNT}?done=connected"
    assert (await connect_again(client, database, codes[1])).status_code == 409
    # The same person there as before, and nobody else; the second step here is asked for.
    await refusal(site, service, Person(subject="new"))
    service.person = Person(email=None)
    async with browser(site) as other:
        assert (await sign_in(other, service)).status_code == 303
        assert await lead_to(other) == "/desk/sign-in/code"
    # Of the app, and of the service.
    assert [mail["To"] for mail in await mailbox.collect()] == [ANNA, ANNA]
    assert await actions(database) == "connected disconnected connected_again"


async def test_what_an_administrator_disconnects_stays_out_until_one_allows_it(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    assert (await sign_in(client, service)).status_code == 303
    async with signed_in(site, Role.ADMINISTRATOR, "basia@kielce.example") as administrator:

        async def act(name: str) -> int:
            return (await administrator.post("/desk/people", data=form | {"act": name})).status_code

        page = (await administrator.get("/desk/people")).text
        assert "a1b2c3" in page
        form = {"person": str(await stored(database, "user_id FROM core.identity"))}
        offered = f'value="{form["person"]}"><input type="hidden" name="act" value="%s"'
        assert offered % "disconnect" in page
        assert offered % "allow" not in page
        assert await act("allow") == 409
        assert await act("disconnect") == 303
        assert (await client.get("/desk")).status_code == 401
        page = (await administrator.get("/desk/people")).text
        assert offered % "disconnect" not in page
        assert offered % "allow" in page
        assert await act("disconnect") == 409
        for person in (Person(), Person(subject="new"), Person(email="jan@gdansk.example")):
            await refusal(site, service, person)
        # Let in anew she is as on the first day, also with a new account there.
        assert await act("allow") == 303
        assert await act("allow") == 409
        assert await stored(database, "count(*) FROM core.identity") == 0
    service.person = Person(subject="new")
    assert (await sign_in(client, service)).status_code == 303
    await refusal(site, service, Person())
    assert await actions(database) == "connected disconnected allowed connected"


async def test_nobody_connects_for_somebody_else_nor_what_is_not_set_up(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    assert (await sign_in(client, service)).status_code == 303
    codes = await own_app(client)
    assert (await client.post(f"{ACCOUNT}/disconnect")).status_code == 303
    async with signed_in(site, Role.MODERATOR, "jan@gdansk.example") as jan:
        assert (await connect_again(jan, database, (await own_app(jan))[0])).status_code == 409
    for code, nothing in zip(codes, (uuid.uuid4(), "x"), strict=False):
        answer = await client.post(f"{ACCOUNT}/identities/{nothing}/connect", data={"code": code})
        assert answer.status_code == 409
    site.state.services = type(site.state.services)(site.state.settings.model_copy(update={"oidc": {}}))
    assert "/identities/" not in (await client.get(ACCOUNT)).text
    assert (await connect_again(client, database, codes[2])).status_code == 409
    assert await stored(database, CONNECTED) == 0


async def test_a_second_step_passed_there_counts_no_more_once_it_is_disconnected(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    assert (await sign_in(client, service)).status_code == 303
    async with session(database) as s:
        await s.execute(text("UPDATE core.identity SET counts = true"))
        await s.execute(text("UPDATE core.session SET second_step_at = now()"))
    assert (await client.post(f"{ACCOUNT}/disconnect")).status_code == 303
    async with session(database) as s:
        token = await make_one_time_link(s, ANNA)
    assert (await client.post("/desk/sign-in/link", data={"token": token})).status_code == 303
    assert await lead_to(client) is None


async def test_who_is_signed_out_meanwhile_does_not_stay_in_by_disconnecting(
    client: httpx2.AsyncClient,
    site: FastAPI,
    service: SignInService,
    database: Database,
    settings: Settings,
) -> None:
    assert (await sign_in(client, service)).status_code == 303
    owner = create_async_engine(settings.database_url)
    async with patient(site, settings), owner.connect() as holder, owner.connect() as looking:
        await holder.execute(text('SELECT FROM core."user" FOR UPDATE'))
        task = asyncio.create_task(client.post(f"{ACCOUNT}/disconnect"))
        await until_it_waits(looking, int((await holder.execute(OWN_PID)).scalar_one()), task)
        # Nothing of a person is held before the person is: so neither waits for the other for ever.
        await looking.execute(text("SELECT FROM core.identity FOR UPDATE NOWAIT"))
        await looking.rollback()
        await holder.execute(text("UPDATE core.session SET revoked_at = now()"))
        await holder.commit()
        assert (await task).status_code == 401
    await owner.dispose()
    assert await stored(database, "count(*) FROM core.session WHERE revoked_at IS NULL") == 0
    assert await stored(database, CONNECTED) == 1


async def test_who_comes_back_does_not_wait_for_what_is_written_of_them_in_another_browser(
    client: httpx2.AsyncClient, service: SignInService, database: Database
) -> None:
    """Whoever has written of a person holds their row a little, and may wait for the end of the log, which we hold."""
    assert (await sign_in(client, service)).status_code == 303
    async with session(database) as s:
        await s.execute(text('SELECT FROM core."user" FOR KEY SHARE'))
        assert (await sign_in(client, service)).status_code == 303
