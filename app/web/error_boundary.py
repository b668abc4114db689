"""The outermost net: whatever a request ends in, the client gets an answer and the log gets no values."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import PomapaError
from app.log import log_failure
from app.log.access import route_template
from app.templating import Templates
from app.web.banners import look_at_banners
from app.web.problems import respond, wants_problem_json


class ErrorBoundary:
    """Turns exceptions of everything inside it into answers. Nothing is raised on to the server."""

    def __init__(self, app: ASGIApp, templates: Templates) -> None:
        self.app = app
        self.templates = templates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and answer for what goes wrong."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watching(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watching)
        except Exception as error:  # noqa: BLE001 - this is the place for all of them
            if started:
                # Half an answer is out: only closing the connection tells the client so.
                log_failure("app.web", "answer broke off", error, route=route_template(scope))
                raise BrokenAnswerError from None
            await respond(scope, error, self.templates)(scope, receive, send)


class BrokenAnswerError(RuntimeError):
    """An answer broke off in the middle."""


def handle_errors(app: FastAPI, templates: Templates) -> None:
    """Let the application's own errors be answered in the same way, wherever they are raised."""

    async def handler(request: Request, error: Exception) -> Response:
        if not wants_problem_json(request.scope):
            await look_at_banners(request)
        return respond(request.scope, error, templates)

    for kind in (PomapaError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, handler)
