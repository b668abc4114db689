"""Links and codes that give whoever has them a power: made from an id and the secret key, and stored nowhere.

A queued mail holds a `SecretLink` or a `SecretCode`, which says what it is for; the link or the code itself is made when
the mail is written. So a copy of the database opens nothing, neither while a mail waits nor after.
"""

import base64
import binascii
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

#: Bytes of the keyed hash: 128 bits.
MAC_BYTES: Final = 16
ID_BYTES: Final = 16
_MARK: Final = "secret_link"
_CODE_MARK: Final = "secret_code"
#: Without the letters and digits that are taken for one another in handwriting.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _IN_GROUP = 2, 5


@dataclass(frozen=True, slots=True)
class SecretLink:
    """A link to be made: the address up to its secret part, what it is for, and the id of what it opens."""

    before: str
    purpose: str
    id: uuid.UUID

    def to_value(self) -> dict[str, Any]:
        """Give it as JSON, for the values of a queued mail."""
        return {_MARK: {"before": self.before, "purpose": self.purpose, "id": str(self.id)}}

    def address(self, secret: str) -> str:
        """Make the link."""
        return self.before + make_token(secret, self.purpose, self.id)


@dataclass(frozen=True, slots=True)
class SecretCode:
    """A code to be made, which somebody reads in a mail and types: what it is for, and an id of its own."""

    purpose: str
    id: uuid.UUID

    def to_value(self) -> dict[str, Any]:
        """Give it as JSON, for the values of a queued mail."""
        return {_CODE_MARK: {"purpose": self.purpose, "id": str(self.id)}}

    def typed(self, secret: str) -> str:
        """Make the code, such as `k7fm2-xqapd`: 49 bits."""
        number = int.from_bytes(_mac(secret, f"code {self.purpose}", self.id))
        letters = ""
        for _ in range(_GROUPS * _IN_GROUP):
            number, at = divmod(number, len(_LETTERS))
            letters += _LETTERS[at]
        return "-".join(letters[at : at + _IN_GROUP] for at in range(0, len(letters), _IN_GROUP))


def make_token(secret: str, purpose: str, object_id: uuid.UUID) -> str:
    """Give the last part of a link: 43 letters, digits, hyphens and underscores."""
    raw = object_id.bytes + _mac(secret, purpose, object_id)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_token(secret: str, purpose: str, token: str) -> uuid.UUID | None:
    """Give the id that a token was made for; None for anything that we did not make for this purpose."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != ID_BYTES + MAC_BYTES:
        return None
    object_id = uuid.UUID(bytes=raw[:ID_BYTES])
    return object_id if hmac.compare_digest(raw[ID_BYTES:], _mac(secret, purpose, object_id)) else None


def with_links(values: Mapping[str, Any], secret: str) -> dict[str, Any]:
    """Give the values of a mail with each link and code made. What people wrote is text, and never taken for one."""
    return {name: _made(value, secret) for name, value in values.items()}


def _made(value: Any, secret: str) -> Any:
    if isinstance(value, Mapping) and value.keys() == {_CODE_MARK}:
        given = value[_CODE_MARK]
        return SecretCode(given["purpose"], uuid.UUID(given["id"])).typed(secret)
    if not isinstance(value, Mapping) or value.keys() != {_MARK}:
        return value
    given = value[_MARK]
    return SecretLink(given["before"], given["purpose"], uuid.UUID(given["id"])).address(secret)


def _mac(secret: str, purpose: str, object_id: uuid.UUID) -> bytes:
    message = f"{purpose} ".encode() + object_id.bytes
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()[:MAC_BYTES]
