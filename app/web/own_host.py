"""Which host names are ours. Anything else is refused, so that no page and no mail is made for a foreign name."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from app.config import Settings
from app.errors import MalformedInput
from app.web.asgi import header

#: Asked by container runtimes and load balancers, which come by address.
PROBES = frozenset({"/healthz", "/readyz"})


_LITERAL = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9.-]+))(?::[0-9]{1,5})?\Z")


class ForeignHost(MalformedInput):
    """This address does not belong to this service."""


@dataclass(frozen=True, slots=True)
class OwnHosts:
    """The public host, and on a developer's machine every literal address and `localhost`.

    A literal address cannot be re-bound by a foreign name server, which is what the check is for.
    """

    public: str
    literal_addresses: bool

    @classmethod
    def of(cls, settings: Settings) -> "OwnHosts":
        """The hosts of an installation."""
        return cls(
            public=urlsplit(settings.public_url).netloc.lower(),
            literal_addresses=settings.environment != "production",
        )

    def allow(self, host: str) -> bool:
        """Whether a `Host` header names this service; the usual ports may be written out."""
        host = host.lower()
        if host in {self.public, f"{self.public}:443", f"{self.public}:80"}:
            return True
        return self.literal_addresses and _is_local(host)


class HostCheck:
    """Refuses requests for host names that are not ours with 400."""

    def __init__(self, app: ASGIApp, hosts: OwnHosts) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is meant for us."""
        if scope["type"] == "http" and scope["path"] not in PROBES:
            host = header(scope, "host")
            if host is None or not self.hosts.allow(host):
                raise ForeignHost
        await self.app(scope, receive, send)


def _is_local(host: str) -> bool:
    found = _LITERAL.match(host)
    if found is None:
        return False
    name = found["v6"] or found["name"]
    if name == "localhost":
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
