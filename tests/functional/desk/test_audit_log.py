"""The audit log at the desk: found by who, what, when and words, from indexes, and nothing in it that is nobody's business."""

import csv
import datetime as dt
import html
import io
import json
import re
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Final
from zoneinfo import ZoneInfo

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import audit, audit_search
from app.accounts.audit import SYSTEM, check_chain, record, verify_chain
from app.accounts.audit_search import FEW, LOOKED_THROUGH, Asked, Place, choices, find, last_check
from app.accounts.roles import Role
from app.db import Database, session
from app.desk import audit_log
from app.desk.audit_words import ACTIONS
from app.localdb.cluster import ClusterUrls
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.desk.conftest import Waiting, signed_in

ANNA = "anna@kielce.example"
#: Blocks of 8 KB that a page of 50 entries may touch; the whole log has 2,000 and more, its indexes as many again.
MOST_BLOCKS: Final = 400
#: A page of a log of 1,000,000 entries touches two blocks more, one a level of an index.
COUNT: Final = 60_000
ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
MADE: Final = f"""
    INSERT INTO core.audit (id, at, actor_kind, actor_id, action, object_type, object_id, detail, hash)
    SELECT n, timestamptz '2025-01-01 00:00Z' + n * interval '1 minute',
      CASE n % 4 WHEN 0 THEN 'system' WHEN 1 THEN 'submitter' ELSE 'staff' END,
      CASE n % 4 WHEN 2 THEN uuid '{ONE}' WHEN 3 THEN uuid '{OTHER}' END,
      CASE WHEN n % 40000 = 2 THEN 'user.suspended'
        ELSE 'submission.' || (ARRAY['submitted', 'spam', 'approved', 'rejected'])[1 + n % 4] END,
      CASE WHEN n % 40000 = 2 THEN 'user' ELSE 'submission' END,
      CAST(CAST(md5(CAST(n / 5 AS text)) AS uuid) AS text),
      jsonb_build_object('was', 'pending', 'mark', CASE WHEN n % 30000 = 7 THEN 'rzadkie' ELSE 'x' || n % 2 END),
      sha256(CAST(CAST(n AS text) AS bytea))
    FROM generate_series(1, {{count}}) AS n
"""
SHARES: Final = text(
    "SELECT heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read"
    " FROM pg_statio_all_tables WHERE relid = CAST('core.audit' AS regclass)"
)


