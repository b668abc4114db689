"""The short way to an answer: on the same connections, with the same rights, whole after the server went away."""

import asyncio
import datetime as dt
import random
import uuid

import psycopg
import pytest
from sqlalchemy import text

from app.db import Database, Question, session, wire
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


async def test_arrays_arrive_as_they_were_given(db: Database) -> None:
    """Also texts that look like a part of an array, or like nothing."""
    texts = [
        "",
        "NULL",
        "null",
        '"',
        "\\",
        '\\"',
        "{}",
        "a,b",
        " a ",
        "\n",
        "'",
        "їжа",
        "\u2028",
        "{{",
        '","',
    ]
    assert await db.answer("SELECT CAST(:texts AS text[])", {"texts": texts}) == texts
    assert await db.answer("SELECT CAST(:texts AS text[])", {"texts": []}) == []
    numbers = [0, -1, 2**31, 2**62]
    assert await db.answer("SELECT CAST(:numbers AS bigint[])", {"numbers": numbers}) == numbers
    places = [0.1, -1e-9, 1e300, float("inf")]
    assert await db.answer("SELECT CAST(:places AS float8[])", {"places": places}) == places
    assert await db.answer("SELECT CAST(:truths AS boolean[])", {"truths": [True, False]}) == [True, False]
    ids = [uuid.uuid4(), uuid.uuid4()]
    assert await db.answer("SELECT CAST(:ids AS uuid[])", {"ids": ids}) == ids
    days = [dt.date(2026, 11, 22)]
    assert await db.answer("SELECT CAST(:days AS date[])", {"days": days}) == days
    with pytest.raises(psycopg.DataError):
        await db.answer("SELECT CAST(:texts AS text[])", {"texts": ["a\x00b"]})


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


async def test_nobody_gets_the_answer_of_one_who_went_away(db: Database) -> None:
    """Some go at any moment, some of them while their statement is already being ended; the others never notice."""
    chance = random.Random(7)

    async def ask(n: int) -> str:
        sql = "SELECT convert_to(CAST(:n AS text) || repeat('.', CAST(:long AS integer)), 'UTF8') FROM pg_sleep(:wait)"
        long, wait = chance.choice([1, 200_000]), chance.choice([0, 0.001, 0.02])
        try:
            answer = await db.answer(sql, {"n": n, "long": long, "wait": wait})
        except asyncio.CancelledError:
            return "gone"
        return "right" if answer == f"{n}{'.' * long}".encode() else "another's"

    await asyncio.gather(*(db.answer("SELECT pg_sleep(0.1)", {}) for _ in range(8)))
    asked = [asyncio.ensure_future(ask(n)) for n in range(100)]
    for leaving in range(2, 100, 4):
        await asyncio.wait(asked[: leaving - 1])
        for times in range(1 + (leaving % 8 == 2)):
            for _ in range(chance.randrange(20 * (1 + times))):
                await asyncio.sleep(0)
            asked[leaving].cancel()
    ended = await asyncio.gather(*asked)
    assert set(ended) == {"right", "gone"}
    assert ended.count("right") >= 75
    assert db.read.pool.checkedout() == 0  # type: ignore[attr-defined]  # a pool of connections counts them
    assert [await db.answer("SELECT :n + 0", {"n": n}) for n in range(20)] == list(range(20))


async def test_whoever_goes_away_again_and_again_leaves_no_half_a_connection(
    database_urls: ClusterUrls,
) -> None:
    """The ending of their statement is called off as well, at each of its steps; there is one connection."""
    db = Database(database_urls.app, database_urls.reader, pool_size=1, read_timeout_ms=60_000)
    try:
        assert await db.answer("SELECT pg_backend_pid()", {}, planned_once=True)
        for steps in range(1, 12):
            waiting = asyncio.ensure_future(db.answer("SELECT pg_sleep(30)::text", {}, planned_once=True))
            for _ in range(steps):
                await asyncio.sleep(0)
            while not waiting.done():
                waiting.cancel()
                await asyncio.sleep(0)
            assert waiting.cancelled()
            del waiting
            asked = db.answer("SELECT pg_backend_pid()", {}, planned_once=True)
            assert await asyncio.wait_for(asked, timeout=10)
    finally:
        await db.dispose()


async def test_what_takes_too_long_is_ended_by_the_server_and_the_connection_goes_on(
    database_urls: ClusterUrls,
) -> None:
    # A slow machine does not take as long as that over a statement that does nothing.
    db = Database(database_urls.app, database_urls.reader, read_timeout_ms=500)
    try:
        mine = await db.answer("SELECT pg_backend_pid()", {})
        for _ in range(2):
            with pytest.raises(psycopg.errors.QueryCanceled):
                await db.answer("SELECT pg_sleep(30)::text", {})
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


