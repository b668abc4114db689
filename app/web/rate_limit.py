"""How often one client may do something: GCRA, one statement a question, fixed memory a client.

Counters are kept under an HMAC of who it is. Half of its key is the installation's secret, the other is drawn anew every
day and stands in an unlogged table, which is in no base backup, on no replica and in no dump made as we say. When the day
is over it is deleted: from then on nobody can tell, the operator included. Every process on every machine counts
together.
"""

import hashlib
import hmac
import math
import secrets
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from app.errors import Overloaded, TooManyRequests
from app.log import log_failure
from app.web.told_to_wait import ToldToWait

#: So many may wait for a counter at once. The next is told at once that we are overloaded: in a flood a queue would only
#: be longer than anybody's patience, and hold what readers need.
MOST_ASKING = 256


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` at once, and again one every `period_s / times` seconds."""

    name: str
    times: int
    period_s: float
    #: For so many seconds a process believes what it was told of it, and asks nobody; `BELIEVED_S` of `told_to_wait` when None.
    believed_s: float | None = None

    @property
    def interval_s(self) -> float:
        """How long one use takes to be forgotten."""
        return self.period_s / self.times


class ClientKeys:
    """Turns a client into the key of its counter: an HMAC under the installation's secret and today's key.

    `told` remembers who was refused a moment ago, `asking` counts who waits for a counter in this process.
    """

    def __init__(self, secret: str) -> None:
        """Make the keys of an installation from its secret; without one they are this process's alone."""
        self._secret = secret.encode() or secrets.token_bytes(32)
        self.told = ToldToWait()
        self.asking = 0

    def refuse_told(self, limit: Limit, client: str) -> None:
        """`TooManyRequests` for a client that was told so a moment ago."""
        if (left_s := self.told.left_s(limit.name, client)) > 0:
            raise TooManyRequests(retry_after_s=max(1, math.ceil(left_s)))

    def key(self, limit: Limit, client: str, daily: bytes) -> bytes:
        """The key of a client's counter for one limit."""
        todays = hmac.digest(self._secret, b"rate limits" + daily, hashlib.sha256)
        return hmac.digest(todays, f"{limit.name}\x1f{client}".encode(), hashlib.sha256)[:16]


TODAY = text("SELECT key FROM core.rate_limit_key WHERE day = (now() AT TIME ZONE 'UTC')::date")
DRAW = text(
    """
    INSERT INTO core.rate_limit_key (day, key) VALUES ((now() AT TIME ZONE 'UTC')::date, :key)
    ON CONFLICT (day) DO NOTHING
    """
)
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
HELD = text(
    "SELECT extract(epoch FROM whole_at - clock_timestamp())::float8 FROM core.rate_limit WHERE key = :key"
)
FORGET = text("DELETE FROM core.rate_limit WHERE whole_at < clock_timestamp()")
FORGET_KEYS = text("DELETE FROM core.rate_limit_key WHERE day < (now() AT TIME ZONE 'UTC')::date")


async def daily_key(connection: AsyncConnection) -> bytes:
    """Give the database's key of today, drawn by whoever asks first, and delete those before it.

    It is read every time and never kept: after a crash the table is empty, and all processes go on with another.
    """
    key = (await connection.execute(TODAY)).scalar()
    if key is None:
        await connection.execute(FORGET_KEYS)
        await connection.execute(DRAW, {"key": secrets.token_bytes(32)})
        # Another process may have been first.
        key = (await connection.execute(TODAY)).scalar_one()
    return bytes(key)


async def take(engine: AsyncEngine, limit: Limit, keys: ClientKeys, client: str) -> None:
    """Count one use by a client; `TooManyRequests` when the allowance is used up, `Overloaded` when nobody can tell.

    It has its own transaction: a use counts also when what it was for fails. Whoever was refused a moment ago is refused
    again without a question.
    """
    keys.refuse_told(limit, client)
    if keys.asking >= MOST_ASKING:
        raise Overloaded
    keys.asking += 1
    try:
        wait_s = await _counted(engine, limit, keys, client)
    finally:
        keys.asking -= 1
    if wait_s is not None:
        keys.told.remember(limit.name, client, wait_s, limit.believed_s)
        raise TooManyRequests(retry_after_s=max(1, math.ceil(wait_s)))


async def _counted(engine: AsyncEngine, limit: Limit, keys: ClientKeys, client: str) -> float | None:
    """Count one use; the seconds to wait when it was one too many, else None."""
    try:
        async with engine.begin() as connection:
            key = keys.key(limit, client, await daily_key(connection))
            times = {"key": key, "interval_s": limit.interval_s, "period_s": limit.period_s}
            if (await connection.execute(TAKE, times)).first() is not None:
                return None
            wait_s = (await connection.execute(WAIT, times)).scalar()
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        # Without its counter a limit would let everything through; better to let nothing through for a while.
        log_failure("app.web", "rate limit could not be asked", error, kind=limit.name)
        raise Overloaded from error
    return float(wait_s or limit.interval_s)


async def used(engine: AsyncEngine, limit: Limit, keys: ClientKeys, client: str) -> float:
    """Give the share of its allowance that a client has used, 0 to 1, without counting; `Overloaded` as `take`."""
    try:
        async with engine.begin() as connection:
            key = keys.key(limit, client, await daily_key(connection))
            held_s = (await connection.execute(HELD, {"key": key})).scalar()
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log_failure("app.web", "rate limit could not be asked", error, kind=limit.name)
        raise Overloaded from error
    return min(1.0, max(0.0, (held_s or 0.0) / limit.period_s))


async def forget_old(session: AsyncSession) -> None:
    """Delete counters whose allowance is whole again, and the keys of days that are over (a periodic job)."""
    await session.execute(FORGET)
    await session.execute(FORGET_KEYS)
