"""Every request under the rule that it holds one connection at a time."""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.db.one_connection import one_connection_at_a_time


class OneConnection:
    """Makes a request fail that takes a second connection of a watched database while it holds one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count for the time of the request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with one_connection_at_a_time():
            await self.app(scope, receive, send)
