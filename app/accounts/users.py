"""Who belongs to staff. What takes something from a person ends their sessions: the next click has the new rights."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload
from sqlalchemy.sql import func

from app.accounts.audit import SYSTEM, Actor, record
from app.accounts.granting import propose_anew
from app.accounts.identities import count_no_more
from app.accounts.models import Grant, Membership, Session, User
from app.accounts.people import (
    LastAdministrator,
    NoSuchUser,
    end_other_ways_in,
    end_ways_in,
    leave_one_administrator,
    person,
)
from app.accounts.roles import may
from app.accounts.second_step import forget_second_step, has_second_step
from app.errors import Forbidden
from app.mail.addresses import normalised


class NotAllowed(Forbidden):
    """This person is suspended, or their role does not allow this. `pomapa users grant` changes a role."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of staff; `seen_at` is the last use of a session that still lives."""

    user: User
    has_second_step: bool
    seen_at: dt.datetime | None


async def staff_with(session: AsyncSession, email: str, permission: str) -> User:
    """Give the person of this address for something that needs a permission.

    `NoSuchUser`; `NotAllowed` for a person whose roles have not got it, and for one who is suspended.
    """
    found = await session.execute(
        select(User).where(User.email == normalised(email)).options(selectinload(User.grants))
    )
    user = found.scalar_one_or_none()
    if user is None:
        raise NoSuchUser
    if user.suspended_at is not None or not may(user, permission):
        raise NotAllowed
    return user


async def suspend(session: AsyncSession, email: str, *, by: Actor = SYSTEM) -> User:
    """Take all rights from a person until further notice, at once."""
    user = await person(session, email)
    await leave_one_administrator(session, user)
    user.suspended_at = func.now()
    await end_ways_in(session, user)
    return await _told(session, by, "user.suspended", user)


async def reinstate(session: AsyncSession, email: str, *, by: Actor = SYSTEM) -> User:
    """Give a suspended person their rights back; by one of staff, each role that two people give is proposed anew.

    Else an administrator would make a moderator alone, of somebody whom another one had good reasons to stop.
    """
    user = await person(session, email)
    if user.suspended_at is not None and by.user_id is not None:
        propose_anew(user, by)
    user.suspended_at = None
    return await _told(session, by, "user.reinstated", user)


async def reset_second_step(session: AsyncSession, email: str, *, by: Actor = SYSTEM) -> User:
    """Take away the second step of somebody who has lost it, and end their sessions; they set up another one."""
    user = await person(session, email)
    await forget_second_step(session, user.id)
    await count_no_more(session, user.id)
    await end_ways_in(session, user)
    return await _told(session, by, "user.second_step_reset", user)


async def sign_out_everywhere(session: AsyncSession, email: str, *, by: Actor = SYSTEM) -> User:
    """End every session of a person and every link that waits; they keep their rights and sign in again."""
    user = await person(session, email)
    await end_ways_in(session, user)
    return await _told(session, by, "user.signed_out_everywhere", user)


async def sign_out_elsewhere(session: AsyncSession, user: User, token: str) -> None:
    """End every session of a person but the one of this token, and every link that waits, as they ask themselves."""
    await end_other_ways_in(session, user, token)
    await _told(session, Actor("staff", user.id), "user.signed_out_elsewhere", user)


async def staff(session: AsyncSession) -> Sequence[Member]:
    """Give everybody of staff with their grants, by address; the suspended come last.

    Of who has no role, those who belong to an organisation are left out: its admins look after them.
    """
    seen = (
        select(Session.user_id, func.max(Session.last_seen_at).label("at"))
        .where(Session.revoked_at.is_(None), Session.expires_at > func.now())
        .group_by(Session.user_id)
        .subquery()
    )
    rows = await session.execute(
        select(User, has_second_step(), seen.c.at)
        .outerjoin(seen, seen.c.user_id == User.id)
        .where(or_(exists().where(Grant.user_id == User.id), ~exists().where(Membership.user_id == User.id)))
        .options(selectinload(User.grants))
        .order_by(User.suspended_at.is_not(None), User.email)
        .execution_options(populate_existing=True)
    )
    return [Member(user, secured, seen_at) for user, secured, seen_at in rows]


async def _told(session: AsyncSession, by: Actor, action: str, user: User) -> User:
    record(session, by, action, "user", user.id)
    await session.flush()
    return user


__all__ = [
    "LastAdministrator",
    "Member",
    "NoSuchUser",
    "NotAllowed",
    "reinstate",
    "reset_second_step",
    "sign_out_elsewhere",
    "sign_out_everywhere",
    "staff",
    "staff_with",
    "suspend",
]
