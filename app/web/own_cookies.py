"""Which cookies reach the application: only those that it gives itself, in the form in which it gives them."""

from collections.abc import Iterator

from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.session_cookie import LONGEST_VALUE, NAMES


class OwnCookies:
    """Takes every cookie out of a request that we cannot have given.

    FastAPI reads all cookies of every request, and Python up to 3.11.9 takes seconds to read one of 30 kB in
    quotation marks (CVE-2024-7592). Ours are short and have none.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on without what is not ours."""
        if scope["type"] == "http" and any(name == b"cookie" for name, _ in scope["headers"]):
            scope["headers"] = list(_without_others(scope["headers"]))
        await self.app(scope, receive, send)


def _without_others(headers: list[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    for name, value in headers:
        if name != b"cookie":
            yield name, value
        elif own := b"; ".join(pair for pair in map(bytes.strip, value.split(b";")) if is_own(pair)):
            yield name, own


def is_own(pair: bytes) -> bool:
    """Whether `name=value` is a cookie that we can have given."""
    name, _, value = pair.partition(b"=")
    return name.decode("latin-1") in NAMES and len(value) <= LONGEST_VALUE and b'"' not in value
