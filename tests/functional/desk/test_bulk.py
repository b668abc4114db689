"""One decision on many: its number, what is left, and its undo."""

import asyncio
import re
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import verify_chain
from app.accounts.roles import Role
from app.db import Database, session
from app.moderation.models import Submission
from tests.functional.conftest import Mailbox
from tests.functional.desk.conftest import Waiting, decision, signed_in
from tests.functional.desk.flood import flood


def _ticks(*submissions: Submission) -> list[str]:
    return [f"{one.id}.{one.version}" for one in submissions]


async def _plan(moderator: httpx2.AsyncClient, act: str, *submissions: Submission, **more: Any) -> str:
    form: dict[str, Any] = {"act": act, "id": _ticks(*submissions), "scope": "ticked"} | more
    answer = await moderator.post("/desk/bulk", data=form)
    assert answer.status_code == 303, answer.text
    found: str = answer.headers["location"].split("of=")[1]
    return found


async def _do(moderator: httpx2.AsyncClient, of: str, **typed: str) -> str:
    answer = await moderator.post("/desk/bulk/do", data={"of": of} | typed)
    assert answer.status_code == 303, answer.text
    return (await moderator.get(answer.headers["location"])).text


async def _states(database: Database) -> dict[str, int]:
    async with session(database) as s:
        rows = await s.execute(text("SELECT state, count(*) FROM core.submission GROUP BY state"))
        return {row[0]: row[1] for row in rows}


