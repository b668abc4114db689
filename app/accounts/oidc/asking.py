"""Asks one municipality's service, and no other host: no redirects, small answers, a few seconds."""

import asyncio
import functools
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2
import orjson

from app.accounts.oidc.problems import ServiceAnswersWrongly, ServiceUnreachable
from app.config import IdentityProvider

#: For the whole answer, waiting for one's turn included.
PATIENCE_S = 5.0
#: A set of keys with its certificates has some 20 kB.
LARGEST_BYTES = 200_000
AT_ONCE = 8
_PORTS = {"https": 443, "http": 80}

Origin = tuple[str, str, int]


class Asker:
    """Asks one service. What is wrong with an answer is told as `ServiceUnreachable` or `ServiceAnswersWrongly`."""

    def __init__(self, provider: IdentityProvider) -> None:
        self._origins = {origin_of(provider.issuer)} | {origin_of(f"https://{one}") for one in provider.hosts}
        self._turns = asyncio.Semaphore(AT_ONCE)

    def may_ask(self, url: str) -> bool:
        """Whether an address is one of the service's: same scheme, host and port, and nobody's name in it."""
        try:
            parts = urlsplit(url)
            plain = url.isascii() and url.isprintable() and " " not in url and not parts.fragment
            return plain and parts.username is None and origin_of(url) in self._origins
        except ValueError:
            return False

    async def get(self, url: str) -> dict[str, Any]:
        """Give the JSON object that lies at an address."""
        status, body = await self._ask("GET", url)
        if status != httpx2.codes.OK:
            raise ServiceAnswersWrongly(f"status {status}")
        return body

    async def post(
        self, url: str, form: Mapping[str, str], basic: tuple[str, str] | None
    ) -> tuple[int, dict[str, Any]]:
        """Send a form and give the status and the JSON object that came back."""
        return await self._ask("POST", url, data=dict(form), auth=basic)

    async def _ask(self, method: str, url: str, **more: Any) -> tuple[int, dict[str, Any]]:
        if not self.may_ask(url):
            raise ServiceAnswersWrongly("an address elsewhere")
        try:
            async with asyncio.timeout(PATIENCE_S), self._turns:
                status, body = await _answer(method, url, **more)
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError) as error:
            raise ServiceUnreachable from error
        if status >= httpx2.codes.INTERNAL_SERVER_ERROR:
            raise ServiceUnreachable
        try:
            said = orjson.loads(body)
        except ValueError:
            raise ServiceAnswersWrongly("no JSON") from None
        if not isinstance(said, dict):
            raise ServiceAnswersWrongly("no JSON object")
        return status, said


def origin_of(url: str) -> Origin:
    """Give scheme, host and port of an address; ValueError for what has none that we would ask."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError
    return parts.scheme, parts.hostname.lower(), parts.port or _PORTS[parts.scheme]


async def _answer(method: str, url: str, **more: Any) -> tuple[int, bytes]:
    """Give status and body. A connection for each: people sign in seldom, and nothing stays open between them."""
    # An answer that is packed could be much larger than it looks.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Pomapa"}
    async with (
        httpx2.AsyncClient(
            verify=_trust(), timeout=PATIENCE_S, headers=headers, follow_redirects=False, trust_env=False
        ) as client,
        client.stream(method, url, **more) as answer,
    ):
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise ServiceAnswersWrongly("a packed answer")
        body = b""
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > LARGEST_BYTES:
                raise ServiceAnswersWrongly("too long an answer")
        return answer.status_code, body


@functools.cache
def _trust() -> ssl.SSLContext:
    """The certificates that this machine trusts; to read them takes tens of milliseconds."""
    return ssl.create_default_context()
