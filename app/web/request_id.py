"""A number for each request, in its log lines and in its answer, so that a report can be found in the log."""

import secrets

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.asgi import replace_header


class RequestId:
    """Gives each request a random id. One sent from outside is not taken over: logs are ours."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put the id into the scope's state, the log's context and the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id

        async def with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                replace_header(message, "x-request-id", request_id)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self.app(scope, receive, with_id)


def request_id_of(scope: Scope) -> str:
    """The id of a request, or an empty text outside of `RequestId`."""
    return str(scope.get("state", {}).get("request_id", ""))
