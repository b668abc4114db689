"""Keeps other sites from acting in a visitor's name (CSRF), without tokens in forms."""

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import Forbidden
from app.web.asgi import SAFE_METHODS, header
from app.web.own_host import OwnHosts

OWN_FETCHES = frozenset({"same-origin", "none"})


class ForeignOrigin(Forbidden):
    """This was sent from another site. Open the page here and try again."""


class OriginCheck:
    """Refuses every changing request that does not come from a page of ours.

    Browsers say so in `Sec-Fetch-Site`, older ones and plain http only in `Origin`. Programs have
    neither; they may send without cookies to the paths that are declared for them.
    """

    def __init__(self, app: ASGIApp, hosts: OwnHosts, program_paths: tuple[str, ...] = ()) -> None:
        self.app = app
        self.hosts = hosts
        self.program_paths = program_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from us; `ForeignOrigin` for the rest."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and not self.allows(scope):
            raise ForeignOrigin
        await self.app(scope, receive, send)

    def allows(self, scope: Scope) -> bool:
        """Whether a changing request may go on."""
        origin = header(scope, "origin")
        site = header(scope, "sec-fetch-site")
        if origin == "null" and site == "same-origin":
            # A browser that is told never to send referrers sends forms without an origin as well (Fetch, "append a
            # request `Origin` header"). No page can set `Sec-Fetch-Site`; a sandboxed frame elsewhere is cross-site.
            return True
        if origin is not None and not self._is_own(origin, scope):
            return False
        if site is not None:
            return site in OWN_FETCHES
        if origin is not None:
            return True
        return scope["path"].startswith(self.program_paths) and header(scope, "cookie") is None

    def _is_own(self, origin: str, scope: Scope) -> bool:
        """An origin is ours when its host is one of ours and the very one that was asked."""
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        host = header(scope, "host") or ""
        return (
            parts.scheme in {"http", "https"}
            and parts.netloc.lower() == host.lower()
            and self.hosts.allow(parts.netloc)
        )
