"""Domains through whose mailboxes organisations publish by themselves: whose mail goes elsewhere, and who waits for that.

Whoever takes over a domain reads its mail, and with it the links to sign in (SECURITY B11).
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.memberships import Seat, colleagues, holds
from app.accounts.models import Membership, User
from app.mail.addresses import domain_of
from app.moderation.mail_domain_models import MailDomain
from app.moderation.verification_models import Verification

#: So long after a change was seen admins with a mailbox there publish nothing alone: until then the others have read of it.
HELD_FOR: Final = dt.timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Hold:
    """A domain whose mail goes elsewhere since `seen_at`; `before` and `now` have the form of `app.mail.servers.Hosts`."""

    domain: str
    before: Sequence[str]
    now: Sequence[str]
    seen_at: dt.datetime

    @property
    def until(self) -> dt.datetime:
        """From then on its mailboxes count as before."""
        return self.seen_at + HELD_FOR


async def hold_on(session: AsyncSession, email: str, now: dt.datetime) -> Hold | None:
    """Give the hold on the domain of a mailbox; None for one whose mail goes where it went."""
    return _held(await session.get(MailDomain, domain_of(email), populate_existing=True), now)


async def holds_at(session: AsyncSession, organisation_id: uuid.UUID, now: dt.datetime) -> list[Hold]:
    """Give the holds on the mailboxes of an organisation's admins, by the domain."""
    admins = [one for one in await colleagues(session, organisation_id) if one.is_admin]
    domains = {domain_of(one.user.email) for one in admins}
    query = select(MailDomain).where(MailDomain.domain.in_(domains)).order_by(MailDomain.domain)
    rows = await session.scalars(query.execution_options(populate_existing=True))
    return [hold for row in rows if (hold := _held(row, now)) is not None]


async def watched(session: AsyncSession) -> dict[str, set[uuid.UUID]]:
    """Give the domains of the mailboxes of admins, with the organisations: those of which two people have made sure.

    Only they can be trusted to publish by themselves.
    """
    query = (
        select(User.email, Membership.organisation_id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.role == Seat.ADMIN,
            User.suspended_at.is_(None),
            holds(),
            _is_verified(),
        )
    )
    found: dict[str, set[uuid.UUID]] = {}
    for email, organisation_id in await session.execute(query):
        found.setdefault(domain_of(email), set()).add(organisation_id)
    return found


def _is_verified() -> ColumnElement[bool]:
    return exists().where(
        Verification.feature_id == Membership.organisation_id,
        Verification.ended_at.is_(None),
        Verification.second_by.is_not(None),
    )


def _held(row: MailDomain | None, now: dt.datetime) -> Hold | None:
    if row is None or row.hosts is None or row.before is None or row.seen_since is None:
        return None
    hold = Hold(row.domain, row.before, row.hosts, row.seen_since)
    return hold if now < hold.until else None
