"""The people of an organisation: invited, made its admins, handed over to, removed, and gone. What is taken holds at once."""

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.accounts.granting import new_member
from app.accounts.memberships import Seat, colleagues, holds
from app.accounts.models import Membership, User
from app.errors import Conflict, Forbidden, NotFound
from app.mail import queue_mail

#: More are no organisation's people but a list of addresses.
MOST_PEOPLE: Final = 60
#: Tells the admins that there is one more, and whoever was one that they are none any more.
SEATED_MAIL: Final = "admin_seated"
UNSEATED_MAIL: Final = "admin_unseated"


class NoSuchColleague(NotFound):
    """This person does not belong to the organisation, or no longer. Look at the list again."""


class NotItsAdmin(Forbidden):
    """You no longer look after the people of this organisation."""


class BelongsAlready(Conflict):
    """This person belongs to the organisation already."""


class LastAdmin(Conflict):
    """Nobody else looks after the people of this organisation. Hand that over to a colleague first."""


class TooManyPeople(Conflict):
    """These are too many people for one organisation. Remove somebody first."""


@dataclass(frozen=True, slots=True)
class ByAdmin:
    """Who acts on the people of an organisation: one of its admins, or an administrator of the installation (`staff`).

    `organisation` is its name, `public_url` where the installation is, as letters give them.
    """

    organisation_id: uuid.UUID
    user: User
    organisation: str
    public_url: str
    staff: bool = False

    @property
    def actor(self) -> Actor:
        """As the audit log names them: a person with an account."""
        return Actor("staff", self.user.id)


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom to invite: `email` in the form of `app.mail.addresses.normalised`."""

    email: str
    name: str
    language: str
    seat: Seat


async def invite(session: AsyncSession, by: ByAdmin, invited: Invited) -> None:
    """Let somebody belong to the organisation, and have them told where to sign in; its admins of one more admin.

    `BelongsAlready`, `TooManyPeople`, `NotItsAdmin`.
    """
    await _hold(session, by)
    user = await new_member(session, invited.email, invited.name, invited.language)
    if await _membership(session, by.organisation_id, user.id) is not None:
        raise BelongsAlready
    query = select(func.count()).where(Membership.organisation_id == by.organisation_id)
    if (await session.execute(query)).scalar_one() >= MOST_PEOPLE:
        raise TooManyPeople
    session.add(Membership(user_id=user.id, organisation_id=by.organisation_id, role=invited.seat))
    _note(session, by.actor, "added", by.organisation_id, user.id, role=invited.seat.value)
    await session.flush()
    if user.suspended_at is None:
        await queue_mail(
            session,
            to=user.email,
            template="membership",
            language=invited.language,
            values={
                "link": f"{by.public_url}/desk/sign-in",
                "address": user.email,
                "by": by.user.known_as,
                "organisation": by.organisation,
            },
            dedupe_key=f"membership:{uuid.uuid4()}",
        )
    if invited.seat is Seat.ADMIN:
        await _tell_admins(session, by, user)


async def change_seat(session: AsyncSession, by: ByAdmin, user_id: uuid.UUID, seat: Seat) -> None:
    """Make a colleague an admin, or no admin any more; whom it concerns is told by mail.

    `NoSuchColleague`, `LastAdmin`, `NotItsAdmin`.
    """
    await _hold(session, by)
    found = await _colleague(session, by.organisation_id, user_id)
    if found.role == seat:
        return
    if seat is Seat.MEMBER:
        await _leave_one_admin(session, found)
    found.role, found.seated_at = seat, func.now()
    _note(session, by.actor, "role_changed", by.organisation_id, user_id, role=seat.value)
    await session.flush()
    changed = await session.get_one(User, user_id)
    await (_tell_admins if seat is Seat.ADMIN else _tell_unseated)(session, by, changed)


async def hand_over(session: AsyncSession, by: ByAdmin, user_id: uuid.UUID) -> None:
    """Make a colleague an admin, and oneself a member like any other. `NoSuchColleague`, `NotItsAdmin`."""
    if user_id == by.user.id:
        raise NoSuchColleague
    await change_seat(session, by, user_id, Seat.ADMIN)
    await change_seat(session, by, by.user.id, Seat.MEMBER)


async def remove(session: AsyncSession, by: ByAdmin, user_id: uuid.UUID) -> None:
    """Let a colleague belong to the organisation no more. `NoSuchColleague`, `LastAdmin`, `NotItsAdmin`.

    An administrator of the installation may remove the last admin too: somebody has to when a mailbox is lost.
    """
    await _hold(session, by)
    found = await _colleague(session, by.organisation_id, user_id)
    if not by.staff:
        await _leave_one_admin(session, found)
    was_admin = found.role == Seat.ADMIN
    await session.delete(found)
    _note(session, by.actor, "removed", by.organisation_id, user_id)
    await session.flush()
    if was_admin:
        await _tell_unseated(session, by, await session.get_one(User, user_id))


async def leave(session: AsyncSession, organisation_id: uuid.UUID, user: User) -> None:
    """Belong to an organisation no more. `NoSuchColleague`, `LastAdmin`."""
    await _one_at_a_time(session, organisation_id)
    found = await _colleague(session, organisation_id, user.id)
    await _leave_one_admin(session, found)
    await session.delete(found)
    _note(session, Actor("staff", user.id), "left", organisation_id, user.id)
    await session.flush()


async def _tell_admins(session: AsyncSession, by: ByAdmin, new: User) -> None:
    """Tell every other admin that there is one more: whoever has found one mailbox seats themselves."""
    for one in await colleagues(session, by.organisation_id):
        if one.is_admin and one.user.id != new.id:
            await _mail(session, by, one.user, SEATED_MAIL, person=f"{new.known_as} ({new.email})")


async def _tell_unseated(session: AsyncSession, by: ByAdmin, user: User) -> None:
    """Tell whoever is no admin any more, unless they did so themselves: who was to be told before would be removed first."""
    if user.id != by.user.id and user.suspended_at is None:
        await _mail(session, by, user, UNSEATED_MAIL)


async def _mail(session: AsyncSession, by: ByAdmin, to: User, template: str, **values: str) -> None:
    page = f"{by.public_url}/desk/organisations/{by.organisation_id}"
    await queue_mail(
        session,
        to=to.email,
        template=template,
        language=to.language,
        values={
            "by": by.user.known_as,
            "organisation": by.organisation,
            "link": f"{page}/people" if template == SEATED_MAIL else f"{by.public_url}/desk",
            **values,
        },
        dedupe_key=f"{template}:{uuid.uuid4()}",
    )


async def _hold(session: AsyncSession, by: ByAdmin) -> None:
    """Hold all changes of an organisation's people, and look once more whether whoever acts still may."""
    await _one_at_a_time(session, by.organisation_id)
    if by.staff:
        return
    held = await _membership(session, by.organisation_id, by.user.id)
    if held is None or held.role != Seat.ADMIN:
        raise NotItsAdmin


