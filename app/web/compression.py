"""Compresses text on its way out. Streams are compressed piece by piece and never held back."""

import asyncio
import zlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.asgi import add_vary, answer_header, has_header, header, replace_header
from app.web.etag import compressed_etag

LEVEL = 4
SMALLEST = 1024
#: Larger pieces are compressed in a thread, so that other requests go on meanwhile.
IN_THREAD_FROM = 128 * 1024
COMPRESSIBLE = frozenset(
    {
        "application/geo+json",
        "application/javascript",
        "application/json",
        "application/manifest+json",
        "application/problem+json",
        "application/schema+json",
        "application/vnd.mapbox-vector-tile",
        "application/vnd.oai.openapi+json",
        "application/xml",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)


class Compression:
    """Gzip for text over one kilobyte, for clients that take it. What is encoded already is left alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and compress what comes back where it pays."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(send, wanted=accepts_gzip(header(scope, "accept-encoding") or ""))
        await self.app(scope, receive, answer.pass_on)


class _Answer:
    """One answer: its start is kept until the first piece of the body shows whether to compress."""

    def __init__(self, send: Send, *, wanted: bool) -> None:
        self.send = send
        self.wanted = wanted
        self.start: Message | None = None
        self.packer: zlib._Compress | None = None

    async def pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if _is_compressible(message):
                add_vary(message, "Accept-Encoding")
                if self.wanted:
                    self.start = message
                    return
            await self.send(message)
        elif message["type"] == "http.response.body":
            await self._pass_on_body(message)
        else:
            await self._release()
            await self.send(message)

    async def _pass_on_body(self, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        if self.start is not None and (more or len(body) >= SMALLEST):
            self.packer = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
            _mark_compressed(self.start)
        if self.packer is None:
            await self._release()
            await self.send(message)
            return
        body = await self._pack(self.packer, body, more=more)
        if not more and self.start is not None:
            replace_header(self.start, "content-length", str(len(body)))
        await self._release()
        await self.send({**message, "body": body})

    async def _release(self) -> None:
        if self.start is not None:
            start, self.start = self.start, None
            await self.send(start)

    @staticmethod
    async def _pack(packer: "zlib._Compress", body: bytes, *, more: bool) -> bytes:
        end = zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH

        def pack() -> bytes:
            return packer.compress(body) + packer.flush(end)

        return await asyncio.to_thread(pack) if len(body) >= IN_THREAD_FROM else pack()


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether an `Accept-Encoding` header allows gzip (RFC 9110, 12.5.3)."""
    for part in accept_encoding.split(","):
        name, _, parameter = part.partition(";")
        if name.strip().lower() in {"gzip", "x-gzip"}:
            return parameter.replace(" ", "").lower() not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _is_compressible(start: Message) -> bool:
    if start["status"] in {204, 206, 304} or has_header(start, "content-encoding"):
        return False
    media_type = (answer_header(start, "content-type") or "").partition(";")[0].strip().lower()
    return media_type in COMPRESSIBLE


def _mark_compressed(start: Message) -> None:
    replace_header(start, "content-encoding", "gzip")
    replace_header(start, "content-length", None)
    etag = answer_header(start, "etag")
    if etag is not None:
        replace_header(start, "etag", compressed_etag(etag))
