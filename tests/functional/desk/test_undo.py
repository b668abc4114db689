"""Undo: a decision is taken back, and nobody is told of it."""

import asyncio
import datetime as dt
import uuid

import httpx2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.accounts.audit import Actor, verify_chain
from app.config import Settings
from app.db import Database, session
from app.errors import Conflict
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.approve import approve
from app.moderation.actions.reject import reject
from app.moderation.actions.request_changes import request_changes
from app.moderation.actions.spam import mark_spam
from app.moderation.actions.undo import undo
from app.moderation.models import Submission
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.desk.conftest import Waiting, decision

STAFF = Actor("staff", uuid.UUID(int=7))
WINDOW = dt.timedelta(minutes=10)
DECISIONS = ("approve", "reject", "spam", "ask")
STATES = {
    "approve": "approved",
    "reject": "rejected",
    "spam": "spam",
    "ask": "needs_changes",
    "undo": "pending",
}


async def _row(database: Database, submission_id: uuid.UUID) -> Submission:
    async with session(database) as s:
        return await s.get_one(Submission, submission_id)


@pytest.mark.parametrize(
    ("act", "typed"),
    [("approve", {}), ("reject", {"reason": "closed"}), ("spam", {}), ("ask", {"question": "Które piętro?"})],
)
async def test_each_decision_is_undone_with_one_press_and_nobody_is_told(
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    database: Database,
    mailbox: Mailbox,
    act: str,
    typed: dict[str, str],
) -> None:
    submission = await waiting(name="Pomyłka")
    await mailbox.collect()
    path = f"/desk/submissions/{submission.id}"
    assert (await moderator.post(f"{path}/{act}", data=decision(submission) | typed)).status_code == 303
    page = (await moderator.get(f"/desk?after={submission.id}")).text
    assert f'action="{path}/undo"' in page
    assert f'action="{path}/undo"' in (await moderator.get(path)).text
    version = {"version": str(submission.version + 1)}
    answers = await asyncio.gather(*(moderator.post(f"{path}/undo", data=version) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    (done,) = (answer for answer in answers if answer.status_code == 303)
    assert "Decyzję cofnięto." in (await moderator.get(done.headers["location"])).text
    row = await _row(database, submission.id)
    assert (row.state, row.decided_at, row.decision_reason) == ("pending", None, None)
    assert await mailbox.collect() == []
    async with session(database) as s:
        assert await s.scalar(text("SELECT count(*) FROM published.feature")) == 0
        assert await s.scalar(text("SELECT count(*) FROM core.submission_note")) == 0
        assert await verify_chain(s) is None
    # It can be decided anew, and is the same place under the same address.
    assert (await moderator.post(f"{path}/approve", data=decision(row))).status_code == 303
    again = await _row(database, submission.id)
    assert again.feature_id == (row.feature_id or again.feature_id)


async def test_mails_wait_until_a_decision_stands(
    moderator: httpx2.AsyncClient, waiting: Waiting, mailbox: Mailbox, database: Database, settings: Settings
) -> None:
    submission = await waiting(name="Kuchnia")
    await mailbox.collect()
    path = f"/desk/submissions/{submission.id}"
    await moderator.post(f"{path}/approve", data=decision(submission))
    work = mailbox._work
    mailbox._work = type(work)(settings=settings, database=work.database, tools=work.tools)
    assert await mailbox.collect() == []
    async with session(database) as s:
        due = await s.scalar(
            text(
                "SELECT scheduled_at - now() FROM jobs.procrastinate_jobs WHERE task_name = 'notifications.decision'"
            )
        )
    assert dt.timedelta(minutes=9) < due <= dt.timedelta(minutes=10, seconds=30)
    async with session(database) as s:
        await s.execute(text("UPDATE core.submission SET decided_at = now() - interval '11 minutes'"))
        await s.execute(text("UPDATE jobs.procrastinate_jobs SET scheduled_at = now()"))
    answer = await moderator.post(f"{path}/undo", data={"version": str(submission.version + 1)})
    assert answer.status_code == 409
    assert len(await mailbox.collect()) == 1


async def test_a_change_that_is_undone_leaves_what_was_there_as_a_new_revision(
    moderator: httpx2.AsyncClient, waiting: Waiting, publish: Publish, database: Database
) -> None:
    (live,) = await publish(aid_point("Pierwsza"))
    submission = await waiting(name="Druga", feature_id=live.feature_id)
    path = f"/desk/submissions/{submission.id}"
    await moderator.post(f"{path}/approve", data=decision(submission))
    await moderator.post(f"{path}/undo", data={"version": str(submission.version + 1)})
    async with session(database) as s:
        rows = await s.execute(
            text("SELECT action, content #>> '{name,texts,pl}' FROM core.revision ORDER BY number")
        )
        assert [tuple(row) for row in rows] == [
            ("publish", "Pierwsza"), ("publish", "Druga"), ("revert", "Pierwsza"),
        ]  # fmt: skip
    row = await _row(database, submission.id)
    assert (await moderator.post(f"{path}/approve", data=decision(row))).status_code == 303


async def test_what_has_changed_on_the_map_since_is_not_undone(
    moderator: httpx2.AsyncClient, waiting: Waiting, publish: Publish, database: Database
) -> None:
    (live,) = await publish(aid_point("Pierwsza"))
    first = await waiting(name="Druga", feature_id=live.feature_id)
    await moderator.post(f"/desk/submissions/{first.id}/approve", data=decision(first))
    second = await waiting(name="Trzecia", feature_id=live.feature_id)
    await moderator.post(f"/desk/submissions/{second.id}/approve", data=decision(second))
    answer = await moderator.post(
        f"/desk/submissions/{first.id}/undo", data={"version": str(first.version + 1)}
    )
    assert answer.status_code == 409
    assert (await _row(database, first.id)).state == "approved"


async def _act(database: Database, setting: Setting, name: str, found: Submission) -> None:
    version, key = found.version, found.id
    async with session(database) as s:
        if name == "approve":
            await approve(s, setting, LAYERS["aid_points"], key, version=version, actor=STAFF)
        elif name == "reject":
            await reject(s, key, version=version, actor=STAFF, reason="closed", now=setting.now)
        elif name == "spam":
            await mark_spam(s, key, version=version, actor=STAFF, now=setting.now)
        elif name == "ask":
            await request_changes(s, key, version=version, actor=STAFF, question="Gdzie?")
        else:
            await undo(s, setting, LAYERS, key, version=version, actor=STAFF, within=WINDOW)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(st.tuples(st.sampled_from([*DECISIONS, "undo", "undo"]), st.integers(0, 1)), max_size=10)
)
@example(steps=[("ask", 0), ("reject", 0), ("undo", 0), ("undo", 0), ("approve", 0), ("undo", 0)])
async def test_any_sequence_of_decisions_and_undos_keeps_the_invariants(
    database: Database, setting: Setting, waiting: Waiting, publish: Publish, steps: list[tuple[str, int]]
) -> None:
    """The log's chain, the live revision as the last one, published exactly what is live, states as the table says."""
    (live,) = await publish(aid_point("Na mapie"))
    ones = [await waiting(name="Nowe"), await waiting(name="Zmiana", feature_id=live.feature_id)]
    expected = ["pending", "pending"]
    has_question = [False, False]
    for name, which in steps:
        legal = (name == "undo") != (expected[which] == "pending")
        # What waits for its submitter can still be turned down or be spam.
        legal = legal or (expected[which] == "needs_changes" and name in ("reject", "spam"))
        found = await _row(database, ones[which].id)
        try:
            await _act(database, setting, name, found)
        except Conflict:
            assert not legal, (name, expected[which])
            continue
        assert legal, (name, expected[which])
        if name == "undo":
            # What was turned down while its sender had a question to answer waits for them again.
            was_asked = has_question[which] and expected[which] != "needs_changes"
            has_question[which] = was_asked
            expected[which] = "needs_changes" if was_asked else "pending"
        else:
            has_question[which] = has_question[which] or name == "ask"
            expected[which] = STATES[name]
    assert [(await _row(database, one.id)).state for one in ones] == expected
    async with session(database) as s:
        assert await verify_chain(s) is None
        names = {True: "Zmiana", False: "Na mapie"}
        content = await s.scalar(
            text("SELECT content #>> '{name,texts,pl}' FROM core.feature WHERE id = :id"),
            {"id": live.feature_id},
        )
        assert content == names[expected[1] == "approved"]
        wrong = await s.scalar(
            text(
                """
                SELECT count(*) FROM core.feature f
                LEFT JOIN core.revision r ON r.feature_id = f.id AND r.number = f.revision
                LEFT JOIN published.feature p ON p.id = f.id
                WHERE r.content IS DISTINCT FROM f.content OR (p.id IS NOT NULL) <> (f.state = 'published')
                  OR f.revision <> (SELECT count(*) FROM core.revision c WHERE c.feature_id = f.id)
                """
            )
        )
        assert wrong == 0
        on_map = await s.scalar(
            text(
                "SELECT count(*) FROM published.feature p JOIN core.submission s ON s.feature_id = p.id WHERE s.id = :id"
            ),
            {"id": ones[0].id},
        )
        assert on_map == (expected[0] == "approved")
