"""What is public of an entry beside what is public of the organisation that says it is theirs, and what agrees."""

import datetime as dt
import urllib.parse
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.features.models import Feature
from app.moderation.standing_contacts import StandingContact, standing_contacts

#: Mailboxes that anybody gets: of them an equal domain says nothing.
_ANYBODYS = frozenset(
    {"gmail.com", "wp.pl", "o2.pl", "onet.pl", "interia.pl", "op.pl", "gazeta.pl", "poczta.onet.pl", "outlook.com",
     "hotmail.com", "yahoo.com", "icloud.com", "proton.me", "protonmail.com", "ukr.net", "i.ua", "gmx.de", "web.de",
     "mail.ru", "yandex.ru"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """One way to reach one side; `agrees` where the other side has the same, or the same site."""

    contact: StandingContact
    agrees: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Both sides. `account_agrees`: whoever says so has a mailbox at the site of the entry."""

    place: list[Known]
    organisation: list[Known]
    account_agrees: bool


async def evidence(
    session: AsyncSession, feature: Feature, organisation: Feature, claimer: User, now: dt.datetime
) -> Evidence:
    """Compare what everybody can read of both, and of the account nothing but where its mailbox is."""
    of_place = await standing_contacts(session, feature, now)
    of_organisation = await standing_contacts(session, organisation, now)
    there = {mark for one in of_place for mark in _marks(one)}
    here = {mark for one in of_organisation for mark in _marks(one)}
    return Evidence(
        [Known(one, not here.isdisjoint(_marks(one))) for one in of_place],
        [Known(one, not there.isdisjoint(_marks(one))) for one in of_organisation],
        _site(domain_of(claimer.email)) in there,
    )


def domain_of(address: str) -> str:
    """Give what stands behind the @ of an address, or the host of a page."""
    if "@" in address:
        return address.rpartition("@")[2].lower()
    return (urllib.parse.urlsplit(address).hostname or "").removeprefix("www.")


def _marks(contact: StandingContact) -> set[tuple[str, str]]:
    """What makes two ways the same: the number, the whole address, or the site where it is nobody else's."""
    found = {(contact.kind, contact.value.lower())}
    domain = domain_of(contact.value) if contact.kind != "phone" else ""
    if domain and domain not in _ANYBODYS:
        found.add(_site(domain))
    return found


def _site(domain: str) -> tuple[str, str]:
    return ("site", domain)
