"""Who was told a moment ago to come again later: told so again without asking the database.

Whoever floods us is refused at the price of looking into a dictionary. It is this process's memory alone, under a key that
is drawn when it starts and kept nowhere.
"""

import hashlib
import secrets
import time
from typing import Final

#: After this the database is asked again: what it says of a day that has just begun, or of counters that an operator has
#: emptied, is heard this soon.
BELIEVED_S: Final = 5.0
#: Of about 200 bytes each.
MOST_REMEMBERED: Final = 50_000


class ToldToWait:
    """Remembers refusals for a few seconds, at most `most` of them: the oldest are forgotten first."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        """Remember nobody yet."""
        self._secret = secrets.token_bytes(16)
        self._most = most
        #: Under the key of a client: when it may come again, until when that is believed.
        self._told: dict[bytes, tuple[float, float]] = {}

    def remember(self, limit: str, client: str, wait_s: float, believed_s: float | None = None) -> None:
        """Keep that a client of a limit was told to wait so many seconds, and for `believed_s` believe it (`BELIEVED_S`)."""
        now = time.monotonic()
        believed_s = BELIEVED_S if believed_s is None else believed_s
        key = self._key(limit, client)
        # Last in the order, also of those who are in it.
        self._told.pop(key, None)
        self._told[key] = (now + wait_s, now + min(wait_s, believed_s))
        if len(self._told) > self._most:
            del self._told[next(iter(self._told))]

    def left_s(self, limit: str, client: str) -> float:
        """How many seconds a client still has to wait; 0 for whoever the database has to be asked about."""
        told = self._told.get(self._key(limit, client))
        if told is None:
            return 0.0
        again, believed = told
        now = time.monotonic()
        return again - now if now < believed else 0.0

    def _key(self, limit: str, client: str) -> bytes:
        return hashlib.blake2b(f"{limit}\x1f{client}".encode(), key=self._secret, digest_size=16).digest()
