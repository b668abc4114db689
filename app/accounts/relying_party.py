"""Whom a passkey is for. It is bound to our host, so no other page can ask for it, however well it looks like ours."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Our host (WebAuthn calls it RP ID, 5.4.2), and the one origin at which people use it."""

    id: str
    origin: str


def relying_party(public_url: str) -> RelyingParty | None:
    """Give what passkeys of this installation are bound to; None where its address is a number: browsers make none there."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if not host or _is_number(host):
        return None
    # A browser writes the origin in small letters and without the port that goes without saying.
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return RelyingParty(host, f"{parts.scheme}://{host}{port}")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
