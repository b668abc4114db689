"""Lets pages of other origins read the public data, without credentials, and nothing else."""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.asgi import header, replace_header

#: Where programs read; everything below answers the same to everybody.
PUBLIC_PREFIXES = ("/api/", "/ogc", "/hsds")
READABLE = "ETag, Link, Retry-After, X-Request-ID"
PREFLIGHT = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD",
    "access-control-allow-headers": "Accept, Accept-Language, If-None-Match",
    "access-control-max-age": "86400",
    "cache-control": "public, max-age=86400",
}


class PublicCors:
    """Opens reading under `PUBLIC_PREFIXES` to every origin; sending from other origins stays closed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a browser's question beforehand, and mark readable answers."""
        if scope["type"] != "http" or not scope["path"].startswith(PUBLIC_PREFIXES):
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS" and header(scope, "access-control-request-method"):
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, send)
            return
        readable = scope["method"] in {"GET", "HEAD"}

        async def opened(message: Message) -> None:
            if message["type"] == "http.response.start" and readable:
                replace_header(message, "access-control-allow-origin", "*")
                replace_header(message, "access-control-expose-headers", READABLE)
                replace_header(message, "cross-origin-resource-policy", "cross-origin")
            await send(message)

        await self.app(scope, receive, opened)
