"""What the queue costs while very much waits: a page of it, the next one, what came in, and a decision on all of it."""

import asyncio
import json
import uuid
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record, verify_chain
from app.db import Database, session
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb.cluster import ClusterUrls
from app.moderation.actions.bulk import carry_out
from app.moderation.bulk import plan
from app.moderation.models import Submission
from app.moderation.waiting import (
    LIKELY_SPAM,
    Asked,
    Place,
    ids_of,
    next_of,
    page_statement,
    waiting,
)
from tests.functional.desk.conftest import Waiting
from tests.functional.desk.flood import flood

#: Blocks of 8 KB that a page of 51 lines may touch; all of 10,000 are more than 40,000.
MOST_BLOCKS = 1500


@pytest.fixture
async def flooded(database: Database, database_urls: ClusterUrls) -> None:
    async with session(database) as s:
        await flood(s, 10_000, ago_s=200_000)
        await flood(s, 50, word="Kuchnia", score=-1)
        await flood(s, 50, word="Bar", score=10)
        # Whoever keeps a register for years has decided much.
        await flood(s, 10_000, word="Dawne", score=10, ago_s=20_000_000)
        await s.execute(
            text(
                "UPDATE core.submission SET state = 'rejected' WHERE content #>> '{name,texts,pl}' LIKE 'Dawne%'"
            )
        )
    # As the server does it by itself within a minute.
    with psycopg.connect(database_urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("ANALYZE core.submission, core.screening, core.lease")


@pytest.mark.parametrize("query", [{}, {"risk": "high"}, {"kind": "new"}, {"layer": "aid_points"}], ids=str)
async def test_a_page_is_read_from_the_index_and_ends_with_the_page(
    flooded: None, database: Database, query: dict[str, Any]
) -> None:
    asked = Asked(uuid.uuid4(), **query)
    async with session(database) as s:
        lines = await waiting(s, asked, limit=51)
        assert len(lines) == 51
        for after in (None, lines[-1].place):
            plan, blocks = await _explained(s, *page_statement(asked, limit=51, after=after))
            assert "Seq Scan" not in plan, plan
            assert "ix_submission_waiting" in plan
            assert blocks < MOST_BLOCKS, plan


async def _explained(s: AsyncSession, statement: str, values: dict[str, Any]) -> tuple[str, int]:
    explain = text(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement}")
    found = (await s.execute(explain, values)).scalar_one()
    plan = found[0]["Plan"] if isinstance(found, list) else json.loads(found)[0]["Plan"]
    # The few lines of the table of people are read whole, which says nothing.
    said = json.dumps([one for one in _nodes(plan) if one.get("Relation Name") not in {"user", "lease"}])
    return said, plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    below = plan.get("Plans", [])
    return [{k: v for k, v in plan.items() if k != "Plans"}, *(node for one in below for node in _nodes(one))]


async def test_pages_and_next_ones_go_through_all_of_it_once(flooded: None, database: Database) -> None:
    asked = Asked(None, kind="new")
    async with session(database) as s:
        whole = [key for key, _ in await ids_of(s, asked, most=20_000)]
        assert len(whole) == 10_100
        seen: list[uuid.UUID] = []
        place: Place | None = None
        while page := await waiting(s, asked, limit=1000, after=place):
            seen += [one.id for one in page]
            place = page[-1].place
        assert seen == whole
        for at in (0, 99, 100, 5000):
            assert await next_of(s, asked, whole[at]) == whole[at + 1]
        assert await next_of(s, asked, whole[-1]) == whole[0]


async def test_where_it_stands_follows_what_is_found_out_about_it(
    waiting: Waiting, database: Database
) -> None:
    one = await waiting(name="Jedno")
    score = text("UPDATE core.screening SET score = :score WHERE submission_id = :id")
    for given, kind, band in (
        (LIKELY_SPAM, "new", 2),
        (LIKELY_SPAM - 1, "new", 1),
        (100, "new", 2),
        (0, "new", 1),
    ):
        async with session(database) as s:
            await s.execute(score, {"score": given, "id": one.id})
            assert (await s.get_one(Submission, one.id)).kind == kind
            found = await s.scalar(text("SELECT band FROM core.submission WHERE id = :id"), {"id": one.id})
            assert found == band


async def test_e4_ten_thousand_are_decided_in_steps_while_others_go_on(
    flooded: None, database: Database, setting: Setting, waiting: Waiting
) -> None:
    colleague = await waiting(name="Kolega")
    actor = Actor("staff", await _person(database))
    async with session(database) as s:
        chosen = await ids_of(s, Asked(None, risk="high"), most=20_000)
        planned = await plan(s, "spam", chosen, "risk=high", actor, vocabulary=setting.vocabulary)
    doing = asyncio.create_task(carry_out(database, setting, LAYERS, planned, actor=actor))
    while not doing.done():
        async with session(database) as s:
            # Another decision writes to the log in the same moments, whose end each step holds.
            submission = await s.get_one(Submission, colleague.id)
            submission.version += 1
            record(s, actor, "submission.seen_meanwhile", "submission", colleague.id)
    await doing
    async with session(database) as s:
        # It came in between two steps, and did not wait for all of them.
        assert await s.scalar(_BETWEEN) is True
        found = await s.execute(text("SELECT state, count(*) FROM core.submission GROUP BY 1"))
        assert {row[0]: row[1] for row in found} == {"spam": 10_000, "pending": 101, "rejected": 10_000}
        assert await verify_chain(s) is None


_BETWEEN = text(
    """
    SELECT EXISTS (
      SELECT FROM core.audit WHERE action = 'submission.seen_meanwhile'
        AND id > (SELECT min(id) FROM core.audit WHERE action = 'submission.spam')
        AND id < (SELECT max(id) FROM core.audit WHERE action = 'submission.spam'))
    """
)


async def _person(database: Database) -> uuid.UUID:
    async with session(database) as s:
        found = await s.scalar(
            text(
                "INSERT INTO core.user (id, email, name, language) VALUES (gen_random_uuid(), 'm@example.org', 'M', 'pl')"
                " RETURNING id"
            )
        )
    assert isinstance(found, uuid.UUID)
    return found
