"""HEAD: what GET would say, without its body (RFC 9110, 9.3.2)."""

from starlette.responses import FileResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ASKED = "pomapa.head"


class HeadAsGet:
    """Answers HEAD by the GET route and leaves the body out, so that no route has to think of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Turn HEAD into GET on the way in, and drop the body on the way out."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        scope["method"] = "GET"
        scope[_ASKED] = True

        async def without_body(message: Message) -> None:
            # The server has to know again that it was HEAD: it counts the bytes of any other answer.
            scope["method"] = "HEAD"
            if message["type"] == "http.response.body":
                if message.get("more_body", False):
                    return
                message = {"type": "http.response.body", "body": b"", "more_body": False}
            await send(message)

        await self.app(scope, receive, without_body)


class LargeFile(FileResponse):
    """A file that is not even opened for HEAD: what would be left out of the answer need not be read."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or only its headers."""
        method = "HEAD" if scope.get(_ASKED) else scope["method"]
        await super().__call__({**scope, "method": method}, receive, send)
