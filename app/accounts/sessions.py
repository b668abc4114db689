"""Sessions of staff: kept on the server, found by the hash of their token, ended at once when need be."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload
from sqlalchemy.sql import func, text

from app.accounts.identity_models import Identity
from app.accounts.incarnation import hash_here
from app.accounts.models import Session, User
from app.accounts.passkey_challenges import void_challenges
from app.accounts.second_step import has_second_step
from app.accounts.tokens import new_token

IDLE = dt.timedelta(minutes=30)
ABSOLUTE = dt.timedelta(hours=12)
#: "Last seen" is written this often at most, so that a busy page does not write with every click.
SEEN_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a session belongs to, and how far they have come.

    `elsewhere`: they have passed a second step at the sign-in service of a municipality before, and it counts here.
    """

    user: User
    has_second_step: bool
    passed: bool
    elsewhere: bool = False

    @property
    def whole(self) -> bool:
        """Whether the session may be used: there is no second step, or it was passed."""
        return self.passed or not (self.has_second_step or self.elsewhere)


async def create_session(session: AsyncSession, user_id: uuid.UUID, *, passed: bool = False) -> str:
    """Sign a user in and give the token for the cookie. Always a new one: none is ever taken over.

    `passed`: the second step as well. Without, the session of whoever has one opens nothing but that step.
    """
    token = new_token()
    session.add(
        Session(
            token_hash=hash_here(token),
            user_id=user_id,
            expires_at=func.now() + ABSOLUTE,
            second_step_at=func.now() if passed else None,
        )
    )
    await session.flush()
    return token


async def signed_in(session: AsyncSession, token: str) -> SignedIn | None:
    """Whose session a token is at this moment, whether or not the second step was passed."""
    row = (
        await session.execute(
            select(
                User,
                Session.id,
                (Session.last_seen_at < func.now() - SEEN_EVERY).label("to_note"),
                has_second_step().label("has_second_step"),
                Session.second_step_at.is_not(None).label("passed"),
                exists().where(Identity.user_id == User.id, Identity.counts).label("elsewhere"),
            )
            .join(Session, Session.user_id == User.id)
            .options(selectinload(User.grants))
            .where(
                Session.token_hash == hash_here(token),
                Session.revoked_at.is_(None),
                Session.expires_at > func.now(),
                Session.last_seen_at > func.now() - IDLE,
                User.suspended_at.is_(None),
            )
        )
    ).one_or_none()
    if row is None:
        return None
    if row.to_note:
        await session.execute(update(Session).where(Session.id == row.id).values(last_seen_at=func.now()))
    return SignedIn(row.User, row.has_second_step, row.passed, row.elsewhere)


async def revoke(session: AsyncSession, token: str) -> None:
    """End the session of a token."""
    await session.execute(
        update(Session)
        .where(Session.token_hash == hash_here(token), Session.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )


async def revoke_all(session: AsyncSession, user_id: uuid.UUID) -> None:
    """End every session of a user, and what they were about to do in it with a passkey."""
    await void_challenges(session, user_id)
    await session.execute(
        update(Session)
        .where(Session.user_id == user_id, Session.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )


async def sessions_elsewhere(session: AsyncSession, user_id: uuid.UUID, token: str) -> Sequence[Session]:
    """Give the sessions of a user that can be used, but for the one of this token; the last seen first."""
    query = select(Session).where(
        Session.user_id == user_id,
        Session.token_hash != hash_here(token),
        Session.revoked_at.is_(None),
        Session.expires_at > func.now(),
        Session.last_seen_at > func.now() - IDLE,
    )
    return (await session.scalars(query.order_by(Session.last_seen_at.desc()))).all()


async def revoke_elsewhere(session: AsyncSession, user_id: uuid.UUID, token: str) -> None:
    """End every session of a user but the one of this token, and what was about to be done with a passkey."""
    await void_challenges(session, user_id)
    await session.execute(
        update(Session)
        .where(
            Session.user_id == user_id, Session.token_hash != hash_here(token), Session.revoked_at.is_(None)
        )
        .values(revoked_at=func.now())
    )


async def forget_sessions(session: AsyncSession) -> None:
    """Delete sessions that can never be used again."""
    await session.execute(
        delete(Session).where(
            (Session.expires_at < func.now()) | (Session.revoked_at < func.now() - text("interval '1 hour'"))
        )
    )
