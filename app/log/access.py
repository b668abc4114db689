"""One line a request: what was asked of us and how long it took. No address, no query, no header."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from app.log.configure import log_often

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Asked every few seconds by machines; their answers say nothing about use.
UNLOGGED = frozenset({"/healthz", "/readyz"})


class AccessLog:
    """Logs each request under its route's template, so that ids and searches stay out of the log."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and log it when its answer is complete."""
        if scope["type"] != "http" or scope["path"] in UNLOGGED:
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        # Taken now: further in, a HEAD is answered as a GET.
        method = known_method(scope["method"])
        status, sent = 500, 0

        async def counting(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, counting)
        finally:
            log_often(
                "app.access",
                "request",
                {
                    "method": method,
                    "route": route_template(scope),
                    "status": status,
                    "bytes": sent,
                    "duration_ms": round((time.perf_counter() - started) * 1000, 1),
                },
            )


def route_template(scope: Scope) -> str:
    """The template of the route that matched, such as `/{lang}/add/{layer}`; `-` where none did."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    path = getattr(context, "path_format", None) or getattr(scope.get("route"), "path_format", None)
    return str(path) if path else "-"


def known_method(method: str) -> str:
    """The method's name, or `OTHER`: a made-up one is somebody's text."""
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "OTHER"
