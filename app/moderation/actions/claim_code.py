"""The way to make sure that the program goes itself: a code, mailed to the address that the map tells of an entry.

Whoever types it reads that mailbox. It works once, for an hour, and five times it may be typed wrong; the address has to
have stood there since long before. Of a protected place no code is sent.
"""

import datetime as dt
import hashlib
import hmac
import uuid
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.accounts.codes import recovery_code_typed
from app.accounts.memberships import hold_seat
from app.accounts.models import User
from app.accounts.sealing import derived_key
from app.errors import Conflict
from app.features.models import Feature, FeatureState
from app.jobs import defer
from app.mail.addresses import UnusableAddress, normalised
from app.mail.links import SecretCode
from app.moderation.claim_models import ClaimState, PlaceClaim
from app.moderation.place_claims import ClaimNotFound, held, read_claim
from app.moderation.protected_help import is_protected_help
from app.moderation.standing_contacts import standing_contacts
from app.taxonomy.vocabulary import Vocabulary

#: The task that writes the mail.
SEND_CODE: Final = "notifications.claim_code"
PURPOSE: Final = "claim"
LIFETIME: Final = dt.timedelta(hours=1)
MOST_TRIES: Final = 5
#: To one entry's mailbox on one day, whoever asks for it.
MOST_SENT: Final = 3
#: So long after the code was typed a moderator may decide by it.
PROVES_FOR: Final = dt.timedelta(days=30)


class NoAddressToProveBy(Conflict):
    """We can send no code here: the map tells no e-mail address of this entry that has stood there for a month."""


class CodesSent(Conflict):
    """Enough codes were sent to this address today. Try again tomorrow, or wait for a moderator to call."""


class ProvedAlready(Conflict):
    """The code was typed in already. A moderator is looking at it."""


class CodeRefused(Conflict):
    """This code is wrong, or too old. Have a new one sent."""


class NotProved(Conflict):
    """No code was typed in that went to an address which the map still tells."""


async def address_of(session: AsyncSession, feature: Feature, now: dt.datetime) -> str | None:
    """Give the first public e-mail address of an entry that has stood there for long enough."""
    for contact in await standing_contacts(session, feature, now):
        if contact.kind == "email" and contact.settled:
            try:
                return normalised(contact.value)
            except UnusableAddress:
                continue
    return None


async def ask_for_code(
    session: AsyncSession,
    vocabulary: Vocabulary,
    claim_id: uuid.UUID | None,
    *,
    organisation_id: uuid.UUID,
    user: User,
    now: dt.datetime,
) -> None:
    """Have the worker send a code; one that was sent before works no longer.

    `ClaimNotFound`, `NoAddressToProveBy` (of a protected place always), `CodesSent`, `ProvedAlready`, `NoSuchOrganisation`.
    """
    await hold_seat(session, user.id, organisation_id)
    claim = await _own(session, claim_id, organisation_id)
    feature = await session.get_one(Feature, claim.feature_id)
    await session.execute(_ONE_MAILBOX, {"id": str(feature.id)})
    if feature.state != FeatureState.PUBLISHED or is_protected_help(feature.content, vocabulary):
        raise NoAddressToProveBy
    if await address_of(session, feature, now) is None:
        raise NoAddressToProveBy
    sent = select(func.coalesce(func.sum(PlaceClaim.code_sends), 0)).where(
        PlaceClaim.feature_id == feature.id, PlaceClaim.code_sent_at > now - dt.timedelta(days=1)
    )
    if (await session.execute(sent)).scalar_one() >= MOST_SENT:
        raise CodesSent
    claim.code_id, claim.code_hash, claim.code_expires_at = uuid.uuid4(), None, None
    claim.code_tries = 0
    claim.code_sends += 1
    claim.code_sent_at, claim.version = now, claim.version + 1
    record(session, Actor("staff", user.id), "claim.code_asked", "claim", claim.id)
    await session.flush()
    await defer(session, SEND_CODE, claim_id=str(claim.id), code_id=str(claim.code_id), priority=5)


