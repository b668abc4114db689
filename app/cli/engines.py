"""Runs a command's work on the application's engines, in an event loop of its own."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli.console import console, say
from app.cli.installation import database, prepare_database
from app.config import Settings
from app.db import Database, session

T = TypeVar("T")

#: A person waits for a command and would rather have it finish than be cut off like a request.
WRITE_TIMEOUT_MS = 600_000


def on_database(work: Callable[[Database, Settings], Awaitable[T]], data: Path | None) -> T:
    """Do the work on a database that is up and at this version; stop what was started for it afterwards."""
    with database(data) as settings:
        prepare_database(settings)
        return with_engines(work, settings)


def with_engines(work: Callable[[Database, Settings], Awaitable[T]], settings: Settings) -> T:
    """Do the work on the engines of a database that is up."""

    async def run() -> T:
        db = Database.of(settings.model_copy(update={"write_statement_timeout_ms": WRITE_TIMEOUT_MS}))
        try:
            # Whatever a command writes, it writes by the words that the pages know.
            from app.taxonomy.additions import newest_vocabulary

            async with session(db) as s:
                await newest_vocabulary(s)
            return await work(db, settings)
        finally:
            await db.dispose()

    return asyncio.run(run())


@contextlib.contextmanager
def counting(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """Give a function that shows how many are done, and of how many where that is known.

    Elsewhere than at a terminal there is only a line that says what goes on.
    """
    if not console.is_terminal:
        say(f"{what} …")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
