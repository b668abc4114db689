"""A stamp of when a form was opened, so that what fills it in faster than a person can is noticed.

It goes through the page and is signed; nothing is kept. It also names this filling-in, so that the same
form sent twice is known to be the same.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass

#: Nobody reads five pages in less.
SHORTEST_S = 4
#: After a day the page is as good as forgotten; it is stamped anew.
LONGEST_S = 24 * 3600

_FORMAT = ">Q8s"
_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Started:
    """When a form was opened (seconds of the epoch), and the random number of this filling-in."""

    at_s: int
    number: bytes

    @classmethod
    def now(cls, now_s: float) -> "Started":
        """A form that is opened now."""
        return cls(int(now_s), secrets.token_bytes(8))

    def age_s(self, now_s: float) -> float:
        """How long it has been open."""
        return now_s - self.at_s

    def written(self, secret: str) -> str:
        """The stamp as it stands in the page."""
        raw = struct.pack(_FORMAT, self.at_s, self.number)
        return base64.urlsafe_b64encode(raw + _mac(secret, raw)).decode()


def read_started(text: str, secret: str, now_s: float) -> Started | None:
    """The stamp in the page; None when it is not ours, or a day old."""
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    size = struct.calcsize(_FORMAT)
    if len(raw) != size + _MAC_BYTES or not hmac.compare_digest(raw[size:], _mac(secret, raw[:size])):
        return None
    started = Started(*struct.unpack(_FORMAT, raw[:size]))
    return started if -1 <= started.age_s(now_s) <= LONGEST_S else None


def _mac(secret: str, raw: bytes) -> bytes:
    return hmac.new(secret.encode(), b"form started " + raw, hashlib.sha256).digest()[:_MAC_BYTES]
