"""A question of the public as one SQL statement, and how it is asked."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.db import Database, Executor


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL of the reader with its parameters, `:name` in the text; its one value is the answer.

    `planned_once` says that one plan is right for all values.
    """

    sql: str
    values: dict[str, Any]
    planned_once: bool = False

    async def answer(self, database: Database) -> bytes:
        """Run it by itself."""
        return bytes(await self._ask(database))

    async def answer_if_any(self, database: Database) -> bytes | None:
        """Run it by itself; None when there is no row."""
        found: bytes | None = await self._ask(database)
        return found

    async def _ask(self, database: Database) -> Any:
        return await database.answer(self.sql, self.values, planned_once=self.planned_once)

    async def bytes(self, connection: Executor) -> bytes:
        """Run it beside others on one connection."""
        return bytes(await self.value(connection))

    async def value(self, connection: Executor) -> Any:
        """Run it beside others on one connection, whatever kind its value is of."""
        row = await connection.execute(text(self.sql), self.values)
        return row.scalar_one()
