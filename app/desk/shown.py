"""When a submission was shown to whoever decides on it: what is decided at once has not been read.

After a decision the next submission stands where the last one stood, its buttons too, so that the second press of a
slow double click would decide on it. The moment goes through the page, signed; nothing is kept.
"""

import hashlib
import hmac
import uuid
from dataclasses import dataclass

from app.errors import Conflict

#: Longer than between the presses of a slow double click, shorter than anybody needs to read a name. The page's
#: script waits as long (static/js/desk/pause.js) and begins later, so that it is never too early for the server.
LEAST_S = 1.0
_MAC_BYTES = 16


class NotRead(Conflict):
    """Read it first, then decide."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page showed: one version of a submission."""

    submission_id: uuid.UUID
    version: int

    def stamp(self, secret: str, now_s: float) -> str:
        """Give the moment as it stands in the page: `<milliseconds of the epoch>.<signature>`."""
        at_ms = int(now_s * 1000)
        return f"{at_ms}.{self._mac(secret, at_ms)}"

    def check_was_read(self, stamp: str, secret: str, now_s: float) -> None:
        """Raise `NotRead` for what was shown less than `LEAST_S` ago, and for a stamp that is not ours."""
        at, _, mac = stamp.partition(".")
        at_ms = int(at) if at.isascii() and at.isdigit() and len(at) < 20 else -1
        ours = hmac.compare_digest(mac.encode(), self._mac(secret, at_ms).encode())
        if not ours or now_s - at_ms / 1000 < LEAST_S:
            raise NotRead

    def _mac(self, secret: str, at_ms: int) -> str:
        said = f"shown {self.submission_id} {self.version} {at_ms}".encode()
        return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()[: 2 * _MAC_BYTES]
