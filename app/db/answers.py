"""Statements whose one value is the answer, run on the driver itself.

SQLAlchemy keeps the connections; its statement objects and result rows, and the driver's cursors, would cost more than
all else that happens to such an answer between socket and socket, and nothing of them is needed for one value of bytes.
"""

import functools
import re
from collections.abc import Mapping
from typing import Any, cast

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import greenlet_spawn

from app.db.wire import first_value

#: As in SQLAlchemy's text(): a name after one colon; `::text` is none.
_PARAMETER = re.compile(r"(?<![:\w\\]):([a-z_]\w*)")


async def answer(engine: AsyncEngine, sql: str, values: Mapping[str, Any]) -> Any:
    """Run a statement with parameters `:name` and give the first value of its first row; None without a row.

    A connection that the server has closed meanwhile is replaced: what is only read can be asked again.
    Raises what the driver raises.
    """
    statement, names = positional(sql)
    given = [_typed(values[name]) for name in names]
    for _ in range(engine.pool.size()):  # type: ignore[attr-defined]  # a pool of connections has a size
        try:
            return await _ask(engine, statement, given)
        except _ConnectionLost:
            continue
    return await _ask(engine, statement, given)


class _ConnectionLost(psycopg.OperationalError):
    """The connection was closed by the other side."""


async def _ask(engine: AsyncEngine, statement: bytes, values: list[Any]) -> Any:
    borrowed = await greenlet_spawn(engine.sync_engine.raw_connection)
    connection = cast("psycopg.AsyncConnection[Any]", borrowed.driver_connection)
    try:
        return await first_value(connection, borrowed.info, statement, values)
    except psycopg.OperationalError as error:
        if connection.closed:
            raise _ConnectionLost(*error.args) from error
        raise
    finally:
        # In the middle of something it would be the next one's trouble.
        if connection.pgconn.transaction_status != TransactionStatus.IDLE:
            await greenlet_spawn(borrowed.invalidate)
        borrowed.close()


@functools.lru_cache(maxsize=1024)
def positional(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """Give a statement with `$1, $2 …` in the place of its `:name`s, and the names in that order."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}"

    return _PARAMETER.sub(number, sql).encode(), tuple(names)


def _typed(value: Any) -> Any:
    """One width for all whole numbers: the driver's choice by size would prepare a statement for each mixture."""
    return Int8(value) if type(value) is int else value
