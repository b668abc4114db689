"""Statements whose one value is the answer, run on the driver itself.

SQLAlchemy keeps the connections; its statement objects and result rows, and the driver's cursors, would cost more than
all else that happens to such an answer between socket and socket, and nothing of them is needed for one value of bytes.
"""

import functools
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import psycopg
from psycopg.pq import PipelineStatus, TransactionStatus
from psycopg.types.numeric import Int8
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import greenlet_spawn

from app.db.patience import PatientConnection
from app.db.wire import first_value, first_values

#: As in SQLAlchemy's text(): a name after one colon; `::text` is none.
_PARAMETER = re.compile(r"(?<![:\w\\]):([a-z_]\w*)")


@dataclass(frozen=True, slots=True)
class Question:
    """A statement with parameters `:name`, and their values. Its answer is the first value of its first row."""

    sql: str
    values: Mapping[str, Any]


async def answer(engine: AsyncEngine, sql: str, values: Mapping[str, Any]) -> Any:
    """Run a statement with parameters `:name` and give the first value of its first row; None without a row.

    A connection that the server has closed meanwhile is replaced: what is only read can be asked again.
    Raises what the driver raises.
    """
    return (await answers(engine, [Question(sql, values)]))[0]


async def answers(engine: AsyncEngine, questions: Sequence[Question]) -> list[Any]:
    """Run several statements in one way to the server and back; each one's value as of `answer`."""
    asked = [_positioned(question) for question in questions]
    if not asked:
        return []
    for _ in range(engine.pool.size()):  # type: ignore[attr-defined]  # a pool of connections has a size
        try:
            return await _ask(engine, asked)
        except _ConnectionLost:
            continue
    return await _ask(engine, asked)


class _ConnectionLost(psycopg.OperationalError):
    """The connection was closed by the other side."""


async def _ask(engine: AsyncEngine, asked: Sequence[tuple[bytes, list[Any]]]) -> list[Any]:
    borrowed = await greenlet_spawn(engine.sync_engine.raw_connection)
    connection = cast("PatientConnection", borrowed.driver_connection)
    try:
        if len(asked) == 1:
            return [await first_value(connection, borrowed.info, *asked[0])]
        return await first_values(connection, borrowed.info, asked)
    except psycopg.OperationalError as error:
        if connection.closed:
            raise _ConnectionLost(*error.args) from error
        raise
    finally:
        # In the middle of something it would be the next one's trouble.
        pgconn = connection.pgconn
        if (
            pgconn.transaction_status != TransactionStatus.IDLE
            or pgconn.pipeline_status != PipelineStatus.OFF
        ):
            await greenlet_spawn(borrowed.invalidate)
        borrowed.close()


@functools.lru_cache(maxsize=1024)
def positional(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """Give a statement with `$1, $2 …` in the place of its `:name`s, and the names in that order."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}"

    return _PARAMETER.sub(number, sql).encode(), tuple(names)


def _positioned(question: Question) -> tuple[bytes, list[Any]]:
    statement, names = positional(question.sql)
    return statement, [_typed(question.values[name]) for name in names]


def _typed(value: Any) -> Any:
    """One width for all whole numbers: the driver's choice by size would prepare a statement for each mixture.

    Arrays are sent as the text of one, which the statement casts: the driver looks at each member several times.
    """
    if type(value) is int:
        return Int8(value)
    return _array(value) if type(value) is list else value


def _array(values: Sequence[Any]) -> Any:
    """Give the literal of an array of numbers, truth values and texts; an array of anything else as it is."""
    try:
        return f"{{{','.join([_MEMBERS[type(value)](value) for value in values])}}}"
    except KeyError:
        return values


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_MEMBERS: Final[Mapping[type, Callable[[Any], str]]] = {
    bool: lambda value: "t" if value else "f",
    float: repr,
    int: str,
    str: _quoted,
    uuid.UUID: str,
}