async def _one_at_a_time(session: AsyncSession, organisation_id: uuid.UUID) -> None:
    """Two admins who remove each other at once must not both succeed."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('pomapa organisation'), hashtext(:id))"),
        {"id": str(organisation_id)},
    )


async def _colleague(session: AsyncSession, organisation_id: uuid.UUID, user_id: uuid.UUID) -> Membership:
    found = await _membership(session, organisation_id, user_id)
    if found is None:
        raise NoSuchColleague
    return found


async def _membership(
    session: AsyncSession, organisation_id: uuid.UUID, user_id: uuid.UUID
) -> Membership | None:
    query = select(Membership).where(
        Membership.organisation_id == organisation_id, Membership.user_id == user_id, holds()
    )
    return await session.scalar(query.execution_options(populate_existing=True))


async def _leave_one_admin(session: AsyncSession, membership: Membership) -> None:
    if membership.role != Seat.ADMIN:
        return
    others = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id == membership.organisation_id,
            Membership.role == Seat.ADMIN,
            Membership.user_id != membership.user_id,
            User.suspended_at.is_(None),
        )
    )
    if (await session.execute(others.limit(1))).first() is None:
        raise LastAdmin


def _note(
    session: AsyncSession,
    actor: Actor,
    what: str,
    organisation_id: uuid.UUID,
    user_id: uuid.UUID,
    **detail: str,
) -> None:
    record(session, actor, f"membership.{what}", "organisation", organisation_id, user=str(user_id), **detail)
