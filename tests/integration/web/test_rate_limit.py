import asyncio
import datetime as dt
import re
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.db import Database, session
from app.errors import Overloaded, TooManyRequests
from app.localdb import ClusterUrls
from app.localdb.binaries import find_installation
from app.web import told_to_wait
from app.web.rate_limit import HELD, MOST_ASKING, TAKE, WAIT, ClientKeys, Limit, daily_key, forget_old, take
from app.web.rate_limit import used as used_share
from app.web.told_to_wait import ToldToWait

FIVE_AN_HOUR = Limit("submission", times=5, period_s=3600)
KEYS = ClientKeys("x" * 32)
ADDRESS = "203.0.113.5"
DAY, OTHER_DAY = b"d" * 32, b"e" * 32
HOWTO = Path(__file__).resolve().parents[3] / "docs" / "howto" / "run-in-production.md"


@pytest.fixture(autouse=True)
def nobody_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KEYS, "told", ToldToWait())


async def used(db: Database, client: str, limit: Limit = FIVE_AN_HOUR, keys: ClientKeys = KEYS) -> bool:
    try:
        await take(db.write, limit, keys, client)
    except TooManyRequests:
        return False
    return True


async def test_exactly_as_often_as_allowed(db: Database) -> None:
    assert [await used(db, ADDRESS) for _ in range(7)] == [True] * 5 + [False] * 2
    assert await used(db, "203.0.113.6")


async def test_exactly_as_often_as_allowed_at_the_same_moment(db: Database) -> None:
    assert sum(await asyncio.gather(*(used(db, ADDRESS) for _ in range(40)))) == 5


async def test_a_refusal_says_when_to_come_again(db: Database) -> None:
    for _ in range(5):
        await used(db, ADDRESS)
    with pytest.raises(TooManyRequests) as refused:
        await take(db.write, FIVE_AN_HOUR, KEYS, ADDRESS)
    assert refused.value.retry_after_s is not None
    assert 700 <= refused.value.retry_after_s <= 720


async def test_allowance_comes_back_with_time(db: Database) -> None:
    quick = Limit("quick", times=2, period_s=0.4)
    assert [await used(db, "a", quick) for _ in range(3)] == [True, True, False]
    await asyncio.sleep(0.25)
    assert [await used(db, "a", quick) for _ in range(2)] == [True, False]


async def test_what_nobody_can_count_is_not_let_through() -> None:
    engine = create_async_engine(
        "postgresql+psycopg://nobody@127.0.0.1:1/none", connect_args={"connect_timeout": 2}
    )
    with pytest.raises(Overloaded):
        await take(engine, FIVE_AN_HOUR, KEYS, ADDRESS)
    await engine.dispose()


