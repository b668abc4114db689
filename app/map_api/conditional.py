"""Requests for what a client has already, answered before the application looks for a route."""

from collections.abc import Iterable

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from app.layers.registry import LAYERS
from app.map_api.answers import etag_of
from app.web.asgi import header
from app.web.etag import not_modified


class UnchangedAnswers:
    """Says 304 for routes whose answer is decided by its address and the version of its layer alone.

    Who sends a validator that still holds gets it without a parameter read and without a connection. That is right for
    every address, since the validator covers it: only an answer that was good had one to give. It stands behind the
    checks of address and host, and before all that only other requests need.
    """

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        """Answer for those of `routes` that have a `layer` in their path."""
        self.app = app
        self.routes = [
            route for route in routes if isinstance(route, APIRoute) and "layer" in route.param_convertors
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say that nothing has changed, or pass on."""
        unchanged = await self._unchanged(scope) if _names_a_validator(scope) else None
        await (unchanged or self.app)(scope, receive, send)

    async def _unchanged(self, scope: Scope) -> Response | None:
        for route in self.routes:
            matched = route.path_regex.match(scope["path"])
            if matched and matched["layer"] in LAYERS:
                request = Request(scope)
                unchanged = not_modified(request, await etag_of(request, matched["layer"]))
                if unchanged is not None:
                    # For the log.
                    scope["route"] = route
                return unchanged
        return None


def _names_a_validator(scope: Scope) -> bool:
    """Whether a request says what it has. `*` and `open_at=now` mean something else each time."""
    if scope["type"] != "http" or scope["method"] != "GET" or b"open_at" in scope["query_string"]:
        return False
    held = header(scope, "if-none-match")
    return held is not None and held.strip() not in {"", "*"}
