"""People of staff under a lock: found, kept from being left without an administrator, with all their ways in ended."""

import uuid

from sqlalchemy import ColumnElement, ScalarSelect, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.accounts.models import Grant, SignInLink, User
from app.accounts.roles import Role
from app.accounts.sessions import revoke_all, revoke_elsewhere
from app.errors import Conflict, NotFound
from app.mail.addresses import normalised


class NoSuchUser(NotFound):
    """Nobody here has this e-mail address."""


class LastAdministrator(Conflict):
    """This is the last administrator. Make somebody else one first."""


async def one_at_a_time(session: AsyncSession) -> None:
    """Hold all changes of staff until the end of the transaction.

    They are few, and each looks at several people: two administrators who suspend each other at once must not both
    succeed, nor wait for each other for ever.
    """
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('pomapa staff'))"))


async def found_person(session: AsyncSession, email: str) -> User | None:
    """Give the person of an address with their grants, nobody else changing staff meanwhile; None for nobody."""
    await one_at_a_time(session)
    found = await session.execute(
        select(User)
        .where(User.email == normalised(email))
        .options(selectinload(User.grants))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def hold_person(session: AsyncSession, user_id: uuid.UUID) -> None:
    """Hold a person's row until the end of the transaction, before anything that belongs to them.

    Whoever resets or suspends them begins with it as well: so one waits for the other, and none for ever.
    """
    await _hold(session, User.id == user_id)


async def hold_address(session: AsyncSession, email: ScalarSelect[str]) -> None:
    """Hold the person of an address, which may itself be looked up; nobody where nobody has it."""
    await _hold(session, User.email == email)


async def person(session: AsyncSession, email: str) -> User:
    """Give the person of an address as `found_person` does; `NoSuchUser`."""
    user = await found_person(session, email)
    if user is None:
        raise NoSuchUser
    return user


async def end_ways_in(session: AsyncSession, user: User) -> None:
    """End every session of somebody, and every link that waits."""
    await revoke_all(session, user.id)
    await _end_links(session, user)


async def end_other_ways_in(session: AsyncSession, user: User, token: str) -> None:
    """End every session of somebody but the one of this token, and every link that waits."""
    await revoke_elsewhere(session, user.id, token)
    await _end_links(session, user)


async def _end_links(session: AsyncSession, user: User) -> None:
    await session.execute(
        delete(SignInLink).where(SignInLink.email == user.email, SignInLink.used_at.is_(None))
    )


async def leave_one_administrator(session: AsyncSession, user: User) -> None:
    """`LastAdministrator` when nobody but this user could give anybody anything; for a caller who takes that from them."""
    if user.suspended_at is not None or not any(held.role == Role.ADMINISTRATOR for held in user.held):
        return
    if await no_other_administrator(session, user.id):
        raise LastAdministrator


async def no_other_administrator(session: AsyncSession, user_id: uuid.UUID) -> bool:
    """Whether nobody but this person is an administrator: then nobody can be the second of two people."""
    others = await session.execute(
        select(Grant.id)
        .join(User, User.id == Grant.user_id)
        .where(
            Grant.role == Role.ADMINISTRATOR,
            Grant.confirmed_at.is_not(None),
            User.suspended_at.is_(None),
            User.id != user_id,
        )
        .limit(1)
    )
    return others.first() is None


async def _hold(session: AsyncSession, who: ColumnElement[bool]) -> None:
    await session.execute(select(User.id).where(who).with_for_update(key_share=True))
