"""Looks up every night where mail for the domains of organisations' admins is handed in, and tells all of them of a change."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.memberships import colleagues
from app.config import Settings
from app.features.models import Feature
from app.jobs import Retry, Work, task
from app.log import log_failure, logger
from app.mail import queue_mail
from app.mail.servers import NOWHERE, Hosts, NameServers, look_up_all
from app.moderation.actions.note_mail_servers import forget_domains, note_hosts
from app.moderation.mail_domain_models import MailDomain
from app.moderation.mail_domains import Hold, watched
from app.templating.filters import moment

MAIL: Final = "mail_servers_changed"


@task("notifications.mail_servers", retry=Retry(times=3, first_s=600), cron="43 1 * * *")
async def look_at_mail_servers(work: Work) -> None:
    """Look at each domain; done twice, the second time nothing has changed.

    Nobody is asked within a transaction, and what cannot be noted of one domain does not hold up the others.
    """
    settings = work.settings
    if not settings.asks_name_servers:
        return
    async with work.transaction() as session:
        domains = await watched(session)
        known = {row.domain: row for row in await session.scalars(select(MailDomain))}
    found = await look_up_all(NameServers(settings.name_server_addresses), sorted(domains))
    found = believed(found, {name: tuple(row.hosts) for name, row in known.items() if row.hosts is not None})
    fell_silent = [
        name
        for name, hosts in found.items()
        if hosts is None and (name not in known or known[name].silent_since is None)
    ]
    if fell_silent:
        # Once, when it begins: who has no way out reads no such line every night.
        logger(__name__).warning("mail servers not found out", count=len(fell_silent))
    failed: list[Exception] = []
    for domain, hosts in found.items():
        try:
            await _note(work, domain, hosts, domains[domain])
        except Exception as error:  # noqa: BLE001 - raised below
            log_failure(__name__, "mail servers not noted", error)
            failed.append(error)
    async with work.transaction() as session:
        await forget_domains(session, domains, dt.datetime.now(dt.UTC))
    if failed:
        raise failed[0]


def believed(found: Mapping[str, Hosts | None], known: Mapping[str, Hosts]) -> dict[str, Hosts | None]:
    """Give what was found, and nothing of domains that are gone when all are, of several: that is the name server's fault."""
    had = [name for name in found if known.get(name)]
    answered = [name for name, hosts in found.items() if hosts is not None]
    if len(had) > 1 and answered and all(found[name] == NOWHERE for name in answered):
        return dict.fromkeys(found)
    return dict(found)


async def _note(work: Work, domain: str, hosts: Hosts | None, organisations: Collection[uuid.UUID]) -> None:
    """Note one domain, and tell of it in the same transaction."""
    async with work.transaction() as session:
        hold = await note_hosts(session, domain, hosts, organisations, dt.datetime.now(dt.UTC))
        if hold is not None:
            for organisation_id in sorted(organisations):
                await _tell(session, work.settings, organisation_id, hold)


async def _tell(session: AsyncSession, settings: Settings, organisation_id: uuid.UUID, hold: Hold) -> None:
    """Write to every admin, also to those with a mailbox elsewhere: whoever reads the mail of the domain deletes this letter there."""
    organisation = await session.get(Feature, organisation_id)
    name = (organisation.content.get("name") or {}) if organisation is not None else {}
    for one in await colleagues(session, organisation_id):
        if one.is_admin:
            await queue_mail(
                session,
                to=one.user.email,
                template=MAIL,
                language=one.user.language,
                values={
                    "organisation": str(name.get("texts", {}).get(name.get("source"), "")),
                    "domain": hold.domain,
                    "until": moment(one.user.language, ZoneInfo(settings.timezone), hold.until),
                    "link": f"{settings.public_url}/desk/organisations/{organisation_id}/people",
                },
                dedupe_key=f"{MAIL}:{uuid.uuid4()}",
            )
