"""Seals a text so that the database alone cannot read it: the key is made from an address that is stored nowhere.

SHAKE-256 under a key that serves one text makes the stream of a cipher, and an HMAC over what it hid tells whether it
was touched (encrypt, then authenticate). Nothing but the standard library is needed.
"""

import hashlib
import hmac
import re
import secrets
import zlib
from dataclasses import dataclass

_ADDRESS = re.compile(r"[A-Za-z0-9_-]{22}")
_NONCE_BYTES = 16
_MAC_BYTES = 32


def new_address() -> str:
    """128 random bits as 22 letters, digits, hyphens and underscores."""
    return secrets.token_urlsafe(16)


def is_address(text: str) -> bool:
    """Whether a text may be an address that we made."""
    return _ADDRESS.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Seal:
    """What opens one text: its `address`, and the secret key of the installation."""

    address: str
    secret: str

    @property
    def id(self) -> bytes:
        """The name under which the sealed text is kept; it does not lead back to the address."""
        return self._derived("id")[:16]

    def close(self, plain: bytes) -> bytes:
        """Seal a text; it is packed before, so that its length says little."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        hidden = self._streamed(nonce, zlib.compress(plain))
        return nonce + self._mac(nonce + hidden) + hidden

    def open(self, sealed: bytes) -> bytes | None:
        """The text; None for what this seal did not close, or somebody has touched."""
        nonce, mac, hidden = (
            sealed[:_NONCE_BYTES],
            sealed[_NONCE_BYTES : _NONCE_BYTES + _MAC_BYTES],
            sealed[_NONCE_BYTES + _MAC_BYTES :],
        )
        if not hmac.compare_digest(mac, self._mac(nonce + hidden)):
            return None
        return zlib.decompress(self._streamed(nonce, hidden))

    def _streamed(self, nonce: bytes, text: bytes) -> bytes:
        stream = hashlib.shake_256(self._derived("stream") + nonce).digest(len(text))
        mixed = int.from_bytes(text, "big") ^ int.from_bytes(stream, "big")
        return mixed.to_bytes(len(text), "big")

    def _mac(self, text: bytes) -> bytes:
        return hmac.digest(self._derived("mac"), text, hashlib.sha256)

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(
            self.secret.encode(), f"form draft {purpose} {self.address}".encode(), hashlib.sha256
        )
