"""Who looks at a submission just now: taken for ten minutes, renewed while its page is open, and given back.

A lease keeps nobody from deciding: who has gone home without giving it back must not hold up the queue. The others see
whose it is, and that they decide on something that a colleague looks at; a decision counts by the version that was read.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record

LASTS = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Held:
    """By whom, as colleagues call them, and until when."""

    user_id: uuid.UUID
    holder: str
    until: dt.datetime


async def claim(session: AsyncSession, submission_id: uuid.UUID, actor: Actor) -> Held | None:
    """Take a submission that waits, or keep it for longer, and give who has it then: another one, who was first.

    None for what does not wait.
    """
    given = {"id": submission_id, "me": actor.user_id, "lasts": LASTS, "moment": dt.datetime.now(dt.UTC)}
    taken = await session.execute(_TAKE, given)
    if taken.scalar_one_or_none():
        record(session, actor, "submission.claimed", "submission", submission_id)
    return await held(session, submission_id)


async def release(session: AsyncSession, submission_id: uuid.UUID, actor: Actor) -> bool:
    """Give a submission back; False when it was not theirs."""
    given = await session.execute(_GIVE_BACK, {"id": submission_id, "me": actor.user_id})
    if given.scalar_one_or_none() is None:
        return False
    record(session, actor, "submission.released", "submission", submission_id)
    return True


async def held(session: AsyncSession, submission_id: uuid.UUID) -> Held | None:
    """Who has a submission just now."""
    row = (await session.execute(_HELD, {"id": submission_id})).first()
    return Held(row.user_id, row.holder, row.ends_at) if row else None


# One statement: of two who press at once one is first. It tells whether it is taken anew, not only kept for longer; that
# is seen in the row itself, which is as the one before has left it, and not as it was when the statement began.
_TAKE = text(
    """
    INSERT INTO core.lease AS l (submission_id, user_id, taken_at, ends_at)
    SELECT id, :me, CAST(:moment AS timestamptz), now() + :lasts FROM core.submission WHERE id = :id AND state = 'pending'
    ON CONFLICT (submission_id) DO UPDATE SET
      taken_at = CASE WHEN l.user_id = excluded.user_id AND l.ends_at > now()
                 THEN l.taken_at ELSE excluded.taken_at END,
      user_id = excluded.user_id, ends_at = greatest(l.ends_at, excluded.ends_at)
      WHERE l.user_id = excluded.user_id OR l.ends_at <= now()
    RETURNING taken_at = :moment
    """
)
_GIVE_BACK = text(
    "DELETE FROM core.lease WHERE submission_id = :id AND user_id = :me AND ends_at > now() RETURNING true"
)
_HELD = text(
    """
    SELECT l.user_id, l.ends_at, coalesce(nullif(u.name, ''), split_part(u.email, '@', 1)) AS holder
    FROM core.lease l JOIN core.user u ON u.id = l.user_id
    WHERE l.submission_id = :id AND l.ends_at > now()
    """
)
