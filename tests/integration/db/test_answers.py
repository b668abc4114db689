"""The short way to an answer: on the same connections, with the same rights, whole after the server went away."""

import asyncio

import psycopg
import pytest
from sqlalchemy import text

from app.db import Database, session
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


async def test_what_is_planned_once_is_not_planned_for_each_value(db: Database) -> None:
    sql = "SELECT count(*)::integer FROM published.layer_version WHERE version > :n AND layer <> :layer"
    for n in range(8):
        await db.answer(sql, {"n": n, "layer": "x"}, planned_once=True)
    plans = "SELECT max(custom_plans)::integer FROM pg_prepared_statements WHERE statement LIKE '%version%'"
    assert await db.answer(plans, {}, planned_once=True) == 0
    assert await db.answer("SELECT current_user::text", {}, planned_once=True) == "pomapa_reader"
