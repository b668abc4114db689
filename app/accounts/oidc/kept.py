"""A thing that is asked for once by all who wait for it, kept for a while, and left alone for a while after it failed."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from app.accounts.oidc.problems import ServiceAnswersWrongly
from app.errors import PomapaError

#: After a failure nobody asks for so long: who waits is told at once.
REST_S = 5.0

T = TypeVar("T")


class Kept(Generic[T]):
    """Keeps what `ask` gives."""

    def __init__(self, ask: Callable[[], Awaitable[T]]) -> None:
        self._ask = ask
        self._held: T | None = None
        self._held_since = 0.0
        self._failed: type[PomapaError] | None = None
        self._rest_until = 0.0
        self._asking: asyncio.Task[T] | None = None

    async def get(self, *, at_most_s: float) -> T:
        """Give it, no older than so many seconds; what `ask` raises when it cannot be had."""
        if self._held is not None and time.monotonic() - self._held_since < at_most_s:
            return self._held
        if self._failed is not None and time.monotonic() < self._rest_until:
            raise self._failed
        if self._asking is None:
            self._asking = asyncio.create_task(self._asked())
            self._asking.add_done_callback(self._done)
        # Who goes away does not take it from the others who wait.
        return await asyncio.shield(self._asking)

    async def _asked(self) -> T:
        try:
            self._held = await self._ask()
        except PomapaError:
            raise
        except Exception as error:
            # What nobody thought of is left alone for a while as well, and told without a page of ours that breaks.
            raise ServiceAnswersWrongly(type(error).__name__) from error
        self._held_since = time.monotonic()
        self._failed = None
        return self._held

    def _done(self, task: "asyncio.Task[T]") -> None:
        self._asking = None
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, PomapaError):
            self._failed, self._rest_until = type(error), time.monotonic() + REST_S
