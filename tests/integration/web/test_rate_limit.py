import asyncio
import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.db import Database, session
from app.errors import Overloaded, TooManyRequests
from app.web.rate_limit import ClientKeys, Limit, forget_old, take

FIVE_AN_HOUR = Limit("submission", times=5, period_s=3600)
KEYS = ClientKeys("x" * 32)
DAY = dt.date(2026, 11, 24)


async def used(db: Database, key: bytes, limit: Limit = FIVE_AN_HOUR) -> bool:
    try:
        await take(db.write, limit, key)
    except TooManyRequests:
        return False
    return True


async def test_exactly_as_often_as_allowed(db: Database) -> None:
    key = KEYS.key(FIVE_AN_HOUR, "203.0.113.5")
    assert [await used(db, key) for _ in range(7)] == [True] * 5 + [False] * 2
    assert await used(db, KEYS.key(FIVE_AN_HOUR, "203.0.113.6"))


async def test_exactly_as_often_as_allowed_at_the_same_moment(db: Database) -> None:
    key = KEYS.key(FIVE_AN_HOUR, "203.0.113.5")
    assert sum(await asyncio.gather(*(used(db, key) for _ in range(40)))) == 5


async def test_a_refusal_says_when_to_come_again(db: Database) -> None:
    key = KEYS.key(FIVE_AN_HOUR, "203.0.113.5")
    for _ in range(5):
        await used(db, key)
    with pytest.raises(TooManyRequests) as refused:
        await take(db.write, FIVE_AN_HOUR, key)
    assert refused.value.retry_after_s is not None
    assert 700 <= refused.value.retry_after_s <= 720


async def test_allowance_comes_back_with_time(db: Database) -> None:
    quick = Limit("quick", times=2, period_s=0.4)
    key = KEYS.key(quick, "a")
    assert [await used(db, key, quick) for _ in range(3)] == [True, True, False]
    await asyncio.sleep(0.25)
    assert [await used(db, key, quick) for _ in range(2)] == [True, False]


async def test_what_nobody_can_count_is_not_let_through() -> None:
    engine = create_async_engine(
        "postgresql+psycopg://nobody@127.0.0.1:1/none", connect_args={"connect_timeout": 2}
    )
    with pytest.raises(Overloaded):
        await take(engine, FIVE_AN_HOUR, b"key")
    await engine.dispose()


async def test_a_client_leaves_no_address_and_one_row(db: Database) -> None:
    key = KEYS.key(FIVE_AN_HOUR, "203.0.113.5")
    for _ in range(20):
        await used(db, key)
    async with session(db) as s:
        rows = (await s.execute(text("SELECT key FROM core.rate_limit"))).scalars().all()
        kind = await s.execute(
            text("SELECT relpersistence FROM pg_class WHERE oid = 'core.rate_limit'::regclass")
        )
        assert kind.scalar_one() in {"u", b"u"}
    assert rows == [key]


async def test_old_counters_are_forgotten(db: Database) -> None:
    quick = Limit("quick", times=1, period_s=0.05)
    await used(db, KEYS.key(quick, "a"), quick)
    await used(db, KEYS.key(FIVE_AN_HOUR, "a"))
    await asyncio.sleep(0.1)
    async with session(db) as s:
        await forget_old(s)
        left = await s.execute(text("SELECT count(*) FROM core.rate_limit"))
        assert left.scalar_one() == 1


def test_keys_depend_on_day_purpose_client_and_secret() -> None:
    other = Limit("sign_in", 5, 900)
    keys = {
        KEYS.key(FIVE_AN_HOUR, "a", DAY),
        KEYS.key(FIVE_AN_HOUR, "b", DAY),
        KEYS.key(FIVE_AN_HOUR, "a", DAY + dt.timedelta(days=1)),
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
