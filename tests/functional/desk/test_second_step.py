"""The second step of signing in: tests named by the goals of SECURITY.md."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator

import httpx2
import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.accounts import second_step as module
from app.accounts.models import RecoveryCode, SecondStep
from app.accounts.roles import Role
from app.accounts.sign_in import make_one_time_link
from app.accounts.users import reset_second_step
from app.config import Settings
from app.db import Database, session
from app.desk import device
from app.web.routes import declared
from tests.functional.conftest import ORIGIN, Mailbox, aid_point
from tests.functional.desk.conftest import Waiting, decision, signed_in
from tests.functional.desk.locks import OWN_PID, patient, until_it_waits

ANNA = "anna@kielce.example"
SET_UP = "/desk/account/second-step"
#: 22 November 2026; codes are made for this moment, whatever the clock says.
NOW = 1_795_348_800.0


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def time(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


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


async def use_link(site: FastAPI, client: httpx2.AsyncClient, role: Role = Role.MODERATOR) -> None:
    async with session(site.state.database) as s:
        token = await make_one_time_link(s, ANNA, role)
    answer = await client.post("/desk/sign-in/link", data={"token": token})
    assert answer.status_code == 303, answer.text


async def set_up(client: httpx2.AsyncClient) -> tuple[pyotp.TOTP, list[str]]:
    """Connect an app in the browser of somebody signed in; give the app and the recovery codes."""
    begun = await client.post("/desk/account/connect", data={"code": ""})
    assert begun.status_code == 303, begun.text
    page = (await client.get("/desk/account/second-step")).text
    key = re.search(r'<code class="typed-key">(.*?)</code>', page)
    assert key
    app = pyotp.TOTP(re.sub(r"<[^>]+>|\s", "", key[1]))
    answer = await client.post("/desk/account/second-step", data={"code": app.at(int(NOW) - 30)})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    # On paper it says whose they are, and where.
    assert re.search(r'<p class="meta">[^<,]+@[^<,]+, https?://[^<,]+, ', answer.text)
    return app, re.findall(r'<code class="nobr">(\S+)</code>', answer.text)


async def test_b8_signing_in_takes_the_link_and_a_code_and_gives_a_new_session_at_each(site: FastAPI) -> None:
    async with browser(site) as client:
        client.cookies.set("pomapa", "planted-by-somebody", domain="testserver.local")
        await use_link(site, client)
        ids = [client.cookies["pomapa"]]
        app, codes = await set_up(client)
        ids.append(client.cookies["pomapa"])
        assert len(codes) == 10
        assert (await client.get("/desk")).status_code == 200
        await client.post("/desk/sign-out")

        await use_link(site, client)
        ids.append(client.cookies["pomapa"])
        for page in ("/desk", "/desk/account", "/desk/published"):
            led = await client.get(page)
            assert (led.status_code, led.headers["location"]) == (303, "/desk/sign-in/code")
        answer = await client.post("/desk/sign-in/code", data={"code": app.at(int(NOW))})
        assert answer.status_code == 303
        ids.append(client.cookies["pomapa"])
        assert (await client.get("/desk")).status_code == 200

        assert len({"planted-by-somebody", *ids}) == 5
        for old in ("planted-by-somebody", *ids[:3]):
            async with browser(site) as thief:
                thief.cookies.set("pomapa", old)
                assert (await thief.get("/desk")).status_code == 401


async def test_b12_halfway_nothing_of_the_desk_can_be_done(site: FastAPI, waiting: Waiting) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        await set_up(client)
        await client.post("/desk/sign-out")
        await use_link(site, client)
        submission = await waiting()
        answer = await client.post(f"/desk/submissions/{submission.id}/approve", data=decision(submission))
        assert answer.status_code == 401
        # Nor can the second step be put in the place of the one that is asked for.
        assert (await client.post("/desk/account/connect", data={"code": ""})).status_code == 401


@pytest.mark.parametrize(
    ("written", "steps"), [("{}", 0), (" {} ", 1), ("grouped", -1), ("arabic", 1), ("fullwidth", 0)]
)
async def test_b7_a_code_works_once_however_it_is_written_and_whenever(
    site: FastAPI, clock: Clock, written: str, steps: int
) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        app, _ = await set_up(client)
        code = app.at(int(NOW))
        shown = {
            "arabic": code.translate({ord("0") + n: chr(0x660 + n) for n in range(10)}),
            "fullwidth": code.translate({ord("0") + n: chr(0xFF10 + n) for n in range(10)}),
            "grouped": f"{code[:3]} {code[3:]}",
        }.get(written) or written.format(code)
        for number, expected in enumerate((303, 403)):
            await client.post("/desk/sign-out")
            await use_link(site, client)
            clock.now = NOW + number * 30 * steps
            answer = await client.post("/desk/sign-in/code", data={"code": code if number else shown})
            assert answer.status_code == expected, (written, number)
        assert (await client.get("/desk")).headers["location"] == "/desk/sign-in/code"
        # One of an earlier step than the one used does not work either, where a clock goes ahead.
        clock.now = NOW
        earlier = await client.post("/desk/sign-in/code", data={"code": app.at(int(NOW) - 30)})
        assert earlier.status_code == 403


async def test_b7_the_code_that_confirmed_the_app_does_not_sign_in(site: FastAPI) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        app, _ = await set_up(client)
        await client.post("/desk/sign-out")
        await use_link(site, client)
        used = await client.post("/desk/sign-in/code", data={"code": app.at(int(NOW) - 30)})
        assert used.status_code == 403


async def test_b7_a_recovery_code_works_once(site: FastAPI) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        _, codes = await set_up(client)
        for typed, expected in ((f" {codes[3].upper()} ", 303), (codes[3].replace("-", ""), 403)):
            await client.post("/desk/sign-out")
            await use_link(site, client)
            answer = await client.post("/desk/sign-in/code", data={"code": typed})
            assert answer.status_code == expected
        assert (await client.post("/desk/sign-in/code", data={"code": codes[4]})).status_code == 303
        page = (await client.get("/desk/account")).text
        assert "zostało 8 kodów" in page
        assert not [code for code in codes if code in page]


async def test_new_recovery_codes_end_the_ones_before_and_their_owner_reads_of_it(
    site: FastAPI, mailbox: Mailbox
) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        app, codes = await set_up(client)
        await mailbox.collect()
        assert (await client.post("/desk/account/recovery-codes", data={"code": "000000"})).status_code == 403
        assert await mailbox.collect() == []
        answer = await client.post("/desk/account/recovery-codes", data={"code": app.at(int(NOW))})
        fresh = re.findall(r'<code class="nobr">(\S+)</code>', answer.text)
        assert len(fresh) == 10
        (mail,) = await mailbox.collect()
        assert mail["Subject"] == "Do twojego konta zrobiono nowe kody zapasowe"
        await client.post("/desk/sign-out")
        await use_link(site, client)
        assert (await client.post("/desk/sign-in/code", data={"code": codes[0]})).status_code == 403
        assert (await client.post("/desk/sign-in/code", data={"code": fresh[0]})).status_code == 303


async def test_b5_tries_are_few_and_the_owners_device_is_not_kept_out(site: FastAPI) -> None:
    async with browser(site) as owner:
        await use_link(site, owner)
        app, _ = await set_up(owner)
        await owner.post("/desk/sign-out")
        statuses = []
        for number in range(12):
            async with browser(site, f"198.51.100.{number}") as attacker:
                # The mailbox is theirs, the telephone is not; each try comes from another address.
                await use_link(site, attacker)
                answer = await attacker.post("/desk/sign-in/code", data={"code": "000000"})
                statuses.append(answer.status_code)
        # The fifth was the owner's own, when they set it up; in slow weather one comes free every three minutes.
        assert statuses[:4] == [403] * 4
        assert statuses.count(403) <= 10
        assert 429 in statuses
        await use_link(site, owner)
        assert (await owner.post("/desk/sign-in/code", data={"code": app.at(int(NOW))})).status_code == 303


def test_b5_no_quarter_of_an_hour_has_more_tries_than_the_goal_allows() -> None:
    within_s = {device.OF_ACCOUNT: (900, 10), device.OF_ADDRESS: (900, 20), device.OF_ALL: (300, 1000)}
    for limit, (period_s, most) in within_s.items():
        assert limit.times + period_s / limit.interval_s <= most, limit


async def test_b6_without_counters_nobody_passes_or_sends_and_everybody_reads(
    site: FastAPI, settings: Settings, database: Database
) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        app, _ = await set_up(client)
        await client.post("/desk/sign-out")
        await use_link(site, client)
        owner = create_async_engine(settings.database_url)
        async with owner.begin() as connection:
            await connection.execute(text("ALTER TABLE core.rate_limit RENAME TO gone"))
        await owner.dispose()
        answer = await client.post("/desk/sign-in/code", data={"code": app.at(int(NOW))})
        assert answer.status_code == 503
        assert (await client.get("/desk")).headers["location"] == "/desk/sign-in/code"
        assert (await client.post("/desk/sign-in", data={"email": ANNA})).status_code == 503
        sent = {"kind": "new", "layer": "aid_points", "content": aid_point(), "email": "ola@poczta.pl"}
        client.cookies.clear()
        assert (await client.post("/api/v1/submissions", json=sent)).status_code == 503
        for page in (
            "/pl/",
            "/api/v1/layers/aid_points/features.geojson",
            "/api/v1/tiles/aid_points/6/35/21.geojson",
        ):
            assert (await client.get(page)).status_code == 200
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM core.submission"))).scalar() == 0


async def test_what_is_stored_opens_no_account(site: FastAPI, database: Database) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        app, codes = await set_up(client)
    async with session(database) as s:
        both = "SELECT t::text FROM core.second_step t UNION ALL SELECT t::text FROM core.recovery_code t"
        rows = (await s.execute(text(both))).scalars().all()
    assert len(rows) == 11
    for secret in (app.secret, app.secret.encode().hex(), *codes, *(c.encode().hex() for c in codes)):
        assert not any(secret in row for row in rows)


async def test_b12_without_a_second_step_nothing_can_be_done_where_it_is_required(
    site: FastAPI, waiting: Waiting, database: Database
) -> None:
    site.state.settings = site.state.settings.model_copy(update={"staff_second_step": True})
    tried = 0
    async with signed_in(site, Role.ADMINISTRATOR, ANNA) as client:
        submission = await waiting()
        for route in declared(site, {"/api/v1/openapi.json": "public"}):
            if route.permission in {"public", "by-link", "account.own"} or route.method == "HEAD":
                continue
            path = re.sub(r"{\w+_id(:uuid)?}", str(submission.id), route.path)
            data = decision(submission) if route.method == "POST" else None
            answer = await client.request(route.method, path, data=data)
            if route.method == "GET":
                assert (answer.status_code, answer.headers["location"]) == (303, "/desk/account"), path
            else:
                assert answer.status_code == 403, path
            tried += 1
        assert tried > 20
        page = await client.get("/desk/account")
        assert page.status_code == 200
        assert 'href="/desk/published"' not in page.text
        await set_up(client)
        assert (await client.get("/desk")).status_code == 200


async def test_a5_a_second_step_that_was_reset_ends_every_session(site: FastAPI, database: Database) -> None:
    async with browser(site) as client:
        await use_link(site, client)
        _, codes = await set_up(client)
        async with session(database) as s:
            pending = await make_one_time_link(s, ANNA)
        async with session(database) as s:
            await reset_second_step(s, ANNA)
        assert (await client.get("/desk")).status_code == 401
        assert (await client.post("/desk/sign-in/link", data={"token": pending})).status_code == 410
        assert (await client.post("/desk/sign-in/code", data={"code": codes[0]})).status_code == 401
    async with session(database) as s:
        for table in (SecondStep, RecoveryCode):
            assert (await s.execute(text(f"SELECT count(*) FROM core.{table.__tablename__}"))).scalar() == 0


async def test_somebody_elses_key_cannot_be_put_in_the_place_of_theirs(site: FastAPI) -> None:
    """Whoever sits down at an open desk cannot exchange the app: that takes a code of the one in use."""
    async with browser(site) as client:
        await use_link(site, client)
        app, _ = await set_up(client)
        assert (await client.post("/desk/account/connect", data={"code": "000000"})).status_code == 403
        assert (await client.post("/desk/account/connect", data={"code": ""})).status_code == 403
        assert (await client.get("/desk/account/second-step")).headers["location"] == "/desk/account"
        answer = await client.post("/desk/account/connect", data={"code": app.at(int(NOW))})
        assert answer.headers["location"] == "/desk/account/second-step"


async def begin(client: httpx2.AsyncClient, code: str = "") -> dict[str, str]:
    """Begin to connect an app; give the form that confirms it."""
    assert (await client.post("/desk/account/connect", data={"code": code})).status_code == 303
    key = re.search(r'<code class="typed-key">(.*?)</code>', (await client.get(SET_UP)).text)
    assert key
    return {"code": pyotp.TOTP(re.sub(r"<[^>]+>|\s", "", key[1])).at(int(NOW))}


async def test_a_set_up_belongs_to_the_session_that_began_it_and_lasts_a_quarter_of_an_hour(
    site: FastAPI, database: Database
) -> None:
    """Who takes over a session does not find an app there that only waits to be confirmed."""
    async with browser(site) as client, browser(site, "192.0.2.2") as thief:
        await use_link(site, client)
        await use_link(site, thief)
        right = await begin(client)
        assert (await thief.get(SET_UP)).headers["location"] == "/desk/account"
        assert (await thief.post(SET_UP, data=right)).status_code == 409
        # Begun in another browser, it is over in this one, also with the new key.
        stolen = await begin(thief)
        assert (await client.get(SET_UP)).headers["location"] == "/desk/account"
        for code in (right, stolen):
            assert (await client.post(SET_UP, data=code)).status_code == 409
        right = await begin(client)
        # A wrong code ends nothing.
        assert (await client.post(SET_UP, data={"code": "x"})).status_code == 422
        async with session(database) as s:
            lasts = "SELECT extract(epoch FROM expires_at - now()) FROM core.passkey_challenge"
            assert 0 < float((await s.execute(text(lasts))).scalar_one()) <= 900
            old = "UPDATE core.passkey_challenge SET expires_at = expires_at - interval '15 minutes'"
            await s.execute(text(old))
            # So many tries as here nobody has.
            await s.execute(text("DELETE FROM core.rate_limit"))
        assert (await client.get(SET_UP)).headers["location"] == "/desk/account"
        assert (await client.post(SET_UP, data=right)).status_code == 409
        # Whoever has a second step needs it to begin once more; what was left lying does not help.
        app, codes = await set_up(client)
        right = await begin(client, codes[0])
        await use_link(site, thief)
        await thief.post("/desk/sign-in/code", data={"code": app.at(int(NOW))})
        assert (await thief.get("/desk")).status_code == 200
        assert (await thief.post(SET_UP, data=right)).status_code == 409
        assert (await client.post(SET_UP, data=right)).status_code == 200
        # It is used up with it.
        assert (await client.post(SET_UP, data=right)).status_code == 409


@pytest.mark.parametrize("act", ["set-up", "link"])
async def test_nothing_of_a_person_is_held_before_the_person_is(
    site: FastAPI, settings: Settings, act: str
) -> None:
    """Whoever resets or suspends somebody holds the person first, so that neither waits for the other for ever."""
    owner = create_async_engine(settings.database_url)
    async with browser(site) as client:
        await use_link(site, client)
        if act == "set-up":
            to, form = SET_UP, await begin(client)
        else:
            async with session(site.state.database) as s:
                to, form = "/desk/sign-in/link", {"token": await make_one_time_link(s, ANNA)}
        async with patient(site, settings), owner.connect() as holder, owner.connect() as looking:
            await holder.execute(text('SELECT FROM core."user" FOR UPDATE'))
            task = asyncio.create_task(client.post(to, data=form))
            await until_it_waits(looking, int((await holder.execute(OWN_PID)).scalar_one()), task)
            for table in ("second_step", "passkey_challenge", "session", "sign_in_link", "audit_head"):
                await looking.execute(text(f"SELECT FROM core.{table} FOR UPDATE NOWAIT"))
            await looking.rollback()
            await holder.rollback()
            assert (await task).status_code in (200, 303)
    await owner.dispose()
