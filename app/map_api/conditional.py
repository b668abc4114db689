"""Requests for what a client has already, answered before anything else is looked at."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from starlette.responses import Response

from app.layers.registry import LAYERS
from app.map_api.answers import etag_of
from app.web.asgi import header
from app.web.direct import DirectRoute
from app.web.etag import not_modified

Answer = Callable[[Request], Coroutine[Any, Any, Response]]


class ConditionalRoute(DirectRoute):
    """A route whose answer is decided by its address and the version of its layer alone.

    Who sends a validator that still holds gets 304 without a parameter read and without a connection. That
    is right for every address, since the validator covers it: only an answer that was good had one to give.
    """

    def get_route_handler(self) -> Answer:
        """The usual handler, behind the question whether the client has its answer."""
        usual = super().get_route_handler()

        async def answer(request: Request) -> Response:
            return await _unchanged(request) or await usual(request)

        return answer


async def _unchanged(request: Request) -> Response | None:
    validator = header(request.scope, "if-none-match")
    layer = str(request.path_params.get("layer"))
    # `*` holds for whatever exists, and `open_at=now` means another moment each time: those have to be looked at.
    if (
        not validator
        or validator.strip() == "*"
        or layer not in LAYERS
        or b"open_at" in request.scope["query_string"]
    ):
        return None
    return not_modified(request, await etag_of(request, layer))
