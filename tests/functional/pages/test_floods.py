"""While very many send, a proof of work lets a form through, and whoever has no script is slowed down (SECURITY E1–E3)."""

import base64
import contextlib
import datetime as dt
import hashlib
import html
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import event, func, select

from app.config import Settings
from app.db import Database, session
from app.errors import TooManyRequests
from app.localdb import ClusterUrls
from app.moderation.models import Report, Submission
from app.web.in_turn import Turns
from app.web.rate_limit import Limit, take
from app.web.sent_often import EVERYBODY, UNPROVED_ONE_IN
from tests.functional.conftest import ORIGIN, Publish, aid_point, make_settings
from tests.functional.pages.conftest import Page, Person
from tests.functional.pages.test_adding import send as send_entry
from tests.functional.pages.test_adding import to_check
from tests.functional.pages.test_reporting import send

MANY = 8
API = "/api/v1/submissions"


@pytest.fixture
def settings(database_urls: ClusterUrls, tmp_path: Path) -> Settings:
    return make_settings(database_urls, tmp_path).model_copy(update={"proof_above_per_hour": MANY})


@asynccontextmanager
async def somebody(site: FastAPI, address: str) -> AsyncIterator[Person]:
    """Somebody at another connection."""
    transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False, client=(address, 1234))
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:
        yield Person(client)


async def use_up(site: FastAPI, name: str, times: int = MANY, *, sent: int | None = None) -> None:
    """As if others had just sent all of the `times` that are allowed, or `sent`."""
    limit = Limit(f"{name}-everybody", times, 3600)
    for _ in range(times if sent is None else sent):
        await take(site.state.database.write, limit, site.state.client_keys, EVERYBODY)


async def use_up_all(site: FastAPI, name: str) -> None:
    """As if so many had sent that nobody gets through without a proof."""
    await use_up(site, name)
    await use_up(site, f"{name}-unproved", MANY // UNPROVED_ONE_IN)


def solved(challenge: dict[str, str | int]) -> str:
    """What the browser works out (static/js/proof/solve.js)."""
    for number in range(int(challenge["maxnumber"]) + 1):
        if hashlib.sha256(f"{challenge['salt']}{number}".encode()).hexdigest() == challenge["challenge"]:
            sent = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
            return base64.b64encode(json.dumps(sent | {"number": number}).encode()).decode()
    raise AssertionError("a challenge of ours has a solution")


def proof_of(page: Page) -> str:
    found = re.search(r'data-proof="([^"]*)"', page.html)
    assert found, "the page carries no challenge"
    return solved(json.loads(html.unescape(found[1])))


async def again(person: Person, page: Page) -> Page:
    """Press the button of a page that carries on what was typed."""
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=3)):
        return await person.presses(page)


async def count(database: Database, model: type[Report | Submission]) -> int:
    async with session(database) as s:
        return int(await s.scalar(select(func.count()).select_from(model)) or 0)


