"""What is public of an entry beside what is public of the organisation that says it is theirs, and what agrees."""

import datetime as dt
import urllib.parse
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.features.models import Feature
from app.moderation.standing_contacts import StandingContact, standing_contacts

#: Mailboxes and pages that anybody gets, with all that lies below them: of them an equal domain says nothing.
_ANYBODYS: Final = frozenset(
    {"gmail.com", "googlemail.com", "google.com", "wp.pl", "o2.pl", "vp.pl", "tlen.pl", "onet.pl", "onet.eu",
     "op.pl", "poczta.fm", "interia.pl", "interia.eu", "gazeta.pl", "int.pl", "go2.pl", "autograf.pl",
     "icloud.com", "me.com", "mac.com", "msn.com", "aol.com", "proton.me", "protonmail.com", "pm.me", "ukr.net",
     "i.ua", "meta.ua", "bigmir.net", "email.ua", "web.de", "t-online.de", "freenet.de", "mail.ru", "bk.ru",
     "list.ru", "inbox.ru", "rambler.ru", "ya.ru", "seznam.cz", "centrum.sk", "facebook.com", "fb.com", "fb.me",
     "instagram.com", "t.me", "telegram.me", "wa.me", "whatsapp.com", "viber.com", "linktr.ee", "youtube.com",
     "youtu.be", "tiktok.com", "twitter.com", "x.com", "linkedin.com", "vk.com", "ok.ru", "bit.ly", "goo.gl",
     "goo.su", "wix.com", "wixsite.com", "wordpress.com", "weebly.com", "webnode.com", "webnode.page", "github.io",
     "strikingly.com", "jimdosite.com", "jimdofree.com", "zrzutka.pl", "siepomaga.pl"}
)  # fmt: skip
#: The same under the endings of many countries: yahoo.co.uk.
_ANYBODYS_NAMES: Final = frozenset({"yahoo", "hotmail", "outlook", "live", "gmx", "yandex", "blogspot"})


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
    there = {mark for one in of_place for mark in marks_of(one)}
    here = {mark for one in of_organisation for mark in marks_of(one)}
    return Evidence(
        [Known(one, not here.isdisjoint(marks_of(one))) for one in of_place],
        [Known(one, not there.isdisjoint(marks_of(one))) for one in of_organisation],
        _site(domain_of(claimer.email)) in there,
    )


def domain_of(address: str) -> str:
    """Give what stands behind the @ of an e-mail address."""
    return address.rpartition("@")[2].lower()


def marks_of(contact: StandingContact) -> set[tuple[str, str]]:
    """Give what makes two ways the same: the number, the whole address, or the site where it is nobody else's.

    Nothing where the way is too new to prove anything: whoever wants an entry could have put it there.
    """
    if not contact.settled:
        return set()
    found = {(contact.kind, contact.value.lower())}
    if contact.kind == "email":
        domain = domain_of(contact.value)
    elif contact.kind == "web":
        # In a page's address an @ may stand anywhere.
        domain = (urllib.parse.urlsplit(contact.value).hostname or "").removeprefix("www.")
    else:
        domain = ""
    if domain and not _is_anybodys(domain):
        found.add(_site(domain))
    return found


def _is_anybodys(domain: str) -> bool:
    parts = domain.split(".")
    above = {".".join(parts[at:]) for at in range(len(parts))}
    return not above.isdisjoint(_ANYBODYS) or not _ANYBODYS_NAMES.isdisjoint(parts)


def _site(domain: str) -> tuple[str, str]:
    return ("site", domain)
