"""Roles given and taken. With a moderator's or an administrator's role somebody decides what the public reads: two people give it.

One administrator proposes, another one confirms; until then it gives no right. Whoever runs the commands of the
installation has given it alone: the first administrators come that way.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.accounts.audit import SYSTEM, Actor, record
from app.accounts.models import Grant, User
from app.accounts.people import end_ways_in, found_person, leave_one_administrator, one_at_a_time
from app.accounts.roles import BY_TWO, Role, may
from app.errors import Conflict, NotFound
from app.mail.addresses import normalised


class NoSuchGrant(NotFound):
    """This role was taken away already, or there never was one. Look at the list again."""


class SecondPersonNeeded(Conflict):
    """Another administrator has to confirm this: neither who proposed it nor who it is for."""


class HasItAlready(Conflict):
    """This person has this role for these places already, or it waits to be confirmed."""


class AdministratorsHaveNoLimits(Conflict):
    """An administrator is one everywhere. Leave places and kinds of entries out, or choose another role."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A role, and for what: codes of units with all below them, keys of layers; None: all."""

    role: Role
    areas: tuple[str, ...] | None = None
    layers: tuple[str, ...] | None = None

    @classmethod
    def of(cls, role: Role, areas: Collection[str] = (), layers: Collection[str] = ()) -> "Wanted":
        """Give it in one order; nothing chosen means all. `AdministratorsHaveNoLimits`."""
        if role == Role.ADMINISTRATOR and (areas or layers):
            raise AdministratorsHaveNoLimits
        return cls(role, tuple(sorted(set(areas))) or None, tuple(sorted(set(layers))) or None)

    def is_in(self, grant: Grant) -> bool:
        """Whether a grant is just this."""
        return grant.role == self.role and (_tuple(grant.areas), _tuple(grant.layers)) == (
            self.areas,
            self.layers,
        )

    @property
    def told(self) -> dict[str, object]:
        """As the audit log tells it."""
        return {"role": self.role.value, "areas": self.areas, "layers": self.layers}


async def grant_role(
    session: AsyncSession,
    email: str,
    role: Role,
    *,
    by: Actor = SYSTEM,
    name: str = "",
    areas: Collection[str] = (),
    layers: Collection[str] = (),
) -> User:
    """Make the person of this address a member of staff with this role and no other, by command.

    `LastAdministrator` when nobody would be left who can grant anything.
    """
    wanted = Wanted.of(role, areas, layers)
    user = await found_person(session, email)
    if user is None:
        user = await _new_person(session, email, name)
    elif len(user.grants) != 1 or not wanted.is_in(user.grants[0]) or not user.held:
        if role != Role.ADMINISTRATOR:
            await leave_one_administrator(session, user)
        for grant in user.grants:
            await session.delete(grant)
        await end_ways_in(session, user)
        await session.flush()
    else:
        user.name = name or user.name
        await session.flush()
        return user
    user.name = name or user.name
    await _give(session, user, wanted, by, confirmed=True)
    return user


async def propose(session: AsyncSession, user: User, wanted: Wanted, *, by: Actor) -> Grant:
    """Give somebody one role more: at once, or, of the roles that two people give, once another one confirms it."""
    await one_at_a_time(session)
    await session.refresh(user, ["grants"])
    if any(map(wanted.is_in, user.grants)):
        raise HasItAlready
    return await _give(session, user, wanted, by, confirmed=wanted.role not in BY_TWO)


def propose_anew(user: User, by: Actor) -> None:
    """Let no role that two people give hold until somebody else has confirmed it; those that wait, wait for the same."""
    for grant in user.held:
        if grant.role in BY_TWO:
            grant.proposed_by, grant.confirmed_at, grant.confirmed_by = by.user_id, None, None


async def confirm_grant(session: AsyncSession, grant_id: uuid.UUID, *, by: Actor) -> Grant:
    """Let a proposed role hold, as the second person. `NoSuchGrant`; `SecondPersonNeeded` for the first one."""
    await one_at_a_time(session)
    grant = await _grant(session, grant_id)
    if grant.confirmed_at is not None:
        raise NoSuchGrant
    if by.user_id is None or by.user_id in (grant.proposed_by, grant.user_id):
        raise SecondPersonNeeded
    if not await _may_still_propose(session, grant):
        raise SecondPersonNeeded
    grant.confirmed_at, grant.confirmed_by = func.now(), by.user_id
    user = await session.get_one(User, grant.user_id)
    await end_ways_in(session, user)
    record(session, by, "user.grant_confirmed", "user", user.id, **_told(grant))
    await session.flush()
    return grant


async def _may_still_propose(session: AsyncSession, grant: Grant) -> bool:
    """Whether the first person has not been suspended, nor lost the right, since: then it is one person's wish again."""
    if grant.proposed_by is None:
        return False
    query = select(User).where(User.id == grant.proposed_by).options(selectinload(User.grants))
    first = await session.scalar(query.execution_options(populate_existing=True))
    return first is not None and first.suspended_at is None and may(first, "user.grant")


async def take_back(session: AsyncSession, grant_id: uuid.UUID, *, by: Actor) -> User:
    """Take a role from somebody at once, or turn a proposed one down. `NoSuchGrant`, `LastAdministrator`."""
    await one_at_a_time(session)
    grant = await _grant(session, grant_id)
    query = select(User).where(User.id == grant.user_id).options(selectinload(User.grants))
    user = (await session.execute(query.execution_options(populate_existing=True))).scalar_one()
    if grant.confirmed_at is not None:
        if grant.role == Role.ADMINISTRATOR:
            await leave_one_administrator(session, user)
        await end_ways_in(session, user)
        record(session, by, "user.grant_taken", "user", user.id, **_told(grant))
    else:
        record(session, by, "user.grant_turned_down", "user", user.id, **_told(grant))
    await session.delete(grant)
    await session.flush()
    await session.refresh(user, ["grants"])
    return user


async def new_member(session: AsyncSession, email: str, name: str, language: str) -> User:
    """Give the person of an address, made when there is none, without any right as yet."""
    return await found_person(session, email) or await _new_person(session, email, name, language)


async def _new_person(session: AsyncSession, email: str, name: str, language: str = "pl") -> User:
    user = User(email=normalised(email), name=name, language=language)
    session.add(user)
    await session.flush()
    await session.refresh(user, ["grants"])
    return user


async def _give(session: AsyncSession, user: User, wanted: Wanted, by: Actor, *, confirmed: bool) -> Grant:
    grant = Grant(
        user_id=user.id,
        role=wanted.role,
        areas=None if wanted.areas is None else list(wanted.areas),
        layers=None if wanted.layers is None else list(wanted.layers),
        proposed_by=by.user_id,
        confirmed_at=func.now() if confirmed else None,
    )
    session.add(grant)
    action = "user.granted" if confirmed else "user.grant_proposed"
    record(session, by, action, "user", user.id, **wanted.told)
    await session.flush()
    await session.refresh(user, ["grants"])
    return grant


async def _grant(session: AsyncSession, grant_id: uuid.UUID) -> Grant:
    grant = await session.get(Grant, grant_id, populate_existing=True, with_for_update=True)
    if grant is None:
        raise NoSuchGrant
    return grant


def _told(grant: Grant) -> dict[str, object]:
    return {"role": grant.role, "areas": grant.areas, "layers": grant.layers}


def _tuple(codes: list[str] | None) -> tuple[str, ...] | None:
    return None if codes is None else tuple(sorted(codes))
