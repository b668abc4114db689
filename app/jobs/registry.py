"""The tasks that a worker knows, by name, and what they are given to work with."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.config import Settings
from app.db import Database, session

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Work:
    """What a task works with. `tools` holds what the composition gives its workers, by class."""

    settings: Settings
    database: Database
    tools: Mapping[type, Any] = field(default_factory=dict)
    #: Done before each task, in a transaction of its own: what a process has to know by then.
    before: Callable[[AsyncSession], Awaitable[object]] | None = None

    async def prepare(self) -> None:
        """Do what has to be done before a task."""
        if self.before is not None:
            async with self.transaction() as opened:
                await self.before(opened)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Give one transaction of the writer, committed at the end."""
        async with session(self.database) as opened:
            yield opened

    def tool(self, kind: type[Kind]) -> Kind:
        """The tool of a class, such as the sender of mails; `KeyError` when the worker was given none."""
        found: Kind = self.tools[kind]
        return found


TaskFunction = Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a failed task is tried again, and how long it waits: `first_s`, then twice as long each time."""

    times: int
    first_s: int = 10
    longest_s: int = 6 * 3600

    def wait_s(self, attempts: int) -> int | None:
        """Seconds until the next try after so many tries, or None when it was the last."""
        if attempts >= self.times:
            return None
        return int(min(self.first_s * 2 ** min(attempts, 30), self.longest_s))


NEVER = Retry(times=0)


@dataclass(frozen=True, slots=True)
class Task:
    """A task: an async function of `Work` and keyword arguments. With `cron` it runs by itself."""

    name: str
    run: TaskFunction
    retry: Retry
    cron: str | None


_TASKS: dict[str, Task] = {}


def task(
    name: str, *, retry: Retry = NEVER, cron: str | None = None
) -> Callable[[TaskFunction], TaskFunction]:
    """Register a function as the task of that name; `ValueError` for a name that is taken.

    `cron` is five fields, with an optional sixth for seconds, in UTC; such a task takes no arguments.
    """

    def register(function: TaskFunction) -> TaskFunction:
        there = _TASKS.get(name)
        if there is not None and there.run.__module__ != function.__module__:
            msg = f"Two tasks are called {name}"
            raise ValueError(msg)
        _TASKS[name] = Task(name, function, retry, cron)
        return function

    return register


def tasks() -> Mapping[str, Task]:
    """All tasks whose modules are imported, by name."""
    return dict(_TASKS)