async def issue_code(
    session: AsyncSession, claim: PlaceClaim, address: str, *, secret: str, now: dt.datetime
) -> SecretCode:
    """Give the code that is to be mailed to an address; from now on it works. The caller holds the claim."""
    assert claim.code_id is not None
    code = SecretCode(PURPOSE, claim.code_id)
    claim.code_hash = _hash(secret, code.typed(secret))
    claim.code_address_hash = _hash(secret, address)
    claim.code_expires_at = now + LIFETIME
    await session.flush()
    return code


async def type_code(
    session: AsyncSession,
    claim_id: uuid.UUID | None,
    typed: str,
    *,
    organisation_id: uuid.UUID,
    user: User,
    secret: str,
) -> bool:
    """Say whether this was the code, once. A wrong one is counted, so nothing is raised that would take the count back.

    `ClaimNotFound`, `ProvedAlready`; `CodeRefused` where no code works any more.
    """
    await hold_seat(session, user.id, organisation_id)
    claim = await _own(session, claim_id, organisation_id)
    # One statement counts, looks and uses: of a hundred at once five are looked at, and one is right.
    given = {
        "id": claim.id,
        "hash": _hash(secret, _plain(typed)),
        "most": MOST_TRIES,
    }
    row = (await session.execute(_TRY, given)).one_or_none()
    if row is None:
        raise CodeRefused
    await session.refresh(claim)
    what = "proved" if row.right else "wrong_code"
    record(session, Actor("staff", user.id), f"claim.{what}", "claim", claim.id)
    return bool(row.right)


async def is_proved(
    session: AsyncSession, claim: PlaceClaim, feature: Feature, now: dt.datetime, secret: str
) -> bool:
    """Whether the code was typed, not too long ago, and the entry still tells the address that it went to."""
    if claim.proved_at is None or claim.proved_at <= now - PROVES_FOR or claim.code_address_hash is None:
        return False
    for contact in await standing_contacts(session, feature, now):
        if contact.kind == "email" and contact.settled:
            try:
                address = normalised(contact.value)
            except UnusableAddress:
                continue
            if hmac.compare_digest(claim.code_address_hash, _hash(secret, address)):
                return True
    return False


async def _own(session: AsyncSession, claim_id: uuid.UUID | None, organisation_id: uuid.UUID) -> PlaceClaim:
    found = await read_claim(session, claim_id)
    if found.organisation_id != organisation_id:
        raise ClaimNotFound
    claim = await held(session, found.id)
    if claim.state != ClaimState.ASKED:
        raise ClaimNotFound
    if claim.proved_at is not None:
        raise ProvedAlready
    return claim


def _plain(typed: str) -> str:
    """As it is mailed: however it was grouped and written."""
    letters = recovery_code_typed(typed)[:40]
    return f"{letters[:5]}-{letters[5:]}"


def _hash(secret: str, said: str) -> bytes:
    return hmac.digest(derived_key(secret, "claim code"), said.encode(), hashlib.sha256)


_ONE_MAILBOX = text("SELECT pg_advisory_xact_lock(hashtext('pomapa claimed'), hashtext(:id))")
_TRY = text(
    """
    UPDATE core.place_claim SET code_tries = code_tries + 1, version = version + 1,
      proved_at = CASE WHEN code_hash = :hash THEN now() END,
      code_id = CASE WHEN code_hash = :hash THEN NULL ELSE code_id END,
      code_hash = CASE WHEN code_hash = :hash THEN NULL ELSE code_hash END
    WHERE id = :id AND state = 'asked' AND proved_at IS NULL AND code_hash IS NOT NULL
      AND code_expires_at > now() AND code_tries < :most
    RETURNING proved_at IS NOT NULL AS right
    """
)