async def test_e4_a_flood_is_gone_with_four_presses_and_back_with_one(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    async with session(database) as s:
        await flood(s, 1200)
        await flood(s, 50, word="Kuchnia", score=-1)
    page = (await moderator.get("/desk?risk=high")).text
    sent = dict(re.findall(r'<input type="hidden" name="(query|shown_at)" value="([^"]*)">', page))
    await waiting(name="Przyszło później")
    of = await _plan(moderator, "spam", scope="all", **sent)
    question = (await moderator.get(f"/desk/bulk?of={of}")).text
    # How many it is about is said where it is asked, before anything happens.
    (asked,) = re.findall(r"<h1>([^<]*)</h1>", question)
    assert "".join(re.findall(r"\d", asked)) == "1200"
    assert await _states(database) == {"pending": 1251}
    await _do(moderator, of)
    assert await _states(database) == {"pending": 51, "spam": 1200}
    async with session(database) as s:
        assert (
            await s.scalar(text("SELECT count(*) FROM core.audit WHERE action = 'submission.spam'")) == 1200
        )
        assert await verify_chain(s) is None
    answer = await moderator.post("/desk/bulk/undo", data={"of": of})
    assert answer.status_code == 303
    assert await _states(database) == {"pending": 1251}
    async with session(database) as s:
        assert (
            await s.scalar(text("SELECT count(*) FROM core.audit WHERE action = 'submission.undone'")) == 1200
        )
        assert await verify_chain(s) is None


async def test_one_that_has_changed_is_told_and_the_others_go_on(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database, mailbox: Mailbox
) -> None:
    ones = [await waiting(name=f"Miejsce {n}") for n in range(4)]
    await mailbox.collect()
    for act, typed, state in (
        ("approve", {}, "approved"),
        ("reject", {"reason": "advertising"}, "rejected"),
        ("spam", {}, "spam"),
    ):
        async with session(database) as s:
            fresh = [await s.get_one(Submission, one.id) for one in ones]
        of = await _plan(moderator, act, *fresh)
        async with session(database) as s:
            await s.execute(
                text("UPDATE core.submission SET version = version + 1 WHERE id = :id"), {"id": ones[2].id}
            )
        page = await _do(moderator, of, **typed)
        assert await _states(database) == {"pending": 1, state: 3}
        assert 'id="left"' in page
        assert "Miejsce 2" in page
        assert "zmieniło się" in page
        # Nothing happens twice.
        again = await moderator.post("/desk/bulk/do", data={"of": of})
        assert again.status_code == 409
        assert (await moderator.post("/desk/bulk/undo", data={"of": of})).status_code == 303
        assert await _states(database) == {"pending": 4}
        assert await mailbox.collect() == []
    async with session(database) as s:
        assert await verify_chain(s) is None
        assert await s.scalar(text("SELECT count(*) FROM published.feature")) == 0


async def test_whoever_was_turned_down_is_written_to_and_spam_is_not(
    moderator: httpx2.AsyncClient, waiting: Waiting, mailbox: Mailbox
) -> None:
    ones = [await waiting(name=f"Miejsce {n}") for n in range(4)]
    await mailbox.collect()
    await _do(moderator, await _plan(moderator, "spam", *ones[:2]))
    assert await mailbox.collect() == []
    await _do(moderator, await _plan(moderator, "reject", *ones[2:]), reason="cannot_verify")
    assert len(await mailbox.collect()) == 2


async def test_nothing_ticked_no_reason_and_somebody_elses_plan_do_nothing(
    moderator: httpx2.AsyncClient, site: FastAPI, waiting: Waiting, database: Database
) -> None:
    one = await waiting(name="Miejsce")
    for form in ({"act": "spam"}, {"act": "bogus", "id": _ticks(one)}, {"act": "spam", "id": "x"}):
        answer = await moderator.post("/desk/bulk", data=form)
        assert answer.status_code == 422
        assert 'id="problem"' in answer.text
    of = await _plan(moderator, "reject", one)
    refused = await moderator.post("/desk/bulk/do", data={"of": of, "reason": "other"})
    assert refused.status_code == 422
    async with signed_in(site, Role.MODERATOR, "other@example.org") as other:
        assert (await other.post("/desk/bulk/do", data={"of": of, "reason": "closed"})).status_code == 404
    assert (await moderator.get("/desk/bulk?of=x")).status_code == 404
    assert await _states(database) == {"pending": 1}


async def test_of_two_who_decide_on_the_same_each_submission_is_decided_once(
    moderator: httpx2.AsyncClient, site: FastAPI, database: Database
) -> None:
    async with session(database) as s:
        await flood(s, 700)
    async with signed_in(site, Role.MODERATOR, "other@example.org") as other:
        plans = [await _plan(one, "spam", scope="all", query="risk=high") for one in (moderator, other)]
        await asyncio.gather(_do(moderator, plans[0]), _do(other, plans[1]))
    assert await _states(database) == {"spam": 700}
    async with session(database) as s:
        assert await s.scalar(text("SELECT count(*) FROM core.audit WHERE action = 'submission.spam'")) == 700
        outcomes = await s.execute(text("SELECT outcome, count(*) FROM core.bulk_item GROUP BY outcome"))
        assert dict(outcomes.all()) == {"done": 700, "StaleSubmission": 700}
        assert await verify_chain(s) is None


async def test_who_has_asked_for_a_second_pair_of_eyes_does_not_decide_by_many_either(
    moderator: httpx2.AsyncClient, site: FastAPI, waiting: Waiting, database: Database
) -> None:
    ones = [await waiting(name=f"Wątpliwe {n}") for n in range(3)]
    for one in ones:
        path = f"/desk/submissions/{one.id}/second"
        assert (await moderator.post(path, data=decision(one))).status_code == 303
    for act, one in zip(("approve", "reject", "spam"), ones, strict=True):
        of = await _plan(moderator, act, id=[f"{one.id}.{one.version + 1}"])
        page = await _do(moderator, of, reason="closed")
        assert "na Twoją prośbę ma na to spojrzeć druga osoba" in page
    assert await _states(database) == {"pending": 3}
    async with signed_in(site, Role.MODERATOR, "second@example.org") as second:
        of = await _plan(second, "spam", id=[f"{one.id}.{one.version + 1}" for one in ones])
        await _do(second, of)
    assert await _states(database) == {"spam": 3}


@pytest.mark.parametrize("act", ["approve", "spam"])
async def test_an_undo_stops_what_is_still_being_carried_out(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database, act: str
) -> None:
    for n in range(3):
        await waiting(name=f"Zatrzymane {n}")
    of = await _plan(moderator, act, id=await _all(database))
    async with session(database) as s:
        # The first of them is held, so that the undo comes while it is at work.
        await s.execute(text("SELECT FROM core.submission ORDER BY id LIMIT 1 FOR UPDATE"))
        doing = asyncio.create_task(moderator.post("/desk/bulk/do", data={"of": of}))
        while not (doing.done() or await _begun(database)):  # noqa: ASYNC110 - another connection says so
            await asyncio.sleep(0.01)
        undoing = asyncio.create_task(moderator.post("/desk/bulk/undo", data={"of": of}))
    assert (await doing).status_code == (await undoing).status_code == 303
    assert await _states(database) == {"pending": 3}
    async with session(database) as s:
        assert await s.scalar(text("SELECT count(*) FROM published.feature")) == 0
        assert await verify_chain(s) is None


async def _all(database: Database) -> list[str]:
    async with session(database) as s:
        rows = await s.execute(text("SELECT id, version FROM core.submission"))
        return [f"{row.id}.{row.version}" for row in rows]


async def _begun(database: Database) -> bool:
    async with session(database) as s:
        return bool(await s.scalar(text("SELECT bool_or(begun_at IS NOT NULL) FROM core.bulk")))


async def test_d1_ticks_and_filters_that_are_none_are_passed_over(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    one = await waiting(name="Jedno")
    for given in (f"{one.id}.-99999999999999999999", f"{one.id}.99999999999999999999", f"{one.id}.x", "x.1"):
        answer = await moderator.post("/desk/bulk", data={"act": "spam", "scope": "ticked", "id": [given]})
        assert answer.status_code in (303, 422), given
        if answer.status_code == 303:
            await _do(moderator, answer.headers["location"].split("of=")[1])
    for query in ("source=%00", "area=%ED%A0%80", "source=" + "x" * 300, "kind=%0A", "x" * 5000):
        form = {"act": "spam", "scope": "ticked", "id": [""], "query": query}
        assert (await moderator.post("/desk/bulk", data=form)).status_code == 422
        form = {"name": "Widok", "query": query}
        assert (await moderator.post("/desk/views", data=form)).status_code == 303
    assert await _states(database) == {"pending": 1}


async def test_a2_who_is_responsible_for_one_layer_decides_by_many_on_that_one_only(
    moderator: httpx2.AsyncClient, site: FastAPI, waiting: Waiting, database: Database
) -> None:
    one = await waiting(name="Nie moje")
    theirs = await _plan(moderator, "spam", one)
    done = await _plan(moderator, "spam", await waiting(name="Już zdecydowane"))
    await _do(moderator, done)
    async with signed_in(site, Role.MODERATOR, "limited@example.org") as limited:
        async with session(database) as s:
            await s.execute(
                text(
                    "UPDATE core.grant g SET layers = ARRAY['organisations'] FROM core.user u"
                    " WHERE u.id = g.user_id AND u.email = 'limited@example.org'"
                )
            )
        page = (await limited.get("/desk")).text
        assert "Nie moje" not in page
        assert (await limited.get("/desk/new?since=1")).json() == {"new": 0}
        for form in (
            {"scope": "ticked", "id": _ticks(one)},
            {"scope": "all", "query": "", "id": _ticks(one)},
        ):
            assert (await limited.post("/desk/bulk", data={"act": "spam"} | form)).status_code == 422
        for of in (theirs, done):
            assert (await limited.get(f"/desk/bulk?of={of}")).status_code == 404
            for act in ("do", "undo"):
                assert (await limited.post(f"/desk/bulk/{act}", data={"of": of})).status_code == 404
        for act in ("claim", "release", "spam", "undo"):
            answer = await limited.post(f"/desk/submissions/{one.id}/{act}", data=decision(one))
            assert answer.status_code == 404, act
    assert await _states(database) == {"pending": 1, "spam": 1}
