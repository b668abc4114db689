"""How many forms are taken in at once: the others wait for a moment, or are told to come again.

Whoever sends can wait for two seconds, and is one of few; in a flood, all that is begun for those who send is taken from
those who read, by the process and by the database alike (SECURITY E2).
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import Request

from app.errors import Overloaded

#: So many are at work in a process. One takes some fifty milliseconds.
AT_ONCE = 2
#: So many wait, none of them longer than `PATIENCE_S`.
MOST_WAITING = 64
PATIENCE_S = 2.0


class ManyAtOnce(Overloaded):
    """Very many forms arrive at the moment. Wait a little, then send this one again."""

    # A line for each would be a flood of the log; their number stands in the access log.
    logged_at_its_cause = True


class Turns:
    """The seats of a process for those who send."""

    def __init__(self, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        """All of them are free."""
        self._seats = asyncio.Semaphore(at_once)
        self._most_waiting = most_waiting
        self._waiting = 0

    @property
    def are_full(self) -> bool:
        """Whether as many wait for one as may."""
        return self._waiting >= self._most_waiting

    @contextlib.asynccontextmanager
    async def seat(self, patience_s: float = PATIENCE_S) -> AsyncIterator[None]:
        """Hold a seat for the time of the block; `ManyAtOnce` where none comes free in time, or too many wait already."""
        if self.are_full:
            raise ManyAtOnce
        self._waiting += 1
        try:
            async with asyncio.timeout(patience_s):
                await self._seats.acquire()
        except TimeoutError as error:
            raise ManyAtOnce from error
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._seats.release()


@contextlib.asynccontextmanager
async def in_turn(request: Request) -> AsyncIterator[None]:
    """Take something in as one of few; whoever is refused at the price of a look into memory is not asked to wait."""
    turns: Turns = request.app.state.turns
    async with turns.seat():
        yield
