"""How many large bodies this process holds in memory at once: of all clients together, and of each."""

import contextlib
from collections import Counter
from collections.abc import Iterator

from app.errors import Overloaded, TooManyRequests

#: What is longer than any form without a file counts as large, in bytes.
LARGE = 256_000
#: Some 20 MB each at most, with what is read out of it; about as many photos as are drawn and wait to be.
AT_ONCE = 16
#: Two people in one household may send a photo at the same moment; who has very many connections may not fill all seats.
OF_ONE = 2
RETRY_AFTER_S = 30


class FilesBusy(Overloaded):
    """Very many photos are being sent. Wait a few minutes, or send the rest without one."""


class LargeBodies:
    """The seats of a process for large bodies. Only whoever has one has theirs read any further."""

    def __init__(self) -> None:
        """All of them are free."""
        self._held: Counter[str] = Counter()

    @contextlib.contextmanager
    def seat(self, client: str) -> Iterator[None]:
        """Hold a seat for the time of the block; `FilesBusy` or `TooManyRequests` at once where none is free."""
        if self._held[client] >= OF_ONE:
            raise TooManyRequests(retry_after_s=RETRY_AFTER_S)
        if self._held.total() >= AT_ONCE:
            raise FilesBusy
        self._held[client] += 1
        try:
            yield
        finally:
            self._held[client] -= 1
            # Nobody stays in it for having been here.
            self._held += Counter()
