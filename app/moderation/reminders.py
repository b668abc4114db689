"""Letters that ask whether entries are still true: which entries are due, whom each letter is for, what its link shows."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.memberships import colleagues
from app.errors import NotFound
from app.features.models import Feature, FeatureState
from app.features.setting import Setting
from app.i18n import LANGUAGES
from app.mail import links
from app.mail.addresses import UnusableAddress, normalised
from app.moderation.own_entries import fresh_since
from app.moderation.reminder_models import Reminder, Unasked
from app.moderation.standing_contacts import standing_contacts
from app.moderation.withheld import is_protected
from app.taxonomy.discretion import is_discreet
from app.taxonomy.vocabulary import Vocabulary

#: Nobody gets such letters more often than this, and no entry is asked about more often …
EVERY: Final = dt.timedelta(days=90)
#: … and the link of a letter says something for so long.
GOOD_FOR: Final = dt.timedelta(days=60)
#: A letter asks about no more entries; the others are asked about the next time.
IN_ONE_LETTER: Final = 100
_PURPOSE: Final = "reminder"


class ReminderNotFound(NotFound):
    """This link is not complete or no longer valid."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets a letter, and in which language."""

    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Due:
    """Entries that nobody has checked for long, all of one organisation with people or of one public address."""

    organisation_id: uuid.UUID | None
    entries: Sequence[Feature]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link opens: the entries of its letter that are still on the map and still those of whoever was asked."""

    mailing: uuid.UUID
    address: bytes
    organisation_id: uuid.UUID | None
    entries: Sequence[Feature]
    is_stopped: bool


def hashed(address: str) -> bytes:
    """Give what is kept of an address."""
    return hashlib.sha256(normalised(address).encode()).digest()


def reminder_link(public_url: str, language: str, mailing: uuid.UUID) -> links.SecretLink:
    """Give the link of a letter."""
    return links.SecretLink(f"{public_url}/{language}/asked/", _PURPOSE, mailing)


async def due(session: AsyncSession, setting: Setting, most: int) -> list[Due]:
    """Give those who are to be asked now, `most` of them, whose oldest entry has waited longest first."""
    values = {
        "fresh_since": fresh_since(setting),
        "asked_since": setting.now - EVERY,
        "most": most,
        "in_one": IN_ONE_LETTER,
    }
    rows = (await session.execute(_DUE, values)).all()
    features = await session.scalars(select(Feature).where(Feature.id.in_([row.id for row in rows])))
    by_id = {feature.id: feature for feature in features}
    found: dict[tuple[uuid.UUID | None, str | None], list[Feature]] = {}
    for row in rows:
        found.setdefault((row.organisation_id, row.mailbox), []).append(by_id[row.id])
    return [Due(organisation_id, entries) for (organisation_id, _), entries in found.items()]


async def addressees(session: AsyncSession, setting: Setting, group: Due) -> list[Addressee]:
    """Give whom to ask: the admins of the organisation, else the public address; nobody who wants no such letters."""
    if group.organisation_id is not None:
        people = await colleagues(session, group.organisation_id)
        given = [Addressee(one.user.email, one.user.language) for one in people if one.is_admin]
    else:
        name = group.entries[0].content["name"]
        language = name["source"] if name["source"] in LANGUAGES else "en"
        given = [Addressee(one, language) for one in await _settled(session, setting, group.entries)]
    stopped = set((await session.scalars(select(Unasked.address))).all()) if given else set()
    return [one for one in given if hashed(one.address) not in stopped]


async def _settled(session: AsyncSession, setting: Setting, entries: Sequence[Feature]) -> list[str]:
    """The address, if it has stood at the first of the entries for long: nobody gets a say with a change of last week."""
    for contact in await standing_contacts(session, entries[0], setting.now):
        if contact.kind == "email":
            return [contact.value] if contact.settled else []
    return []


def may_be_asked(content: dict[str, Any], vocabulary: Vocabulary) -> bool:
    """Whether the address of a place is asked about it: never where a letter would tell whoever shares the mailbox."""
    return not is_protected(content) and not is_discreet(content, vocabulary)


async def read_asked(session: AsyncSession, setting: Setting, secret: str, token: str) -> Asked:
    """Give what the link of a letter opens; `ReminderNotFound` for none of ours, and for one that is too old."""
    mailing = links.read_token(secret, _PURPOSE, token)
    rows = (await session.scalars(select(Reminder).where(Reminder.mailing == mailing))).all()
    first = next((row for row in rows if row.at > setting.now - GOOD_FOR), None)
    if first is None or first.address is None:
        raise ReminderNotFound
    features = await session.scalars(
        select(Feature)
        .where(Feature.id.in_([row.feature_id for row in rows]), Feature.state == FeatureState.PUBLISHED)
        .order_by(Feature.id)
    )
    entries = [
        feature
        for feature in features
        if first.organisation_id is None
        and may_be_asked(feature.content, setting.vocabulary)
        and first.address in _addresses(feature.content)
        and (feature.content.get("status") or {}).get("state") != "closed"
    ]
    stopped = await session.get(Unasked, first.address) is not None
    return Asked(first.mailing, first.address, first.organisation_id, entries, stopped)


def _addresses(content: dict[str, Any]) -> set[bytes]:
    """What is kept of the public addresses of an entry: whoever was taken out of it has no say in it."""
    found = set()
    for one in content.get("contacts", ()):
        if one["kind"] == "email" and one.get("visibility", "public") == "public":
            try:
                found.add(hashed(one["value"]))
            except UnusableAddress:
                continue
    return found


_DUE = text(
    """
    WITH staffed AS (
      SELECT DISTINCT m.organisation_id AS id, CAST(m.organisation_id AS text) AS named
      FROM core.membership m JOIN core."user" u ON u.id = m.user_id
      JOIN core.feature o ON o.id = m.organisation_id
      WHERE m.role = 'admin' AND u.suspended_at IS NULL AND o.layer = 'organisations' AND o.state = 'published'
    ), old AS MATERIALIZED (
      SELECT f.id, s.id AS organisation_id, coalesce(f.verified_at, f.created_at) AS since,
        CASE WHEN s.id IS NULL THEN lower(jsonb_path_query_first(f.content,
          '$.contacts[*] ? (@.kind == "email" && (!exists(@.visibility) || @.visibility == "public")).value') #>> '{}')
        END AS mailbox
      FROM core.feature f LEFT JOIN staffed s ON s.named = (f.content -> 'organisation') ->> 'id'
      WHERE f.state = 'published' AND f.layer <> 'organisations' AND NOT f.example
        AND coalesce(f.verified_at, f.created_at) < :fresh_since
        AND coalesce(f.content #>> '{status,state}', '') <> 'closed'
        AND NOT EXISTS (SELECT FROM core.reminder r WHERE r.feature_id = f.id AND r.at > :asked_since)
    ), asked AS MATERIALIZED (
      SELECT organisation_id, address FROM core.reminder WHERE at > :asked_since
    ), whom AS (
      SELECT organisation_id, mailbox, min(since) AS oldest FROM old
      WHERE (organisation_id IS NOT NULL OR mailbox IS NOT NULL)
        AND NOT EXISTS (SELECT FROM asked a WHERE a.organisation_id = old.organisation_id)
        AND NOT EXISTS (SELECT FROM asked a WHERE a.address = sha256(convert_to(old.mailbox, 'UTF8')))
      GROUP BY organisation_id, mailbox ORDER BY oldest LIMIT :most
    )
    SELECT o.id, o.organisation_id, o.mailbox FROM whom w CROSS JOIN LATERAL (
      SELECT * FROM old WHERE old.organisation_id IS NOT DISTINCT FROM w.organisation_id
        AND old.mailbox IS NOT DISTINCT FROM w.mailbox
      ORDER BY old.since, old.id LIMIT :in_one
    ) o ORDER BY w.oldest, o.since, o.id
    """
)
