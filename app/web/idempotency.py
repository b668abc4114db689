"""`Idempotency-Key`: what a program sends twice under one key is taken in once, and answered alike both times.

After draft-ietf-httpapi-idempotency-key-header. Only what was taken in is remembered: whoever was refused puts it
right and sends it under the same key. Keys and bodies are kept as HMACs, so that the table says nothing of either.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import InvalidInput, MalformedInput

KEPT = "24 hours"
#: Long enough that nobody meets the key of somebody else by chance; a UUID has 36.
_KEY = re.compile(r'"([!-~]{16,128})"|([A-Za-z0-9_.:~+/=-]{16,128})')


class UnusableIdempotencyKey(MalformedInput):
    """The Idempotency-Key must have 16 to 128 visible ASCII characters, for example a UUID."""


class IdempotencyKeyReused(InvalidInput):
    """Something else was sent under this Idempotency-Key already. Use a new key for something new."""


@dataclass(frozen=True, slots=True)
class SentUnderKey:
    """A key and what came with it, as they are kept."""

    id: bytes
    body: bytes


def sent_under_key(key: str, body: bytes, secret: str) -> SentUnderKey:
    """Give what is kept of a header and a body; `UnusableIdempotencyKey`. Quotes round the key are no part of it."""
    match = _KEY.fullmatch(key.strip())
    if match is None:
        raise UnusableIdempotencyKey
    name = (match[1] or match[2]).encode()
    return SentUnderKey(
        _keyed(secret, b"idempotency key\x00" + name), _keyed(secret, b"idempotency body\x00" + body)
    )


async def answered_before(session: AsyncSession, sent: SentUnderKey) -> Mapping[str, Any] | None:
    """Give what was remembered when the same came before, else None; `IdempotencyKeyReused` when it was other."""
    row = (await session.execute(_READ, {"id": sent.id})).one_or_none()
    if row is None:
        return None
    if not hmac.compare_digest(bytes(row.body), sent.body):
        raise IdempotencyKeyReused
    made: Mapping[str, Any] = row.made
    return made


async def hold_key(session: AsyncSession, sent: SentUnderKey) -> Mapping[str, Any] | None:
    """Take a key for this transaction; None, or what somebody who was faster has `remember`ed.

    A twin of this request waits here until the other transaction has ended: if it was rolled back, this one goes on.
    """
    await session.execute(_FORGET_ONE, {"id": sent.id})
    if (await session.execute(_HOLD, {"id": sent.id, "body": sent.body})).first() is not None:
        return None
    return await answered_before(session, sent)


async def remember(session: AsyncSession, sent: SentUnderKey, made: Mapping[str, Any]) -> None:
    """Keep from what the answer to a held key can be made again."""
    await session.execute(_REMEMBER, {"id": sent.id, "made": orjson.dumps(made).decode()})


async def forget_old_keys(session: AsyncSession) -> None:
    """Delete the keys whose day is over (a periodic job)."""
    await session.execute(_FORGET)


def _keyed(secret: str, what: bytes) -> bytes:
    return hmac.digest(secret.encode(), what, hashlib.sha256)


_OLD = f"created_at < now() - interval '{KEPT}'"
_READ = text(f"SELECT body, made FROM core.idempotency_key WHERE id = :id AND NOT {_OLD}")  # noqa: S608 - a constant
_HOLD = text(
    "INSERT INTO core.idempotency_key (id, body) VALUES (:id, :body) ON CONFLICT (id) DO NOTHING RETURNING 1"
)
_REMEMBER = text("UPDATE core.idempotency_key SET made = CAST(:made AS jsonb) WHERE id = :id")
_FORGET_ONE = text(f"DELETE FROM core.idempotency_key WHERE id = :id AND {_OLD}")  # noqa: S608 - a constant
_FORGET = text(f"DELETE FROM core.idempotency_key WHERE {_OLD}")  # noqa: S608 - a constant
