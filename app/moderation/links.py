"""The links that a submitter gets: each is made from the submission's id and the secret key, and stored nowhere.

Whoever reads the database cannot make one, and whoever has one can do with it what its purpose says and
nothing else. What a link may do only once is guarded by the state of the submission.
"""

import base64
import binascii
import hashlib
import hmac
import uuid
from typing import Literal

from app.errors import NotFound

Purpose = Literal["confirm", "status"]
#: Bytes of the keyed hash: 128 bits.
MAC_BYTES = 16
ID_BYTES = 16


class LinkNotFound(NotFound):
    """This link is not complete or no longer valid."""


def make_token(secret: str, purpose: Purpose, submission_id: uuid.UUID) -> str:
    """Give the last part of a link: 43 letters, digits, hyphens and underscores."""
    raw = submission_id.bytes + _mac(secret, purpose, submission_id)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_token(secret: str, purpose: Purpose, token: str) -> uuid.UUID:
    """Give the submission that a token was made for; `LinkNotFound` for anything that we did not make."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise LinkNotFound from None
    if len(raw) != ID_BYTES + MAC_BYTES:
        raise LinkNotFound
    submission_id = uuid.UUID(bytes=raw[:ID_BYTES])
    if not hmac.compare_digest(raw[ID_BYTES:], _mac(secret, purpose, submission_id)):
        raise LinkNotFound
    return submission_id


def _mac(secret: str, purpose: Purpose, submission_id: uuid.UUID) -> bytes:
    message = f"submission {purpose} ".encode() + submission_id.bytes
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()[:MAC_BYTES]
