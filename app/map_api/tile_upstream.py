"""The raster tile server behind our proxy: asked politely, never waited for long, left alone when it fails.

An outage is one line in the log when it begins and one when it ends, however many tiles it costs.
"""

import asyncio
import time

import httpx2

from app.log import logger
from app.map_api.tile_cache import Picture, TileCache, picture_type

TIMEOUT_S = 5.0
LARGEST_BYTES = 1_000_000
#: Connections at once, as the usage policy of the default upstream asks for.
AT_ONCE = 2
#: A visitor's tile waits so long for its turn, with so many others at most. Waiting is no failure of the upstream:
#: a screen of a map that nobody has looked at yet asks for fifty tiles at once.
PATIENCE_S = 15.0
MOST_WAITING = 400
#: Failures in a row after which the upstream is left alone, and for how long.
FAILURES = 3
REST_S = 60.0

_log = logger("app.map_api")


class TileUpstream:
    """Gives tiles from the cache, and from the upstream what is missing or old.

    Nothing of the visitor's request goes upstream: not the address, not the language, not the page.
    """

    def __init__(self, template: str, user_agent: str, cache: TileCache) -> None:
        """Ask `template`, an address with `{z}`, `{x}` and `{y}`."""
        self._template = template
        self._cache = cache
        self._client = httpx2.AsyncClient(
            timeout=TIMEOUT_S,
            headers={"User-Agent": user_agent, "Accept": "image/png,image/jpeg,image/webp"},
            follow_redirects=False,
            trust_env=False,
            limits=httpx2.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE),
        )
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._asking: dict[tuple[int, int, int], asyncio.Task[Picture | None]] = {}
        self._failures = 0
        self._rest_until = 0.0
        self._out = False

    async def picture(self, z: int, x: int, y: int) -> Picture | None:
        """Give a tile; an old one when the upstream fails, None when there is none at all.

        Many requests for one missing tile ask the upstream once.
        """
        held = await asyncio.to_thread(self._cache.read, z, x, y)
        if held is not None and held.fresh:
            return held
        return await self._fetched_once(z, x, y) or held

    async def close(self) -> None:
        """End what is still being asked, and the connections."""
        for task in list(self._asking.values()):
            task.cancel()
        await self._client.aclose()

    async def _fetched_once(self, z: int, x: int, y: int) -> Picture | None:
        key = (z, x, y)
        task = self._asking.get(key)
        if task is None:
            if self._resting or len(self._asking) >= MOST_WAITING:
                return None
            task = self._asking[key] = asyncio.create_task(self._fetch_in_turn(z, x, y))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        # A visitor who goes away does not take the tile from the others who wait for it.
        return await asyncio.shield(task)

    @property
    def _resting(self) -> bool:
        return time.monotonic() < self._rest_until

    async def _fetch_in_turn(self, z: int, x: int, y: int) -> Picture | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._turns.acquire()
        except TimeoutError:
            return None
        try:
            # It may have failed for those who were before us.
            return None if self._resting else await self._fetch(z, x, y)
        finally:
            self._turns.release()

    async def _fetch(self, z: int, x: int, y: int) -> Picture | None:
        address = self._template.replace("{z}", str(z)).replace("{x}", str(x)).replace("{y}", str(y))
        body, reason = b"", "no picture"
        try:
            async with asyncio.timeout(TIMEOUT_S), self._client.stream("GET", address) as answer:
                if answer.status_code == httpx2.codes.NOT_FOUND:
                    return None
                answer.raise_for_status()
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > LARGEST_BYTES:
                        break
        except (httpx2.HTTPError, TimeoutError, OSError) as error:
            body, reason = b"", _reason(error)
        kind = picture_type(body) if len(body) <= LARGEST_BYTES else None
        if kind is None:
            self._note_failure(reason)
            return None
        self._note_success()
        await asyncio.to_thread(self._cache.write, z, x, y, body)
        return Picture(body, kind, 0.0)

    def _note_failure(self, reason: str) -> None:
        self._failures += 1
        if self._failures < FAILURES:
            return
        self._rest_until = time.monotonic() + REST_S
        self._failures = 0
        if not self._out:
            self._out = True
            _log.warning("the base map cannot be reached", reason=reason, count=FAILURES)

    def _note_success(self) -> None:
        self._failures = 0
        if self._out:
            self._out = False
            _log.info("the base map is reached again")


def _reason(error: Exception) -> str:
    """What of a failure may stand in a log: the status or the kind of error, nothing of the address."""
    if isinstance(error, httpx2.HTTPStatusError):
        return f"status {error.response.status_code}"
    return type(error).__name__
