"""People of organisations, and what each may do for theirs: as it is at this request, and only while the organisation is on the map."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, exists, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Membership, User
from app.errors import NotFound


class Seat(StrEnum):
    """What somebody is in an organisation."""

    MEMBER = "member"
    ADMIN = "admin"


#: What each of them may do for their own organisation. Not listed means not allowed.
MEMBERS_MAY: Final[Mapping[str, frozenset[Seat]]] = {
    "organisation.see": frozenset({Seat.MEMBER, Seat.ADMIN}),
    "organisation.speak": frozenset({Seat.MEMBER, Seat.ADMIN}),
    "organisation.people": frozenset({Seat.ADMIN}),
    # Many places at once are sent by those who answer for all of them.
    "organisation.table": frozenset({Seat.ADMIN}),
}
_ON_THE_MAP = """
    EXISTS (SELECT FROM core.feature f WHERE f.id = core.membership.organisation_id
            AND f.layer = 'organisations' AND f.state = 'published')
"""


class NoSuchOrganisation(NotFound):
    """There is no such organisation among yours."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of an organisation."""

    membership: Membership
    user: User

    @property
    def is_admin(self) -> bool:
        """Whether they look after its people."""
        return self.membership.role == Seat.ADMIN


def holds() -> ColumnElement[bool]:
    """Give the condition for memberships that give a right at this moment."""
    return literal_column(_ON_THE_MAP).is_(True)


def is_of_an_organisation() -> ColumnElement[bool]:
    """Give the condition for users who belong to one."""
    return exists().where(Membership.user_id == User.id, holds())


async def seat_of(session: AsyncSession, user_id: uuid.UUID, organisation_id: uuid.UUID) -> Seat | None:
    """Give what somebody is in an organisation; None for a stranger to it, and when it is off the map."""
    query = select(Membership.role).where(
        Membership.user_id == user_id, Membership.organisation_id == organisation_id, holds()
    )
    found = await session.scalar(query)
    return None if found is None else Seat(found)


async def hold_seat(session: AsyncSession, user_id: uuid.UUID, organisation_id: uuid.UUID) -> Seat:
    """Give what somebody is in an organisation, and keep it so until the end of the transaction; `NoSuchOrganisation`.

    For whoever does something by that right: who takes it away at the same moment comes before or after, never
    between. Before any layer and any feature is locked.
    """
    query = (
        select(Membership.role)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.user_id == user_id,
            Membership.organisation_id == organisation_id,
            User.suspended_at.is_(None),
            holds(),
        )
    )
    found = await session.scalar(query.with_for_update(read=True, of=[Membership, User]))
    if found is None:
        raise NoSuchOrganisation
    return Seat(found)


async def seated_since(
    session: AsyncSession, user_id: uuid.UUID, organisation_id: uuid.UUID
) -> dt.datetime | None:
    """Say since when somebody is in an organisation what they are; None as of `seat_of`."""
    query = select(Membership.seated_at).where(
        Membership.user_id == user_id, Membership.organisation_id == organisation_id, holds()
    )
    since: dt.datetime | None = await session.scalar(query)
    return since


async def organisations_of(session: AsyncSession, user_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Give the organisations that somebody belongs to, the first one first."""
    query = select(Membership.organisation_id).where(Membership.user_id == user_id, holds())
    return (await session.scalars(query.order_by(Membership.created_at, Membership.id))).all()


async def is_organisation(session: AsyncSession, organisation_id: uuid.UUID) -> bool:
    """Whether an organisation of this id is on the map."""
    found = await session.execute(_IS_ONE, {"id": organisation_id})
    return found.first() is not None


async def belongs_to(session: AsyncSession, organisation_id: uuid.UUID, feature_id: uuid.UUID) -> bool:
    """Whether an entry is the organisation's own, on the map or off it: itself, or one that names it."""
    found = await session.execute(
        _BELONGS, {"organisation": organisation_id, "named": str(organisation_id), "feature": feature_id}
    )
    return found.first() is not None


async def colleagues(session: AsyncSession, organisation_id: uuid.UUID) -> list[Colleague]:
    """Give the people of an organisation, admins first; those who are suspended are left out."""
    query = (
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == organisation_id, User.suspended_at.is_(None))
        .order_by(Membership.role, Membership.created_at, Membership.id)
        .execution_options(populate_existing=True)
    )
    return [Colleague(membership, user) for membership, user in await session.execute(query)]


_IS_ONE = text(
    "SELECT FROM core.feature f WHERE f.id = :id AND f.layer = 'organisations' AND f.state = 'published'"
)
_BELONGS = text(
    """
    SELECT FROM core.feature f
    WHERE f.id = :feature AND f.merged_into IS NULL
      AND (f.id = CAST(:organisation AS uuid) OR (f.content -> 'organisation') ->> 'id' = CAST(:named AS text))
    """
)