async def test_e3_while_few_send_nobody_is_asked_for_anything(
    person: Person, site: FastAPI, publish: Publish
) -> None:
    (live,) = await publish(aid_point())
    for path in (f"/pl/report/{live.feature_id}", f"/pl/suggest/{live.feature_id}", "/pl/missing"):
        page = await person.opens(path)
        assert "proof" not in page.fields
        assert "proof-" not in page.html
    await use_up(site, "report", sent=MANY // 2 - 1)
    assert "proof" not in (await person.opens(f"/pl/report/{live.feature_id}")).fields


async def test_e3_every_form_carries_a_challenge_while_many_send(
    person: Person, site: FastAPI, publish: Publish
) -> None:
    (live,) = await publish(aid_point())
    for name in ("submission", "report", "missing"):
        await use_up(site, name)
    for path in (
        f"/uk/report/{live.feature_id}",
        f"/uk/suggest/{live.feature_id}",
        f"/uk/suggest/{live.feature_id}/closed",
        "/uk/missing",
    ):
        page = await person.opens(path)
        assert page.fields["proof"] == [""], path
        assert "data-proof" in page.html
        assert "http" not in page.html.split("data-proof", 1)[1].split("</div>", 1)[0]


async def test_e3_a_proof_lets_a_report_through_once(
    site: FastAPI, publish: Publish, database: Database
) -> None:
    (live,) = await publish(aid_point())
    await use_up_all(site, "report")
    async with somebody(site, "203.0.113.7") as person:
        page = await person.opens(f"/pl/report/{live.feature_id}")
        proof = proof_of(page)
        done = await send(person, page, reason="unsafe", proof=proof)
        assert done.url.endswith("/sent")
        again = await person.opens(f"/pl/report/{live.feature_id}")
        refused = await send(person, again, reason="unsafe", body="Jeszcze raz", proof=proof)
        assert refused.status == 429
        assert refused.fields["body"] == ["Jeszcze raz"]
        assert int(refused.headers["retry-after"]) > 60
        # The page that says so has the next challenge.
        done = await send(person, refused, proof=proof_of(refused))
        assert done.url.endswith("/sent")
    assert await count(database, Report) == 2


async def test_without_script_one_form_an_hour_gets_through(
    site: FastAPI, publish: Publish, database: Database
) -> None:
    (live,) = await publish(aid_point())
    await use_up(site, "report")
    async with somebody(site, "203.0.113.8") as person:
        page = await person.opens(f"/en/report/{live.feature_id}")
        assert "A browser without script can send one form an hour now." in page.text
        assert (await send(person, page, reason="unsafe")).url.endswith("/sent")
        page = await person.opens(f"/en/report/{live.feature_id}")
        refused = await send(person, page, reason="unsafe")
        assert refused.status == 429
    assert await count(database, Report) == 1


async def test_e2_of_many_connections_without_proof_few_get_through(
    site: FastAPI, publish: Publish, database: Database
) -> None:
    (live,) = await publish(aid_point())
    sent = {"kind": "report", "feature_id": str(live.feature_id), "reason": "unsafe"}
    key = {"Idempotency-Key": "sent-before-the-flood"}
    async with somebody(site, "198.51.100.250") as early:
        assert (await early.client.post(API, json=sent, headers=key)).status_code == 202
    await use_up(site, "report", sent=MANY - 1)
    statuses = []
    for n in range(20):
        async with somebody(site, f"198.51.100.{n}") as person:
            statuses.append((await person.client.post(API, json=sent)).status_code)
    assert statuses.count(202) == MANY // UNPROVED_ONE_IN
    assert await count(database, Report) == MANY // UNPROVED_ONE_IN + 1
    async with somebody(site, "198.51.100.250") as early:
        # What was taken in before is answered as it was.
        assert (await early.client.post(API, json=sent, headers=key)).status_code == 202
    assert await count(database, Report) == MANY // UNPROVED_ONE_IN + 1
    # By now this process knows: who comes without a proof costs the database nothing.
    asked: list[str] = []
    engine = site.state.database.write.sync_engine

    def note(_: object, __: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        for n in range(100, 105):
            async with somebody(site, f"198.51.100.{n}") as person:
                answer = await person.client.post(API, json=sent)
                assert (answer.status_code, answer.json()["code"]) == (429, "proof_needed")
                assert int(answer.headers["retry-after"]) > 0
        assert asked == []
        # With one it goes on.
        async with somebody(site, "198.51.100.200") as person:
            challenge = (await person.client.get(f"{API}/challenge")).json()
            proof = {"proof": solved({k: v for k, v in challenge.items() if k != "required"})}
            assert (await person.client.post(API, json=sent | proof)).status_code == 202
        assert asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_e2_another_address_of_the_same_network_is_no_other_connection(
    site: FastAPI, publish: Publish, database: Database
) -> None:
    (live,) = await publish(aid_point())
    await use_up(site, "report")
    sent = {"kind": "report", "feature_id": str(live.feature_id), "reason": "unsafe"}
    statuses = []
    for n in range(1, 5):
        # As many networks as a customer is given (/48).
        async with somebody(site, f"2001:db8:7:{n}::1") as person:
            statuses.append((await person.client.post(API, json=sent)).status_code)
    assert statuses == [202, 429, 429, 429]


async def test_e1_one_connection_alone_makes_nobody_prove_anything(
    site: FastAPI, publish: Publish, settings: Settings
) -> None:
    settings.proof_above_per_hour = 40
    (live,) = await publish(aid_point())
    sent = {"kind": "report", "feature_id": str(live.feature_id), "reason": "unsafe"}
    async with somebody(site, "203.0.113.9") as flooding:
        statuses = [(await flooding.client.post(API, json=sent)).status_code for _ in range(40)]
    assert statuses == [202] * 10 + [429] * 30
    async with somebody(site, "203.0.113.10") as person:
        page = await person.opens(f"/pl/report/{live.feature_id}")
        assert "proof" not in page.fields
        assert (await send(person, page, reason="unsafe")).url.endswith("/sent")


async def test_e3_a_place_is_sent_while_many_send_and_nothing_typed_is_lost(
    person: Person, site: FastAPI, database: Database
) -> None:
    page = await to_check(person)
    assert "proof" not in page.fields
    await use_up_all(site, "submission")
    refused = await send_entry(person, page)
    assert refused.status == 429
    assert "Jadłodajnia „Pod Lipą”" in refused.text
    assert refused.fields["email"] == ["ola@poczta.pl"]
    assert await count(database, Submission) == 0
    refused.fields["proof"] = [proof_of(refused)]
    page = await send_entry(person, refused)
    assert page.url.startswith("/pl/sent/")
    assert await count(database, Submission) == 1


async def test_e3_who_finds_no_room_and_then_brings_a_proof_does_not_stand_behind_those_who_have_none(
    person: Person, client: httpx2.AsyncClient, site: FastAPI, database: Database
) -> None:
    page = await to_check(person)
    site.state.turns = Turns(most_waiting=0)
    refused = await send_entry(person, page)
    assert refused.status == 503
    # Once, and not again by what the script will say.
    assert refused.html.count("bardzo dużo formularzy") == 1
    assert refused.fields["email"] == ["ola@poczta.pl"]
    assert refused.fields["proof"] == [""]
    assert await count(database, Submission) == 0
    # No proof is one either.
    refused.fields["proof"] = ["e30="]
    refused = await again(person, refused)
    assert (refused.status, refused.fields["proof"]) == (503, [""])
    proof = proof_of(refused)
    refused.fields["proof"] = [proof]
    assert (await again(person, refused)).url.startswith("/pl/sent/")
    sent = {"kind": "new", "layer": "aid_points", "content": aid_point(), "email": "ala@poczta.pl"}
    assert (await client.post(API, json=sent)).json()["code"] == "many_at_once"
    # It has had its seat.
    assert (await client.post(API, json=sent | {"proof": proof})).json()["code"] == "many_at_once"
    proof = solved((await client.get(f"{API}/challenge")).json())
    assert (await client.post(API, json=sent | {"proof": proof})).status_code == 202
    assert await count(database, Submission) == 2


async def test_e3_a_program_is_told_where_the_challenge_is(
    client: httpx2.AsyncClient, site: FastAPI, database: Database
) -> None:
    asked = (await client.get(f"{API}/challenge")).json()
    assert asked["required"] is False
    await use_up_all(site, "submission")
    sent = {"kind": "new", "layer": "aid_points", "content": aid_point(), "email": "ola@poczta.pl"}
    refused = await client.post(API, json=sent)
    assert (refused.status_code, refused.json()["code"]) == (429, "proof_needed")
    assert f"{API}/challenge" in refused.json()["detail"]
    answer = await client.get(f"{API}/challenge")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["required"] is True
    forged = await client.post(API, json=sent | {"proof": "e30="})
    assert forged.status_code == 429
    assert (await client.post(API, json=sent | {"proof": solved(answer.json())})).status_code == 202
    assert await count(database, Submission) == 1


async def test_e2_a_program_without_a_proof_is_refused_before_what_it_sends_is_looked_at(
    site: FastAPI, publish: Publish, database: Database
) -> None:
    (live,) = await publish(aid_point())
    async with somebody(site, "203.0.113.20") as person:
        # Nobody parses what is refused anyway, once it is known that all of them are.
        assert (await person.client.post(API, json={"kind": "new", "nonsense": 1})).status_code == 422
        await use_up_all(site, "submission")
        with contextlib.suppress(TooManyRequests):
            for name, times in (("submission", MANY), ("submission-unproved", MANY // UNPROVED_ONE_IN)):
                await take(
                    database.write,
                    Limit(f"{name}-everybody", times, 3600),
                    site.state.client_keys,
                    EVERYBODY,
                )
        with contextlib.suppress(TooManyRequests):
            limit = Limit("submission-unproved-everybody", MANY // UNPROVED_ONE_IN, 3600)
            await take(database.write, limit, site.state.client_keys, EVERYBODY)
        refused = await person.client.post(API, json={"kind": "new", "nonsense": 1})
        assert (refused.status_code, refused.json()["code"]) == (429, "proof_needed")
        assert int(refused.headers["retry-after"]) > 0
        # What has a proof, or a key, is read; so is a report, of which there are few.
        for sent in ({"kind": "new", "nonsense": 1, "proof": "x"}, {"kind": "report", "nonsense": 1}):
            assert (await person.client.post(API, json=sent)).status_code == 422, sent
        keyed = await person.client.post(
            API, json={"kind": "new", "nonsense": 1}, headers={"Idempotency-Key": "0123456789abcdef"}
        )
        assert keyed.status_code == 422
        report = {"kind": "report", "feature_id": str(live.feature_id), "reason": "unsafe"}
        assert (await person.client.post(API, json=report)).status_code == 202
