"""Whether there are examples among what the public reads, for the banner on every page."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import Database

#: The banner comes and goes at most so long after the data.
EVERY_S: Final = 5.0


async def has_examples(connection: AsyncConnection) -> bool:
    """Whether an example is published. One step in an index that holds nothing but examples."""
    return bool(await connection.scalar(text("SELECT EXISTS (SELECT FROM published.feature WHERE example)")))


@contextlib.asynccontextmanager
async def watching_examples(
    database: Database, tell: Callable[[bool], None], *, every_s: float = EVERY_S
) -> AsyncIterator[None]:
    """Tell whether there are examples, at once and again and again for the time of the block.

    While the database does not answer, what was told last goes on being true.
    """
    watcher = asyncio.create_task(_watch(database, tell, every_s))
    try:
        yield
    finally:
        watcher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watcher


async def _watch(database: Database, tell: Callable[[bool], None], every_s: float) -> None:
    while True:
        # The pool's own timeout is one of SQLAlchemy's errors, too.
        with contextlib.suppress(SQLAlchemyError, OSError):
            async with database.reading() as reader:
                tell(await has_examples(reader))
        await asyncio.sleep(every_s)
