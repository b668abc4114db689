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

#: What the way there and back may take beside the statement.
WAY_S: Final = 1.0
UNANSWERED: Final = "the server has said nothing in its time"


class Unanswered(psycopg.OperationalError):
    """The server has said nothing in its time."""


class PatientConnection(psycopg.AsyncConnection[Any]):
    """A connection of the driver that waits for each statement as long as the server may take for it, and no longer.

    Only for what reads: of what was to be committed nobody would know whether it was.
    """

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


def connecting(statement_s: float) -> Callable[..., Awaitable[PatientConnection]]:
    """What makes connections on which a statement may take so long."""

    async def connect(*args: Any, **kwargs: Any) -> PatientConnection:
        made = await PatientConnection.connect(*args, **kwargs)
        made.statement_s = statement_s
        return made

    return connect
