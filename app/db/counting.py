"""The public reader for what an answer can do without: numbers of places, given up when they take too long."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Executable, Result
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.reader import PublicReader

Value = TypeVar("Value")
Other = TypeVar("Other")


class TookTooLong(Exception):  # noqa: N818 - what happened, and no fault
    """What was asked could not be answered in its time."""


class CountingReader(PublicReader):
    """Runs statements one by one as the public reader does, for so long after the first was asked.

    `TookTooLong` from then on, and where one statement takes as long by itself: the server ends it. Its connections are
    its own, so that what counts keeps nobody from reading a list.
    """

    def __init__(self, engine: AsyncEngine, together_s: float) -> None:
        """Read by an engine that ends its statements after that time; nothing is borrowed yet."""
        super().__init__(engine)
        self._together_s = together_s
        self._until: float | None = None
        #: Whether anything was not answered in its time.
        self.gave_up = False

    def begin_again(self) -> None:
        """Let the time begin anew with what is asked next."""
        self._until = None

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None, /
    ) -> Result[Any]:
        """Run a statement and give its rows, all of which have been read."""
        try:
            return await self._in_time(statement, parameters)
        except TookTooLong:
            self.gave_up = True
            raise

    async def _in_time(self, statement: Executable, parameters: Mapping[str, Any] | None) -> Result[Any]:
        now = asyncio.get_running_loop().time()
        if self._until is None:
            self._until = now + self._together_s
        if now >= self._until:
            raise TookTooLong
        try:
            return await super().execute(statement, parameters)
        except PoolTimeoutError as error:
            # Others count on all connections that there are for it.
            raise TookTooLong from error
        except OperationalError as error:
            if isinstance(error.orig, psycopg.errors.QueryCanceled):
                raise TookTooLong from error
            if not error.connection_invalidated:
                raise
            # The server has ended the connection while nobody used it, as when it was started anew; while it was away
            # nobody came as far as to count. Of the others the pool has made new ones.
            return await super().execute(statement, parameters)


async def in_time(asked: Awaitable[Value], otherwise: Other) -> Value | Other:
    """Give what is asked for, or something else where that takes too long."""
    try:
        return await asked
    except TookTooLong:
        return otherwise
