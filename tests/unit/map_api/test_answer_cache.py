import asyncio
import gc
import tracemalloc

import pytest

from app.map_api.answer_cache import LARGEST_ONE, OVERHEAD, AnswerCache
from app.web.etag import strong_etag


class Kitchen:
    """Makes answers, and counts them."""

    def __init__(self, body: bytes = b"x", *, fails: bool = False) -> None:
        self.body, self.fails, self.made = body, fails, 0

    async def make(self) -> bytes:
        self.made += 1
        await asyncio.sleep(0.01)
        if self.fails:
            raise ConnectionError
        return self.body


async def test_many_who_ask_at_once_and_later_get_one_answer() -> None:
    cache, kitchen = AnswerCache(), Kitchen()
    answers = await asyncio.gather(*(cache.get("a", kitchen.make) for _ in range(9)))
    assert [*answers, await cache.get("a", kitchen.make)] == [b"x"] * 10
    assert kitchen.made == 1
    await cache.get("b", kitchen.make)
    assert kitchen.made == 2


async def test_an_error_is_not_kept() -> None:
    cache, kitchen = AnswerCache(), Kitchen(fails=True)
    results = await asyncio.gather(*(cache.get("a", kitchen.make) for _ in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [ConnectionError] * 3
    assert kitchen.made == 1
    kitchen.fails = False
    assert await cache.get("a", kitchen.make) == b"x"


async def test_one_who_goes_away_takes_nothing_from_the_others() -> None:
    cache, kitchen = AnswerCache(), Kitchen()
    first, second = (asyncio.ensure_future(cache.get("a", kitchen.make)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await second == b"x"
    assert kitchen.made == 1


async def test_what_was_longest_unused_is_forgotten_first_and_what_is_too_large_is_never_kept() -> None:
    cache = AnswerCache(largest_total=3 * (OVERHEAD + 10))
    kitchen = Kitchen(b"0123456789")
    for etag in ("a", "b", "c", "a", "d"):
        await cache.get(etag, kitchen.make)
    assert kitchen.made == 4
    await cache.get("a", kitchen.make)
    assert kitchen.made == 4
    await cache.get("b", kitchen.make)
    assert kitchen.made == 5
    large = Kitchen(b"0" * (LARGEST_ONE + 1))
    await cache.get("large", large.make)
    await cache.get("large", large.make)
    assert large.made == 2


@pytest.mark.parametrize("size", [1, 60, 5000])
async def test_no_more_memory_is_taken_than_was_granted_however_small_the_answers_are(size: int) -> None:
    granted = 512 * 1024
    made = 0

    async def make() -> bytes:
        nonlocal made
        made += 1
        return made.to_bytes(8, "big") * (size // 8) + bytes(size % 8)

    gc.collect()
    tracemalloc.start()
    try:
        cache = AnswerCache(largest_total=granted)
        for number in range(2 * granted // (size + 60)):
            await cache.get(strong_etag(number), make)
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Not less than half, either, or it would be a small cache.
    assert granted / 4 < taken <= granted
