"""How often programs send: the same under one key is taken in once, and a connection has its number an hour."""

import asyncio
import datetime as dt

import httpx2
import pytest
from sqlalchemy import func, select, text, update

from app.config import Settings
from app.db import Database, session
from app.moderation.models import Report
from app.web.idempotency import forget_old_keys
from app.web.models import IdempotencyKey
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.map_api.test_submissions import EMAIL, PATH, new, program, stored

__all__ = ["program"]
KEY = {"Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}


async def test_the_same_under_one_key_is_taken_in_once(
    program: httpx2.AsyncClient, database: Database, mailbox: Mailbox
) -> None:
    first = await program.post(PATH, json=new(), headers=KEY)
    again = [await program.post(PATH, json=new(), headers=KEY) for _ in range(8)]
    assert {answer.content for answer in again} == {first.content}
    assert {answer.status_code for answer in again} == {202}
    quoted = await program.post(PATH, json=new(), headers={"Idempotency-Key": f'"{KEY["Idempotency-Key"]}"'})
    assert quoted.content == first.content
    assert len(await stored(database)) == 1
    assert len(await mailbox.collect()) == 1


async def test_something_else_under_the_same_key_is_refused(
    program: httpx2.AsyncClient, database: Database
) -> None:
    await program.post(PATH, json=new(), headers=KEY)
    other = await program.post(PATH, json=new(aid_point("Inna jadłodajnia")), headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(await stored(database)) == 1


async def test_twins_at_the_same_moment_are_one(program: httpx2.AsyncClient, database: Database) -> None:
    async with session(database) as s:
        await s.execute(update(IdempotencyKey).values(made={}))
    answers = await asyncio.gather(*(program.post(PATH, json=new(), headers=KEY) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert len(await stored(database)) == 1


async def test_reports_of_one_key_are_one(
    program: httpx2.AsyncClient, database: Database, publish: Publish
) -> None:
    (live,) = await publish(aid_point())
    sent = {"kind": "report", "feature_id": str(live.feature_id), "reason": "unsafe"}
    answers = await asyncio.gather(*(program.post(PATH, json=sent, headers=KEY) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {202}
    async with session(database) as s:
        assert await s.scalar(select(func.count()).select_from(Report)) == 1


async def test_a_refusal_leaves_the_key_free(program: httpx2.AsyncClient, database: Database) -> None:
    assert (await program.post(PATH, json=new(email="x"), headers=KEY)).status_code == 422
    assert (await program.post(PATH, json=new(), headers=KEY)).status_code == 202
    assert len(await stored(database)) == 1


@pytest.mark.parametrize("key", ["", "short", "x" * 200, "ä" * 20, "a b c d e f g h i j"])
async def test_a_key_that_is_none_is_refused(program: httpx2.AsyncClient, key: str) -> None:
    headers = {"Idempotency-Key": key.encode()}
    answer = await program.post(PATH, json=new(), headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (400, "unusable_idempotency_key")


async def test_keys_say_nothing_and_are_forgotten_after_a_day(
    program: httpx2.AsyncClient, database: Database
) -> None:
    await program.post(PATH, json=new(), headers=KEY)
    async with session(database) as s:
        row = str((await s.execute(text("SELECT * FROM core.idempotency_key"))).one())
        assert KEY["Idempotency-Key"] not in row
        assert EMAIL not in row
        await forget_old_keys(s)
        assert await s.scalar(select(func.count()).select_from(IdempotencyKey)) == 1
        await s.execute(update(IdempotencyKey).values(created_at=func.now() - dt.timedelta(hours=25)))
    # Over, although no job has come by yet; then it is a key like any other.
    for _ in range(2):
        await program.post(PATH, json=new(), headers=KEY)
    assert len(await stored(database)) == 2
    async with session(database) as s:
        await s.execute(update(IdempotencyKey).values(created_at=func.now() - dt.timedelta(hours=25)))
        await forget_old_keys(s)
        assert await s.scalar(select(func.count()).select_from(IdempotencyKey)) == 0


async def test_e1_one_connection_sends_five_an_hour_and_no_more(
    program: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    answers = [
        await program.post(PATH, json=new(email=f"nr{n}@poczta.pl"))
        for n in range(settings.submissions_per_hour + 3)
    ]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429] * 3
    assert int(answers[-1].headers["retry-after"]) > 600
    assert len(await stored(database)) == 5


async def test_e1_whoever_goes_on_and_on_is_told_before_anything_is_read(
    program: httpx2.AsyncClient, database: Database
) -> None:
    statuses = [(await program.post(PATH, json=[])).status_code for _ in range(62)]
    assert statuses == [422] * 60 + [429] * 2
    assert (
        await program.post(PATH, content=b"", headers={"Content-Type": "application/json"})
    ).status_code in {
        400,
        429,
    }
    assert await stored(database) == []


async def test_a_key_that_comes_again_a_day_later_loses_no_report(
    program: httpx2.AsyncClient, database: Database, publish: Publish
) -> None:
    first, second = await publish(aid_point("Punkt"), aid_point("Drugi"))
    for place in (first, second):
        sent = {"kind": "report", "feature_id": str(place.feature_id), "reason": "wrong_hours"}
        assert (await program.post(PATH, json=sent, headers=KEY)).status_code == 202
        async with session(database) as s:
            await s.execute(update(IdempotencyKey).values(created_at=func.now() - dt.timedelta(hours=25)))
    async with session(database) as s:
        assert await s.scalar(text("SELECT count(DISTINCT feature_id) FROM core.report")) == 2
