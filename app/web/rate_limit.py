"""How often one client may do something: GCRA, one statement a question, fixed memory a client.

Counters are kept under an HMAC of who it is, whose key changes daily: from the database alone nobody can tell, and
every process on every machine counts together.
"""

import datetime as dt
import hashlib
import hmac
import math
import secrets
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.errors import Overloaded, TooManyRequests
from app.log import log_failure


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` at once, and again one every `period_s / times` seconds."""

    name: str
    times: int
    period_s: float

    @property
    def interval_s(self) -> float:
        """How long one use takes to be forgotten."""
        return self.period_s / self.times


class ClientKeys:
    """Turns a client into the key of its counter: an HMAC under today's key, which is never stored."""

    def __init__(self, secret: str) -> None:
        """Make the keys of an installation from its secret; without one they are this process's alone."""
        self._secret = secret.encode() or secrets.token_bytes(32)

    def key(self, limit: Limit, client: str, today: dt.date | None = None) -> bytes:
        """The key of a client's counter for one limit."""
        day = (today or dt.datetime.now(dt.UTC).date()).isoformat()
        daily = hmac.digest(self._secret, f"rate limits of {day}".encode(), hashlib.sha256)
        return hmac.digest(daily, f"{limit.name}\x1f{client}".encode(), hashlib.sha256)[:16]


TAKE = text(
    """
    INSERT INTO core.rate_limit AS held (key, whole_at)
    VALUES (:key, clock_timestamp() + make_interval(secs => :interval_s))
    ON CONFLICT (key) DO UPDATE
      SET whole_at = greatest(held.whole_at, clock_timestamp()) + make_interval(secs => :interval_s)
      WHERE greatest(held.whole_at, clock_timestamp()) + make_interval(secs => :interval_s)
            <= clock_timestamp() + make_interval(secs => :period_s)
    RETURNING 1
    """
)
WAIT = text(
    """
    SELECT extract(epoch FROM whole_at - clock_timestamp())::float8 + :interval_s - :period_s
    FROM core.rate_limit WHERE key = :key
    """
)
FORGET = text("DELETE FROM core.rate_limit WHERE whole_at < clock_timestamp()")


async def take(engine: AsyncEngine, limit: Limit, key: bytes) -> None:
    """Count one use; `TooManyRequests` when the allowance is used up, `Overloaded` when nobody can tell.

    It has its own transaction: a use counts also when what it was for fails.
    """
    times = {"key": key, "interval_s": limit.interval_s, "period_s": limit.period_s}
    try:
        async with engine.begin() as connection:
            if (await connection.execute(TAKE, times)).first() is not None:
                return
            wait_s = (await connection.execute(WAIT, times)).scalar()
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        # Without its counter a limit would let everything through; better to let nothing through for a while.
        log_failure("app.web", "rate limit could not be asked", error, kind=limit.name)
        raise Overloaded from error
    raise TooManyRequests(retry_after_s=max(1, math.ceil(wait_s or limit.interval_s)))


async def forget_old(session: AsyncSession) -> None:
    """Delete counters whose allowance is whole again (a periodic job)."""
    await session.execute(FORGET)
