"""The rule that no request waits for a connection while it holds one, watched where it is written and tested.

Whoever holds a connection and waits for another can wait for somebody who does the same: then nobody moves until the
pool's timeout. A pool has no way to see that, so we count what each request holds.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

from app.db.engines import Database


class SecondConnectionError(AssertionError):
    """A request asked for a connection while it held one."""


#: The connections that the request holds; None outside of requests.
_held: ContextVar["set[int] | None"] = ContextVar("held", default=None)
_KEY = "held_by_request"


@contextlib.contextmanager
def one_connection_at_a_time() -> Iterator[None]:
    """For the time of the block, and all tasks begun in it, `SecondConnectionError` is raised on a watched database."""
    token = _held.set(set())
    try:
        yield
    finally:
        _held.reset(token)


def watch(database: Database) -> None:
    """Count what is taken from and given back to the pools of all engines."""
    for engine in (database.write, database.read, database.planned_once, database.counting):
        event.listen(engine.sync_engine, "checkout", _taken)
        event.listen(engine.sync_engine, "checkin", _given_back)


def _taken(_connection: Any, entry: ConnectionPoolEntry, _proxy: Any) -> None:
    held = _held.get()
    if held is None:
        return
    if held:
        raise SecondConnectionError
    held.add(id(entry))
    entry.info[_KEY] = held


def _given_back(_connection: Any, entry: ConnectionPoolEntry) -> None:
    held = entry.info.pop(_KEY, None)
    if held is not None:
        held.discard(id(entry))
