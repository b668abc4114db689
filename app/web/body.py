"""Request bodies: size, speed, encoding and form are checked before anything else sees them."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from email.message import Message as MimeHeader

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import MalformedInput, PomapaError, TooLarge, UnsupportedMedia
from app.web import strict_form, strict_json
from app.web.asgi import SAFE_METHODS, header
from app.web.client_address import CUSTOMER_PREFIX, client_address, counted_as
from app.web.large_bodies import LARGE, LargeBodies

DEFAULT_LIMIT = 64 * 1024
#: A body has this long to arrive, and a second more for every so many bytes that have come.
PATIENCE_S = 12.0
SLOWEST_BYTES_PER_S = 4096
#: Of what is longer than any form without a file: the connection that sends one is no slower than this, or gives up.
SLOWEST_OF_FILE = 16_384
#: What browsers send has about a hundred characters. The library that reads it takes seconds for long ones.
LONGEST_CONTENT_TYPE = 500


class SlowBody(PomapaError):  # noqa: N818 - an error's name is its cause
    """What you send takes too long to arrive. Try again on a better connection."""

    status = 408


class BrokenBody(MalformedInput):
    """What you sent did not arrive whole."""


class BodyGuard:
    """Reads the bodies of changing requests and passes on only well-formed JSON and forms.

    `limits` sets other sizes than 64 kB for paths that begin in a certain way, the longest first. JSON is
    what programs send: it is taken only under `json_paths`, and nobody's time is spent on it elsewhere; there
    nothing else is taken, so that no page elsewhere can have a form send it.
    `file_limits` are sizes by path prefix of forms that carry a file (`multipart/form-data`). Of bodies as large as these
    only so many are held at once (`LargeBodies`), by the address that comes through `trusted_proxies`.
    Parsed forms are left in the scope for `form_values`.
    """

    def __init__(
        self,
        app: ASGIApp,
        limits: Mapping[str, int] | None = None,
        json_paths: tuple[str, ...] = (),
        file_limits: Mapping[str, int] | None = None,
        trusted_proxies: tuple[str, ...] = (),
    ) -> None:
        self.app = app
        self.trusted_proxies = trusted_proxies
        self.large_bodies = LargeBodies()
        self.json_paths = json_paths
        self.limits = sorted((limits or {}).items(), key=lambda pair: -len(pair[0]))
        self.file_limits = sorted((file_limits or {}).items(), key=lambda pair: -len(pair[0]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check and pass on; a family of `PomapaError` for what cannot be taken."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        encoding = (header(scope, "content-encoding") or "identity").strip().lower()
        if encoding != "identity":
            raise UnsupportedMedia
        # A seat is held to the end of the answer: so long the body is in memory.
        with contextlib.ExitStack() as seats:

            def once_large() -> None:
                address = client_address(scope, self.trusted_proxies)
                seats.enter_context(self.large_bodies.seat(counted_as(address, CUSTOMER_PREFIX)))

            body = await read(scope, receive, self.limit_for(scope), once_large)
            body = check(scope, body, json_taken=scope["path"].startswith(self.json_paths))
            await self.app(scope, replay(body, receive), send)

    def limit_for(self, scope: Scope) -> int:
        """How many bytes may be sent to a path."""
        path: str = scope["path"]
        least = next((size for prefix, size in self.limits if path.startswith(prefix)), DEFAULT_LIMIT)
        if not (header(scope, "content-type") or "").lower().startswith("multipart/form-data"):
            return least
        return next((size for prefix, size in self.file_limits if path.startswith(prefix)), least)


def check(scope: Scope, body: bytes, *, json_taken: bool) -> bytes:
    """Give the body to pass on; `UnsupportedMedia` for a type that nothing here takes."""
    content_type = header(scope, "content-type")
    if content_type is None:
        if body:
            raise UnsupportedMedia
        return body
    if len(content_type) > LONGEST_CONTENT_TYPE:
        raise UnsupportedMedia
    mime = MimeHeader()
    mime["content-type"] = content_type
    media_type, charset = mime.get_content_type(), mime.get_param("charset")
    if charset is not None and str(charset).lower() not in {"utf-8", "utf8"}:
        raise UnsupportedMedia
    if json_taken:
        if media_type != "application/json":
            raise UnsupportedMedia
        return strict_json.checked(body)
    if media_type == "application/x-www-form-urlencoded":
        scope[strict_form.SCOPE_KEY] = strict_form.parse_urlencoded(body)
    elif media_type == "multipart/form-data":
        scope[strict_form.SCOPE_KEY] = strict_form.parse_multipart(body, content_type)
    elif body:
        raise UnsupportedMedia
    return body


async def read(scope: Scope, receive: Receive, limit: int, once_large: Callable[[], None]) -> bytes:
    """The whole body; `TooLarge` as soon as it is over `limit`, `SlowBody` when it trickles.

    `once_large` is asked as soon as it is known that the body is a large one, and refuses by raising.
    """
    declared = header(scope, "content-length") or ""
    if declared.isdecimal() and (len(declared) > 18 or int(declared) > limit):
        raise TooLarge
    is_large = declared.isdecimal() and int(declared) > LARGE
    if is_large:
        once_large()
    loop = asyncio.get_running_loop()
    started = loop.time()
    pieces = bytearray()
    while True:
        try:
            within_s = min(len(pieces), LARGE) / SLOWEST_BYTES_PER_S
            within_s += max(len(pieces) - LARGE, 0) / SLOWEST_OF_FILE
            async with asyncio.timeout_at(started + PATIENCE_S + within_s):
                message = await receive()
        except TimeoutError as error:
            raise SlowBody from error
        if message["type"] == "http.disconnect":
            raise BrokenBody
        pieces += message.get("body", b"")
        if len(pieces) > limit:
            raise TooLarge
        if not is_large and len(pieces) > LARGE:
            is_large = True
            once_large()
        if not message.get("more_body", False):
            return bytes(pieces)


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once and then whatever the connection has to say."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
