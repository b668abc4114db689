"""Answers that are dear to make, kept in this process for as long as the layer stays as it is."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

#: Together they take no more memory than this; one alone no more than a part of it.
LARGEST_TOTAL = 32 * 1024 * 1024
LARGEST_ONE = LARGEST_TOTAL // 64
#: What keeping an answer takes beside its bytes: its key, two objects' heads and a place in an ordered mapping that may
#: be half empty. Most tiles of a deserted country are smaller than that.
OVERHEAD = 320


class AnswerCache:
    """Bytes by the strong validator of their answer, the longest unused forgotten first.

    A validator names a version of the layer, so nothing here can outlive what it was made from: after a
    publication nobody asks for the old one any more. Whoever asks while an answer is being made waits for it.
    """

    def __init__(self, largest_total: int = LARGEST_TOTAL) -> None:
        """Begin empty."""
        self._largest_total = largest_total
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._total = 0
        self._being_made: dict[str, asyncio.Future[bytes]] = {}

    async def get(self, etag: str, make: Callable[[], Awaitable[bytes]]) -> bytes:
        """Give the answer of a validator; `make` is asked for it once. Its error is everybody's who waits."""
        kept = self._kept.get(etag)
        if kept is not None:
            self._kept.move_to_end(etag)
            return kept
        making = self._being_made.get(etag)
        if making is None:
            making = self._being_made[etag] = asyncio.ensure_future(make())
            making.add_done_callback(lambda done: self._keep(etag, done))
        # Whoever goes away must not take it from those who still wait.
        return await asyncio.shield(making)

    def _keep(self, etag: str, made: asyncio.Future[bytes]) -> None:
        del self._being_made[etag]
        if made.cancelled() or made.exception() is not None:
            return
        body = made.result()
        if len(body) > LARGEST_ONE:
            return
        self._kept[etag] = body
        self._total += OVERHEAD + len(body)
        while self._total > self._largest_total:
            _, gone = self._kept.popitem(last=False)
            self._total -= OVERHEAD + len(gone)
