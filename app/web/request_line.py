"""The outer limits of a request: known methods, addresses and headers of a reasonable size."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import PomapaError

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
#: As long as nginx takes by default; a page with every filter set has a few hundred.
LONGEST_ADDRESS = 8192
MOST_HEADERS = 100
LARGEST_HEADERS = 32 * 1024


class AddressTooLong(PomapaError):  # noqa: N818 - an error's name is its cause
    """This address is too long."""

    status = 414


class HeadersTooLarge(PomapaError):  # noqa: N818 - named by what is wrong
    """Your browser sends too much along with its request. Clear the cookies of this page and try again."""

    status = 431


class RequestLine:
    """Refuses what no browser and no honest program sends."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is within the limits: 405, 414 or 431 for the rest."""
        if scope["type"] == "http":
            if scope["method"] not in METHODS:
                raise HTTPException(405, headers={"Allow": ", ".join(sorted(METHODS))})
            if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_ADDRESS:
                raise AddressTooLong
            headers = scope["headers"]
            size = sum(len(name) + len(value) for name, value in headers)
            if len(headers) > MOST_HEADERS or size > LARGEST_HEADERS:
                raise HeadersTooLarge
        await self.app(scope, receive, send)
