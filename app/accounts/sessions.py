"""Sessions of staff: kept on the server, found by the hash of their token, ended at once when need be."""

import datetime as dt
import uuid

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import func, text

from app.accounts.models import Session, User
from app.accounts.tokens import new_token, token_hash

IDLE = dt.timedelta(minutes=30)
ABSOLUTE = dt.timedelta(hours=12)
#: "Last seen" is written this often at most, so that a busy page does not write with every click.
SEEN_EVERY = dt.timedelta(minutes=1)


async def create_session(session: AsyncSession, user: User) -> str:
    """Sign a user in and give the token for the cookie. Always a new one: none is ever taken over."""
    token = new_token()
    session.add(Session(token_hash=token_hash(token), user_id=user.id, expires_at=func.now() + ABSOLUTE))
    await session.flush()
    return token


async def session_user(session: AsyncSession, token: str) -> User | None:
    """The user whom a token signs in at this moment, with the role of this moment; None for everybody else."""
    row = (
        await session.execute(
            select(User, Session.id, (Session.last_seen_at < func.now() - SEEN_EVERY).label("to_note"))
            .join(Session, Session.user_id == User.id)
            .where(
                Session.token_hash == token_hash(token),
                Session.revoked_at.is_(None),
                Session.expires_at > func.now(),
                Session.last_seen_at > func.now() - IDLE,
                User.suspended_at.is_(None),
            )
        )
    ).one_or_none()
    if row is None:
        return None
    user, session_id, to_note = row
    if to_note:
        await session.execute(update(Session).where(Session.id == session_id).values(last_seen_at=func.now()))
    found: User = user
    return found


async def revoke(session: AsyncSession, token: str) -> None:
    """End the session of a token."""
    await session.execute(
        update(Session)
        .where(Session.token_hash == token_hash(token), Session.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )


async def revoke_all(session: AsyncSession, user_id: uuid.UUID) -> None:
    """End every session of a user."""
    await session.execute(
        update(Session)
        .where(Session.user_id == user_id, Session.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )


async def forget_sessions(session: AsyncSession) -> None:
    """Delete sessions that can never be used again."""
    await session.execute(
        delete(Session).where(
            (Session.expires_at < func.now()) | (Session.revoked_at < func.now() - text("interval '1 hour'"))
        )
    )
