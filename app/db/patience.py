"""How long one waits for a database that says nothing.

The server ends what takes it too long by itself (`statement_timeout`). One that is stopped, or behind a network that
loses everything, ends nothing: then whoever asked goes, after the time that the server has and a little more.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any, Final

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

#: What the way there and back may take beside the statement.
WAY_S: Final = 1.0
#: How long a connection that is lent anew may take to say that it is still there.
PING_S: Final = 1.0
UNANSWERED: Final = "the server has said nothing in its time"


class Unanswered(psycopg.OperationalError):
    """The server has said nothing in its time."""


class PatientConnection(psycopg.AsyncConnection[Any]):
    """A connection of the driver that waits for each statement as long as the server may take for it, and no longer."""

    statement_s: float
    _is_cut = False

    def patience_s(self, statements: int = 1) -> float:
        """How long to wait for the answers to statements that are sent together."""
        return self.statement_s * statements + WAY_S

    async def wait(self, gen: PQGen[RV], *args: Any, **kwargs: Any) -> RV:
        """As the driver does, but not for ever: the connection is cut, and lost, when the time is over."""
        ending = asyncio.get_running_loop().call_later(self.patience_s(), self._cut)
        try:
            return await super().wait(gen, *args, **kwargs)
        except psycopg.OperationalError as error:
            if self._is_cut:
                raise Unanswered(UNANSWERED) from error
            raise
        finally:
            ending.cancel()

    def _cut(self) -> None:
        self._is_cut = True
        # Whatever the driver waits for on this socket it sees the end of it. Its own way of calling a statement off asks
        # the same server, and waits for that again.
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self.pgconn.socket)) as same:
            same.shutdown(socket.SHUT_RDWR)


class PatientWriter(PatientConnection):
    """A connection that writes. Whoever it gives up on does not know whether a COMMIT came through.

    So whatever may be sent again says by itself that it was sent: by a key, by the number of a form, or by the version that
    it changes.
    """

    _longer_s: float | None = None

    def patience_s(self, statements: int = 1) -> float:
        """As of every connection. Outside of a transaction it is only asked whether it is still there."""
        if self.autocommit:
            return PING_S
        return max(super().patience_s(statements), (self._longer_s or 0) + WAY_S)

    async def wait(self, gen: PQGen[RV], *args: Any, **kwargs: Any) -> RV:
        """As of every connection; what was allowed to one transaction ends with it."""
        try:
            return await super().wait(gen, *args, **kwargs)
        finally:
            if self.pgconn.transaction_status != TransactionStatus.INTRANS:
                self._longer_s = None

    def may_take(self, longer_s: float) -> None:
        """Allow each statement of this transaction so long."""
        self._longer_s = longer_s


async def may_take(session: AsyncSession, longer_s: int) -> None:
    """Allow each further statement of the session's transaction so many seconds, by the server and by who waits for it."""
    await session.execute(text(f"SET LOCAL statement_timeout = '{longer_s}s'"))
    driver = (await (await session.connection()).get_raw_connection()).driver_connection
    if isinstance(driver, PatientWriter):
        driver.may_take(longer_s)


def connecting(
    statement_s: float, kind: type[PatientConnection] = PatientConnection
) -> Callable[..., Awaitable[PatientConnection]]:
    """What makes connections on which a statement may take so long."""

    async def connect(*args: Any, **kwargs: Any) -> PatientConnection:
        made = await kind.connect(*args, **kwargs)
        made.statement_s = statement_s
        return made

    return connect