async def test_e1_who_was_told_to_wait_is_told_again_without_a_question(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [await used(db, ADDRESS) for _ in range(6)] == [True] * 5 + [False]
    nowhere = create_async_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(TooManyRequests) as refused:
        await take(nowhere, FIVE_AN_HOUR, KEYS, ADDRESS)
    assert 700 <= (refused.value.retry_after_s or 0) <= 720
    with pytest.raises(Overloaded):
        await take(nowhere, FIVE_AN_HOUR, KEYS, "203.0.113.6")
    await nowhere.dispose()
    # An operator who empties the counters is heard once it is believed no more.
    async with session(db) as s:
        await s.execute(text("DELETE FROM core.rate_limit"))
    assert not await used(db, ADDRESS)
    monkeypatch.setattr(told_to_wait, "BELIEVED_S", 0.05)
    monkeypatch.setattr(KEYS, "told", ToldToWait())
    assert [await used(db, ADDRESS) for _ in range(6)] == [True] * 5 + [False]
    async with session(db) as s:
        await s.execute(text("DELETE FROM core.rate_limit"))
    await asyncio.sleep(0.06)
    assert await used(db, ADDRESS)


async def test_e2_no_more_wait_for_a_counter_than_there_is_patience_for(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [used(db, f"198.51.100.{number}") for number in range(MOST_ASKING + 10)]
    answers = await asyncio.gather(*many, return_exceptions=True)
    assert sum(answer is True for answer in answers) == MOST_ASKING
    assert sum(isinstance(answer, Overloaded) for answer in answers) == 10
    assert await used(db, ADDRESS)


def test_e5_what_is_remembered_has_a_bound_and_forgets_the_oldest() -> None:
    told = ToldToWait(most=3)
    for client in ("a", "b", "a", "c", "d"):
        told.remember("x", client, 100)
    assert [client for client in "abcd" if told.left_s("x", client)] == ["a", "c", "d"]
    assert told.left_s("y", "a") == 0
    told.remember("x", "a", 0)
    assert told.left_s("x", "a") == 0


async def test_a_client_leaves_no_address_and_one_row(db: Database) -> None:
    for _ in range(20):
        await used(db, ADDRESS)
    async with session(db) as s:
        rows = (await s.execute(text("SELECT key FROM core.rate_limit"))).scalars().all()
        daily = await daily_key(await s.connection())
    assert rows == [KEYS.key(FIVE_AN_HOUR, ADDRESS, daily)]


async def test_e5_a_question_costs_the_same_among_a_hundred_thousand_counters(db: Database) -> None:
    """No statement of the limiter looks at more than its own counter, and none at what was sent."""
    async with session(db) as s:
        await s.execute(
            text(
                "INSERT INTO core.rate_limit (key, whole_at)"
                " SELECT decode(md5(n::text), 'hex'), now() + interval '1 hour' FROM generate_series(1, 100000) n"
            )
        )
        await s.execute(text("ANALYZE core.rate_limit"))
        for statement in (TAKE, WAIT, HELD):
            bound = {"key": b"k" * 16, "interval_s": 720.0, "period_s": 3600.0}
            lines = (await s.execute(text(f"EXPLAIN {statement.text}"), bound)).scalars().all()
            plan = "\n".join(lines)
            assert "Seq Scan" not in plan
            assert "submission" not in plan
            assert "Index Scan" in plan or "Conflict Arbiter Indexes: pk_rate_limit" in plan


async def test_used_says_how_much_and_counts_nothing(db: Database) -> None:
    assert await used_share(db.write, FIVE_AN_HOUR, KEYS, ADDRESS) == 0
    for times in range(1, 6):
        await used(db, ADDRESS)
        for _ in range(2):
            share = await used_share(db.write, FIVE_AN_HOUR, KEYS, ADDRESS)
            assert share == pytest.approx(times / 5, abs=0.05)


async def test_old_counters_are_forgotten(db: Database) -> None:
    quick = Limit("quick", times=1, period_s=0.05)
    await used(db, "a", quick)
    await used(db, "a")
    await asyncio.sleep(0.1)
    async with session(db) as s:
        await forget_old(s)
        left = await s.execute(text("SELECT count(*) FROM core.rate_limit"))
        assert left.scalar_one() == 1


async def test_a_key_is_drawn_once_a_day_and_the_one_before_it_is_gone(db: Database) -> None:
    yesterday = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
    async with session(db) as s:
        await s.execute(
            text("INSERT INTO core.rate_limit_key (day, key) VALUES (:day, :key)"),
            {"day": yesterday, "key": b"y" * 32},
        )
    # Another process each time, with nothing of the one before it.
    same = ClientKeys("x" * 32)
    taken = await asyncio.gather(*(used(db, ADDRESS, keys=one) for one in (KEYS, same) * 4))
    assert sum(taken) == 5
    async with session(db) as s:
        keys = (await s.execute(text("SELECT key FROM core.rate_limit_key"))).scalars().all()
    assert len(keys) == 1
    assert len(keys[0]) == 32
    assert keys != [b"y" * 32]


async def test_keys_of_days_that_are_over_are_forgotten_where_nobody_asks(db: Database) -> None:
    async with session(db) as s:
        await s.execute(text("INSERT INTO core.rate_limit_key (day, key) VALUES ('2026-01-01', 'k')"))
        await forget_old(s)
        assert (await s.execute(text("SELECT count(*) FROM core.rate_limit_key"))).scalar_one() == 0


async def test_after_a_crash_all_go_on_with_another_key(db: Database) -> None:
    assert await used(db, ADDRESS)
    async with session(db) as s:
        first = await daily_key(await s.connection())
        # What a crash does to unlogged tables.
        await s.execute(text("DELETE FROM core.rate_limit_key"))
    assert await used(db, ADDRESS)
    async with session(db) as s:
        assert await daily_key(await s.connection()) != first


async def test_neither_counters_nor_their_key_are_in_a_dump_or_a_log_of_the_server(
    db: Database, database_urls: ClusterUrls, tmp_path: Path
) -> None:
    assert await used(db, ADDRESS)
    async with session(db) as s:
        daily = await daily_key(await s.connection())
        kinds = await s.execute(
            text(
                "SELECT DISTINCT relpersistence::text FROM pg_class"
                " WHERE oid IN ('core.rate_limit'::regclass, 'core.rate_limit_key'::regclass)"
            )
        )
        assert kinds.scalars().all() == ["u"]
    dump = find_installation().program("pg_dump")
    told = HOWTO.read_text()
    commands = re.findall(r"pg_dump (--[^\n`]*?) (?:--file|pomapa >)", told)
    assert len(commands) == 2
    for options in commands:
        # As in the how-to, but as text that can be searched.
        kept = [word for word in options.split() if not word.startswith(("--format", "--username"))]
        url = make_url(database_urls.owner).set(drivername="postgresql").render_as_string(hide_password=False)
        done = await asyncio.to_thread(
            subprocess.run, [dump, *kept, url], capture_output=True, text=True, check=True
        )
        assert "rate_limit_key" in done.stdout
        assert "pg_dump: " not in done.stderr
        assert daily.hex() not in done.stdout
        assert KEYS.key(FIVE_AN_HOUR, ADDRESS, daily).hex() not in done.stdout


def test_keys_depend_on_day_purpose_client_and_secret() -> None:
    other = Limit("sign_in", 5, 900)
    keys = {
        KEYS.key(FIVE_AN_HOUR, "a", DAY),
        KEYS.key(FIVE_AN_HOUR, "b", DAY),
        KEYS.key(FIVE_AN_HOUR, "a", OTHER_DAY),
        KEYS.key(other, "a", DAY),
        ClientKeys("y" * 32).key(FIVE_AN_HOUR, "a", DAY),
    }
    assert len(keys) == 5
    assert all(len(key) == 16 for key in keys)


def test_every_process_of_an_installation_counts_together() -> None:
    same = ClientKeys("x" * 32)
    assert same.key(FIVE_AN_HOUR, "a", DAY) == KEYS.key(FIVE_AN_HOUR, "a", DAY)


def test_without_a_secret_nobody_can_guess_the_keys() -> None:
    first, second = ClientKeys(""), ClientKeys("")
    assert first.key(FIVE_AN_HOUR, "a", DAY) != second.key(FIVE_AN_HOUR, "a", DAY)
