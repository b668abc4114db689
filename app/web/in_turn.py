"""How many forms are taken in at once: the others wait for a moment, or are told to come again.

Whoever sends can wait for two seconds, and is one of few; in a flood, all that is begun for those who send is taken from
those who read, by the process and by the database alike (SECURITY E2). Whoever brings a proof of work has seats of their
own and more time: a flood that has none does not stand before them (SECURITY E3).
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from fastapi import Request

from app.errors import Overloaded
from app.web.dependencies import settings_of
from app.web.proof_of_work import solved
from app.web.sent_often import fresh_challenge

#: So many are at work in a process. One takes some fifty milliseconds.
AT_ONCE = 2
#: So many wait, none of them longer than `PATIENCE_S`.
MOST_WAITING = 64
PATIENCE_S = 2.0
PROVED_PATIENCE_S = 10.0
#: Of proofs that have had a seat, so that none has two. Beyond that the counter of the proof itself says so.
MOST_REMEMBERED = 50_000


class ManyAtOnce(Overloaded):
    """Very many forms arrive at the moment. Wait a little, then send this one again."""

    # A line for each would be a flood of the log; their number stands in the access log.
    logged_at_its_cause = True


class Turns:
    """The seats of a process for those who send."""

    def __init__(
        self, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING, patience_s: float = PATIENCE_S
    ) -> None:
        """All of them are free."""
        self._seats = asyncio.Semaphore(at_once)
        self._most_waiting = most_waiting
        self._patience_s = patience_s
        self._waiting = 0

    @property
    def are_full(self) -> bool:
        """Whether as many wait for one as may."""
        return self._waiting >= self._most_waiting

    @contextlib.asynccontextmanager
    async def seat(self) -> AsyncIterator[None]:
        """Hold a seat for the time of the block; `ManyAtOnce` where none comes free in time, or too many wait already."""
        if self.are_full:
            raise ManyAtOnce
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience_s):
                await self._seats.acquire()
        except TimeoutError as error:
            raise ManyAtOnce from error
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._seats.release()


class TurnsOfProved(Turns):
    """The seats of those who bring a proof of work: one for each proof."""

    def __init__(self, patience_s: float = PROVED_PATIENCE_S) -> None:
        """All of them are free, and nobody has had one."""
        super().__init__(patience_s=patience_s)
        self._had: dict[str, None] = {}

    @contextlib.asynccontextmanager
    async def seat_for(self, challenge: str) -> AsyncIterator[None]:
        """Hold a seat for the time of the block; see `Turns.seat`. Whoever gets none may come again with the same proof."""
        self._had[challenge] = None
        if len(self._had) > MOST_REMEMBERED:
            del self._had[next(iter(self._had))]
        try:
            async with self.seat():
                yield
        except ManyAtOnce:
            self._had.pop(challenge, None)
            raise

    def has_had(self, challenge: str) -> bool:
        """Whether a proof has a seat, or has had one: sent as often as one likes, it is worth one."""
        return challenge in self._had


@contextlib.asynccontextmanager
async def in_turn(request: Request, proof: str = "") -> AsyncIterator[None]:
    """Take something in as one of few; whoever is refused at the price of a look into memory is not asked to wait.

    Whoever finds no room and has no proof gets a challenge for the page that says so (`challenge_of`).
    """
    proved: TurnsOfProved = request.app.state.turns_of_proved
    turns: Turns = request.app.state.turns
    secret = settings_of(request).secret_key.get_secret_value()
    challenge = solved(proof, secret, time.time()) if proof else None
    if challenge is None or proved.has_had(challenge):
        seat, is_proved = turns.seat(), False
    else:
        seat, is_proved = proved.seat_for(challenge), True
    async with contextlib.AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(seat)
        except ManyAtOnce:
            request.state.challenge = None if is_proved else fresh_challenge(request)
            raise
        yield
