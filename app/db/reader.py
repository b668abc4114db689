"""The public reader as pages use it: a connection is borrowed for one statement and given back with its answer."""

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import Executable, Result
from sqlalchemy.ext.asyncio import AsyncEngine


class Executor(Protocol):
    """Whatever runs statements: a connection, a session, or the public reader."""

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None, /
    ) -> Result[Any]:
        """Run a statement and give its rows."""
        ...

    async def scalar(self, statement: Executable, parameters: Mapping[str, Any] | None = None, /) -> Any:
        """Run a statement and give the first value of its first row; None without a row."""
        ...


class PublicReader:
    """Runs each statement of the public reader on a connection of the pool that it holds no longer than that.

    So whoever waits for a connection holds none, and a page that is being rendered keeps none from others. Readers are
    in autocommit: that statements share a connection would not make them see one state either.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Read by an engine; nothing is borrowed yet."""
        self._engine = engine

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None, /
    ) -> Result[Any]:
        """Run a statement and give its rows, all of which have been read."""
        async with self._engine.connect() as connection:
            result: Result[Any] = await connection.execute(statement, parameters)
            # Rows that are still on the cursor would go with the connection.
            return result.freeze()()

    async def scalar(self, statement: Executable, parameters: Mapping[str, Any] | None = None, /) -> Any:
        """Run a statement and give the first value of its first row; None without a row."""
        return (await self.execute(statement, parameters)).scalar()
