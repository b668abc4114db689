"""When an answer was made, in a header that every cache on its way passes on as it is."""

from email.utils import formatdate

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.asgi import replace_header

HEADER = "x-answered-at"


class AnsweredAt:
    """Says in each answer, in GMT as `Date` does, when it was made; in a 304, when it was last found to be true.

    `Date` does not say it: a server in front writes its own into what it has kept, be it a day old. The difference
    of the two is the age, whatever the reader's clock shows (static/js/sw/age.js).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add the time to what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_time(message: Message) -> None:
            if message["type"] == "http.response.start":
                replace_header(message, HEADER, formatdate(usegmt=True))
            await send(message)

        await self.app(scope, receive, with_time)
