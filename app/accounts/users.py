"""Who belongs to staff, and as what. Every change ends that person's sessions: the next click has the new rights."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import func

from app.accounts.audit import SYSTEM, Actor, record
from app.accounts.models import SignInLink, User
from app.accounts.roles import Role, may
from app.accounts.sessions import revoke_all
from app.errors import Conflict, Forbidden, NotFound
from app.mail.addresses import normalised


class NoSuchUser(NotFound):
    """Nobody here has this e-mail address."""


class LastAdministrator(Conflict):
    """This is the last administrator. Make somebody else one first."""


class NotAllowed(Forbidden):
    """This person is suspended, or their role does not allow this. `pomapa users grant` changes a role."""


async def staff_with(session: AsyncSession, email: str, permission: str) -> User:
    """Give the person of this address for something that needs a permission.

    `NoSuchUser`; `NotAllowed` for a person whose role has not got it, and for one who is suspended.
    """
    found = await session.execute(select(User).where(User.email == normalised(email)))
    user = found.scalar_one_or_none()
    if user is None:
        raise NoSuchUser
    if user.suspended_at is not None or not may(user, permission):
        raise NotAllowed
    return user


async def grant_role(
    session: AsyncSession, email: str, role: Role, *, by: Actor = SYSTEM, name: str = ""
) -> User:
    """Make the person of this address a member of staff with a role, or change the role they have.

    `LastAdministrator` when nobody would be left who can grant anything.
    """
    address = normalised(email)
    user = await _locked(session, address)
    if user is None:
        user = User(email=address, role=role, name=name)
        session.add(user)
        await session.flush()
    elif user.role != role:
        await _leave_one_administrator(session, user)
        user.role = role
        await _end_ways_in(session, user)
    if name:
        user.name = name
    record(session, by, "user.granted", "user", user.id, role=role)
    await session.flush()
    return user


async def suspend(session: AsyncSession, email: str, *, by: Actor = SYSTEM) -> User:
    """Take all rights from a person until further notice, at once."""
    user = await _locked(session, normalised(email))
    if user is None:
        raise NoSuchUser
    await _leave_one_administrator(session, user)
    user.suspended_at = func.now()
    await _end_ways_in(session, user)
    record(session, by, "user.suspended", "user", user.id)
    await session.flush()
    return user


async def reinstate(session: AsyncSession, email: str, *, by: Actor = SYSTEM) -> User:
    """Give a suspended person their rights back."""
    user = await _locked(session, normalised(email))
    if user is None:
        raise NoSuchUser
    user.suspended_at = None
    record(session, by, "user.reinstated", "user", user.id)
    await session.flush()
    return user


async def _locked(session: AsyncSession, address: str) -> User | None:
    found = await session.execute(select(User).where(User.email == address).with_for_update())
    return found.scalar_one_or_none()


async def _end_ways_in(session: AsyncSession, user: User) -> None:
    await revoke_all(session, user.id)
    await session.execute(
        delete(SignInLink).where(SignInLink.email == user.email, SignInLink.used_at.is_(None))
    )


async def _leave_one_administrator(session: AsyncSession, user: User) -> None:
    if user.role != Role.ADMINISTRATOR:
        return
    others = await session.execute(
        select(User.id)
        .where(User.role == Role.ADMINISTRATOR, User.suspended_at.is_(None), User.id != user.id)
        .with_for_update()
        .limit(1)
    )
    if others.first() is None:
        raise LastAdministrator
