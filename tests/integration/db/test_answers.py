"""The short way to an answer: on the same connections, with the same rights, whole after the server went away."""

import asyncio

import psycopg
import pytest
from sqlalchemy import text

from app.db import Database, session, wire
from app.localdb import ClusterUrls


async def test_it_is_the_reader_who_asks_outside_of_a_transaction(db: Database) -> None:
    assert await db.answer("SELECT current_user::text", {}) == "pomapa_reader"
    assert await db.answer("SELECT CAST(pg_current_xact_id_if_assigned() AS text)", {}) is None
    # Two statements of one transaction would have the same time.
    first = await db.answer("SELECT now()::text", {})
    assert await db.answer("SELECT now()::text", {}) != first
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await db.answer("SELECT count(*) FROM core.feature", {})


async def test_values_are_never_part_of_the_statement(db: Database) -> None:
    hostile = "'; DROP TABLE published.feature; --"
    assert await db.answer("SELECT :text::text", {"text": hostile}) == hostile
    assert await db.answer("SELECT 1 WHERE :n = 2", {"n": 1}) is None


async def test_numbers_of_any_size_are_one_prepared_statement(db: Database) -> None:
    for n in (1, 2**15, 2**31, 2**40, 1):
        assert await db.answer("SELECT :n + 0", {"n": n}) == n
    kept = await db.answer(
        "SELECT string_agg(parameter_types::text, ';') FROM pg_prepared_statements WHERE statement LIKE '%' || :w",
        {"w": "1 + 0"},
    )
    assert kept == "{bigint}"


async def test_a_connection_that_the_server_closed_is_replaced(
    db: Database, database_urls: ClusterUrls
) -> None:
    """After a restart of the server every idle connection is dead; no reader is to see one of them."""
    await asyncio.gather(*(db.answer("SELECT pg_sleep(0.1)", {}) for _ in range(3)))
    async with session(db) as s:
        mine = (await s.execute(text("SELECT current_database()"))).scalar_one()
    superuser_url = database_urls.superuser.replace("+psycopg", "", 1)
    async with await psycopg.AsyncConnection.connect(superuser_url, autocommit=True) as superuser:
        closed = await superuser.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'pomapa_reader' AND datname = %s",
            (mine,),
        )
        assert await closed.fetchone() == (3,)
    assert await db.answer("SELECT 1", {}) == 1


async def test_a_slow_statement_is_ended_and_the_connection_goes_on(db: Database) -> None:
    waiting = asyncio.ensure_future(db.answer("SELECT pg_sleep(30)::text", {}))
    await asyncio.sleep(0.2)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await db.answer("SELECT 1", {}) == 1


async def test_who_goes_away_ends_the_statement_and_leaves_the_connection_free(
    database_urls: ClusterUrls,
) -> None:
    """One connection: the next one gets the same, and long before the server would have ended the statement itself."""
    db = Database(database_urls.app, database_urls.reader, read_timeout_ms=60_000)
    try:
        mine = await db.answer("SELECT pg_backend_pid()", {})
        waiting = asyncio.ensure_future(db.answer("SELECT pg_sleep(30)::text, :mine", {"mine": 1}))
        seen = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s AND state = 'active' AND pid = %s"
        reader_url = database_urls.reader.replace("+psycopg", "", 1)
        async with await psycopg.AsyncConnection.connect(reader_url, autocommit=True) as watching:
            while await (await watching.execute(seen, ("SELECT pg_sleep(30)%", mine))).fetchone() != (1,):
                pass
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await db.answer("SELECT pg_backend_pid()", {}) == mine
    finally:
        await db.dispose()


async def test_an_error_of_the_server_is_the_drivers_and_the_connection_goes_on(db: Database) -> None:
    mine = await db.answer("SELECT pg_backend_pid()", {})
    with pytest.raises(psycopg.errors.DivisionByZero):
        await db.answer("SELECT 1 / :n", {"n": 0})
    with pytest.raises(psycopg.errors.SyntaxError):
        await db.answer("SELECT FROM WHERE", {})
    assert await db.answer("SELECT 2 / :n", {"n": 1}) == 2
    assert await db.answer("SELECT 1 / :n", {"n": 1}) == 1
    assert await db.answer("SELECT pg_backend_pid()", {}) == mine


async def test_a_value_and_an_answer_may_be_larger_than_the_socket_takes_at_once(db: Database) -> None:
    large = "ł" * 4_000_000
    assert (
        await db.answer("SELECT convert_to(:a || :b, 'UTF8')", {"a": large, "b": "!"}) == f"{large}!".encode()
    )


async def test_a_connection_keeps_so_many_prepared_statements_and_no_more(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST_PREPARED", 5)
    for n in [*range(12), 3, 11]:
        assert await db.answer(f"SELECT {n} + :x", {"x": 1}) == n + 1
    kept = "SELECT string_agg(substring(statement FROM '\\d+'), ' ' ORDER BY prepare_time) FROM pg_prepared_statements"
    assert await db.answer(kept, {}) == "9 10 11 3"
    # The question itself is the fifth.
    assert await db.answer("SELECT count(*)::integer FROM pg_prepared_statements", {}) == 5


async def test_what_is_planned_once_is_not_planned_for_each_value(db: Database) -> None:
    sql = "SELECT count(*)::integer FROM published.layer_version WHERE version > :n AND layer <> :layer"
    for n in range(8):
        await db.answer(sql, {"n": n, "layer": "x"}, planned_once=True)
    plans = "SELECT max(custom_plans)::integer FROM pg_prepared_statements WHERE statement LIKE '%version%'"
    assert await db.answer(plans, {}, planned_once=True) == 0
    assert await db.answer("SELECT current_user::text", {}, planned_once=True) == "pomapa_reader"