@pytest.fixture
async def administrator(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(site, Role.ADMINISTRATOR, ANNA) as browser:
        await browser.post("/desk/language", data={"language": "en", "back": "/desk/audit"})
        yield browser


def fill(urls: ClusterUrls, count: int) -> None:
    """Write so many entries, as years leave them."""
    with psycopg.connect(urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
        # What the server does by itself would be counted as well.
        owner.execute("ALTER TABLE core.audit SET (autovacuum_enabled = false)")
        owner.execute("ALTER TABLE core.audit DISABLE TRIGGER USER")
        owner.execute(MADE.format(count=count))
        owner.execute("ALTER TABLE core.audit ENABLE TRIGGER USER")
        owner.execute("VACUUM ANALYZE core.audit")


async def touched(database: Database) -> int:
    async with session(database) as s:
        return int(await s.scalar(SHARES) or 0)


async def read(
    database: Database, asked: Asked, behind: Place | None = None
) -> tuple[audit_search.Page, int]:
    """Give a page of 50 entries and how many blocks all of its statements have touched."""
    before = await touched(database)
    async with session(database) as s:
        page = await find(s, asked, limit=50, behind=behind)
        await s.execute(text("SELECT pg_stat_force_next_flush()"))
    return page, await touched(database) - before


def moment(minutes: int) -> dt.datetime:
    return dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)


async def test_a_page_of_a_long_log_touches_few_blocks(
    database: Database, database_urls: ClusterUrls
) -> None:
    fill(database_urls, COUNT)
    first, last = moment(COUNT // 2), moment(COUNT // 2 + 1440)
    for asked in (
        Asked(),
        Asked(actor=str(ONE)),
        Asked(actor="system"),
        Asked(action="submission.spam"),
        Asked(actor=str(OTHER), action="submission.rejected"),
        # Nothing, and seldom something: nobody looks through all that the person has done.
        Asked(actor=str(OTHER), action="submission.spam"),
        Asked(actor=str(ONE), kind="user"),
        Asked(kind="submission"),
        Asked(kind="user"),
        Asked(action="user.suspended"),
        Asked(words="rzadkie"),
        Asked(words="rzadkie", actor=str(OTHER)),
        Asked(words="x1", actor="submitter"),
        Asked(since=first, until=last),
        Asked(actor=str(ONE), since=first, until=last),
        Asked(action="submission.spam", since=first, until=last),
        Asked(words="pending", since=first, until=last),
    ):
        page, blocks = await read(database, asked)
        assert 0 < blocks < MOST_BLOCKS, (asked, blocks)
        if page.behind:
            _, blocks = await read(database, asked, Place(moment(COUNT // 3), COUNT // 3))
            assert 0 < blocks < MOST_BLOCKS, (asked, blocks)
    before = await touched(database)
    async with session(database) as s:
        known = await choices(s)
        await s.execute(text("SELECT pg_stat_force_next_flush()"))
    assert (len(known.actions), len(known.kinds)) == (5, 2)
    assert await touched(database) - before < MOST_BLOCKS


async def test_pages_go_through_all_that_is_found_once(
    database: Database, database_urls: ClusterUrls
) -> None:
    fill(database_urls, 9000)
    cases: list[tuple[Asked, Callable[[int], bool]]] = [
        (Asked(), lambda n: n > 0),
        (Asked(actor=str(ONE)), lambda n: n % 4 == 2),
        (Asked(actor=str(ONE), action="user.suspended"), lambda n: n == 2),
        (Asked(words="x1"), lambda n: n % 2 == 1 and n != 7),
        (Asked(words="x1 pending", actor=str(OTHER)), lambda n: n % 4 == 3 and n != 7),
        (Asked(words="rzadkie"), lambda n: n == 7),
        (Asked(words="mark"), lambda n: n < 0),
        # The first moment is in it, the one after is not.
        (Asked(since=moment(10), until=moment(20)), lambda n: 10 <= n < 20),
    ]
    for asked, fits in cases:
        seen: list[int] = []
        behind: Place | None = None
        async with session(database) as s:
            while True:
                page = await find(s, asked, limit=400, behind=behind)
                seen += [one.id for one in page.entries]
                assert len(page.entries) <= 400
                behind = page.behind and Place.read(page.behind.written())
                if behind is None:
                    break
        assert seen == [n for n in range(9000, 0, -1) if fits(n)], asked
    assert 9000 > LOOKED_THROUGH > FEW


def done_on(page: str) -> list[str]:
    """What was done, by the words of a page, the newest first."""
    return [html.unescape(words) for words in re.findall(r"<h3>([^<]+)</h3>", page)]


async def person(database: Database, email: str) -> str:
    async with session(database) as s:
        return str(await s.scalar(text("SELECT id FROM core.user WHERE email = :email"), {"email": email}))


async def test_an_administrator_finds_who_did_what(
    administrator: httpx2.AsyncClient, moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    one, other = await waiting(name="Jedno"), await waiting(name="Drugie")
    await moderator.post(f"/desk/submissions/{one.id}/claim", data={"by": "person"})
    sent, confirmed, taken = (ACTIONS[f"submission.{code}"] for code in ("submitted", "pending", "claimed"))
    page = (await administrator.get("/desk/audit?words=aid_points")).text
    assert done_on(page) == [sent, sent]
    page = (await administrator.get(f"/desk/audit?thing=https://x.example/desk/submissions/{one.id}")).text
    assert done_on(page) == [taken, confirmed, sent]
    assert str(other.id) not in page
    assert f'href="/desk/submissions/{one.id}"' in page
    who = await person(database, "moderator@example.org")
    page = (await administrator.get(f"/desk/audit?actor={who}&kind=submission")).text
    assert done_on(page) == [taken]
    assert "moderator@example.org" not in page
    page = (await administrator.get(f"/desk/audit?actor={who}&action=user.signed_in")).text
    assert done_on(page) == [ACTIONS["user.signed_in"]]
    assert f'href="/desk/people#{who}"' in page
    for way, address in (("GET", ""), ("GET", "/file.csv"), ("POST", "/check")):
        assert (await moderator.request(way, f"/desk/audit{address}")).status_code == 403


async def test_a_period_is_of_days_where_the_installation_is(
    administrator: httpx2.AsyncClient, database: Database, database_urls: ClusterUrls
) -> None:
    # Half an hour before and after midnight in Warsaw, in the summer and in the winter.
    late = ("2025-06-30 21:30Z", "2025-06-30 22:30Z", "2025-12-31 22:30Z", "2025-12-31 23:30Z")
    async with session(database) as s:
        for number in range(1, 5):
            record(s, SYSTEM, "test.done", "test", f"o{number}")
    with psycopg.connect(database_urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
        for number, at in enumerate(late, start=1):
            owner.execute("UPDATE core.audit SET at = %s WHERE object_id = %s", (at, f"o{number}"))
    for days, expected in (
        ("since=2025-06-30&until=2025-06-30", ["o1"]),
        ("since=2025-07-01&until=2025-07-01", ["o2"]),
        ("since=2025-12-31&until=2025-12-31", ["o3"]),
        ("since=2025-07-01&until=2025-12-31", ["o3", "o2"]),
    ):
        page = (await administrator.get(f"/desk/audit?{days}")).text
        assert re.findall(r"thing=(o\d)", page) == expected, days


@pytest.mark.parametrize(
    "wrong", ["since=yesterday", "until=2025-02-30", "since=2025-06-30&until=2025-06-29"]
)
async def test_what_is_no_period_is_said_and_kept(administrator: httpx2.AsyncClient, wrong: str) -> None:
    answer = await administrator.get(f"/desk/audit?{wrong}&words=mark")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert 'value="mark"' in answer.text
    assert done_on(answer.text) == []
    assert (await administrator.get(f"/desk/audit/file.csv?{wrong}")).status_code == 303


async def test_what_is_found_is_a_file_in_which_nothing_runs(
    administrator: httpx2.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log, "PIECE", 3)
    formula = '=HYPERLINK("http://x.example")'
    async with session(database) as s:
        for number in range(7):
            record(s, SYSTEM, "test.done", "test", formula, number=number, name=formula)
    answer = await administrator.get("/desk/audit/file.csv?action=test.done")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "no-store" in answer.headers["cache-control"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 8
    cells = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    numbers = [json.loads(cell["Details"].replace("'=", "="))["number"] for cell in cells]
    assert numbers == [6, 5, 4, 3, 2, 1, 0]
    assert all(not cell.lstrip().startswith("=") for row in rows for cell in row)
    async with session(database) as s:
        kept = await s.execute(
            text("SELECT id, encode(hash, 'hex') FROM core.audit WHERE action = 'test.done'")
        )
        assert {(int(cell["Number"]), cell["Hash"]) for cell in cells} == {tuple(row) for row in kept}
    first = dt.datetime.fromisoformat(cells[0]["Moment"])
    assert first.utcoffset() == first.astimezone(ZoneInfo("Europe/Warsaw")).utcoffset()


async def test_the_page_says_whether_the_log_is_whole(
    administrator: httpx2.AsyncClient, mailbox: Mailbox, database_urls: ClusterUrls
) -> None:
    assert "has not been checked yet" in (await administrator.get("/desk/audit")).text
    # Asked for twice it is done once.
    for _ in range(2):
        answer = await administrator.post("/desk/audit/check")
        assert 'role="status"' in (await administrator.get(answer.headers["location"])).text
    await mailbox.collect()
    page = (await administrator.get("/desk/audit")).text
    whole = re.search(r"whole up to entry (\d+)", page)
    assert whole
    with psycopg.connect(database_urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("ALTER TABLE core.audit DISABLE TRIGGER USER")
        owner.execute("UPDATE core.audit SET action = 'x' WHERE id = %s", (int(whole[1]),))
        owner.execute("ALTER TABLE core.audit ENABLE TRIGGER USER")
    await administrator.post("/desk/audit/check")
    await mailbox.collect()
    page = (await administrator.get("/desk/audit")).text
    assert f"not as it was written, from entry {whole[1]} on" in page
    assert "whole up to entry" not in page


async def test_what_is_written_while_the_chain_is_looked_at_is_not_said_to_hold(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with session(database) as s:
        record(s, SYSTEM, "test.done", "test", "1")

    async def looked_at(looking: AsyncSession) -> audit.ChainBreak | None:
        broken = await verify_chain(looking)
        async with session(database) as writing:
            record(writing, SYSTEM, "test.done", "test", "2")
        return broken

    monkeypatch.setattr(audit, "verify_chain", looked_at)
    async with session(database) as s:
        assert await check_chain(s) is None
    async with session(database) as s:
        check = await last_check(s)
        assert check is not None
        assert (check.last_id, check.broken_id) == (1, None)


async def test_no_address_and_no_personal_data_stand_in_the_log(
    administrator: httpx2.AsyncClient, moderator: httpx2.AsyncClient, publish: Publish, waiting: Waiting
) -> None:
    address = {"street": "Ukryta", "house_number": "17", "city": "Kielce", "postcode": "25-001"}
    (one,) = await publish(aid_point("Schronienie", address=address))
    await waiting(name="Zgłoszone", address=address)
    page = await moderator.get(f"/desk/published/{one.feature_id}/protect")
    form = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page.text))
    answer = await moderator.post(
        f"/desk/published/{one.feature_id}/protect",
        data={**form, "reason": "Ukryta 17", "disclosure": "area"},
    )
    assert answer.status_code == 303, answer.text
    page = await administrator.get("/desk/audit")
    assert ACTIONS["feature.protect"] in done_on(page.text)
    file = await administrator.get("/desk/audit/file.csv")
    for whole in (page.text, file.content.decode()):
        # A clock and an id may write any digits.
        said = re.sub(r"\d\d:\d\d:\d\d(\.\d+)?|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", whole)
        for secret in ("Ukryta", "25-001", "20.6286", "50.8661", "olena@", "Schronienie", "Zgłoszone"):
            assert secret not in said, secret