async def test_several_statements_are_asked_together_and_answered_in_their_order(db: Database) -> None:
    many = [Question("SELECT CAST(:n AS text) || repeat('.', 9000)", {"n": str(n)}) for n in range(30)]
    assert await db.answers(*many) == [f"{n}{'.' * 9000}" for n in range(30)]
    none, number, words = await db.answers(
        Question("SELECT 1 WHERE :n = 2", {"n": 1}),
        Question("SELECT :n + 0", {"n": 5}),
        Question("SELECT convert_to(:w, 'UTF8')", {"w": "ł"}),
    )
    assert (none, number, words) == (None, 5, "ł".encode())
    assert await db.answers() == []


async def test_one_that_fails_among_several_is_told_and_the_connection_goes_on(
    database_urls: ClusterUrls,
) -> None:
    db = Database(database_urls.app, database_urls.reader, pool_size=1)
    try:
        mine = await db.answer("SELECT pg_backend_pid()", {}, planned_once=True)
        one, none = Question("SELECT :n + 0", {"n": 1}), Question("SELECT 1 / :n", {"n": 0})
        for asked in ((none, one), (one, none), (one, none, one)):
            with pytest.raises(psycopg.errors.DivisionByZero):
                await db.answers(*asked)
            assert await db.answers(one, one) == [1, 1]
        with pytest.raises(psycopg.errors.SyntaxError):
            await db.answers(one, Question("SELECT FROM WHERE", {}))
        assert await db.answer("SELECT pg_backend_pid()", {}, planned_once=True) == mine
    finally:
        await db.dispose()


async def test_whoever_goes_away_from_several_leaves_the_connection_free(database_urls: ClusterUrls) -> None:
    """At each step, before and after the first of the answers has come; there is one connection."""
    db = Database(database_urls.app, database_urls.reader, pool_size=1, read_timeout_ms=60_000)
    try:
        quick, slow = Question("SELECT :n + 0", {"n": 1}), Question("SELECT pg_sleep(30)::text, :n", {"n": 1})
        mine = await db.answer("SELECT pg_backend_pid()", {}, planned_once=True)
        seen = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s AND state = 'active' AND pid = %s"
        reader_url = database_urls.reader.replace("+psycopg", "", 1)
        async with await psycopg.AsyncConnection.connect(reader_url, autocommit=True) as watching:
            for order in ((quick, slow, quick), (slow, quick), (quick, quick, slow)):
                waiting = asyncio.ensure_future(db.answers(*order))
                while await (await watching.execute(seen, ("SELECT pg_sleep(30)%", mine))).fetchone() != (1,):
                    pass
                waiting.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await waiting
                assert await db.answers(quick, quick) == [1, 1]
        assert await db.answer("SELECT pg_backend_pid()", {}, planned_once=True) == mine
        for steps in range(1, 12):
            waiting = asyncio.ensure_future(db.answers(quick, slow))
            for _ in range(steps):
                await asyncio.sleep(0)
            while not waiting.done():
                waiting.cancel()
                await asyncio.sleep(0)
            assert waiting.cancelled()
            del waiting
            assert await asyncio.wait_for(db.answers(quick, quick), timeout=10) == [1, 1]
    finally:
        await db.dispose()


@pytest.mark.parametrize("many", [1, 2])
async def test_whoever_goes_away_when_the_answer_has_come_keeps_nobody_waiting(
    database_urls: ClusterUrls, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """Between the last byte and the turn of its asker: there is nothing to be cancelled, and nothing more will come."""
    db = Database(database_urls.app, database_urls.reader, pool_size=1)
    try:
        asked = [Question("SELECT :n + 0", {"n": 1})] * many
        await db.answers(*asked)
        mine = await db.answer("SELECT pg_backend_pid()", {}, planned_once=True)
        waiting = asyncio.ensure_future(db.answers(*asked))
        end = wire._Coming._end

        def end_and_go(coming: wire._Coming, error: Exception | None) -> None:
            end(coming, error)
            waiting.cancel()

        monkeypatch.setattr(wire._Coming, "_end", end_and_go)
        # Far shorter than the patience with a statement that does not notice.
        _, unfinished = await asyncio.wait([waiting], timeout=wire.CANCEL_PATIENCE_S / 2)
        assert not unfinished
        assert waiting.cancelled()
        monkeypatch.undo()
        assert await db.answers(*asked) == [1] * many
        assert await db.answer("SELECT pg_backend_pid()", {}, planned_once=True) == mine
    finally:
        await db.dispose()
