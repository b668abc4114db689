"""Note where mail for a domain is handed in: what has changed is held against its mailboxes, and stands in the log."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Final

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM, record
from app.mail.servers import NOWHERE, REFUSES, Hosts
from app.moderation.mail_domain_models import MailDomain
from app.moderation.mail_domains import HELD_FOR, Hold

#: Of a domain that nobody has used for so long nothing is known any more; before, what it was still counts.
KEPT_FOR: Final = dt.timedelta(days=90)
_CHANGED: Final = "membership.mail_servers_changed"


async def note_hosts(
    session: AsyncSession,
    domain: str,
    hosts: Hosts | None,
    organisations: Collection[uuid.UUID],
    now: dt.datetime,
) -> Hold | None:
    """Note what was looked up, None where nobody has answered; gives the hold when it is not what it was before.

    The first sight of a domain holds nothing, and silence is no change. What has changed is written into the log of each
    organisation, without the domain: it may be somebody's name.
    """
    row = await _row(session, domain, now)
    row.looked_at = now
    if hosts is None:
        row.silent_since = row.silent_since or now
        return None
    row.silent_since = None
    if row.hosts is not None and tuple(row.hosts) == hosts:
        return None
    row.before, row.hosts, row.seen_since = row.hosts, list(hosts), now
    if row.before is None:
        return None
    for organisation_id in sorted(organisations):
        until = (now + HELD_FOR).isoformat(timespec="seconds")
        record(session, SYSTEM, _CHANGED, "organisation", organisation_id, found=_said(hosts), until=until)
    return Hold(domain, row.before, row.hosts, now)


async def forget_domains(session: AsyncSession, watched: Collection[str], now: dt.datetime) -> None:
    """Delete the domains that no admin has used for long."""
    await session.execute(
        delete(MailDomain).where(MailDomain.domain.not_in(watched), MailDomain.looked_at < now - KEPT_FOR)
    )


async def _row(session: AsyncSession, domain: str, now: dt.datetime) -> MailDomain:
    """Give what is known of a domain, held until the end of the transaction."""
    await session.execute(insert(MailDomain).values(domain=domain, looked_at=now).on_conflict_do_nothing())
    return await session.get_one(MailDomain, domain, populate_existing=True, with_for_update=True)


def _said(hosts: Hosts) -> str:
    return {NOWHERE: "none", REFUSES: "refuses"}.get(hosts, "servers")
