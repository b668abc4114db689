"""Who asks: the address that rate limits count, taken from proxies only where the operator trusts them."""

import functools
import ipaddress

from starlette.types import Scope

from app.web.asgi import header

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: A household or a phone gets at least this much of IPv6, and may change within it at will.
IPV6_PREFIX = 64
#: The most that one customer is given, as a rule: for what one of them must not do as if they were several.
CUSTOMER_PREFIX = 48
#: A header with more hops than this was not written by our proxies.
MOST_HOPS = 20


def client_address(scope: Scope, trusted_proxies: tuple[str, ...]) -> Address | None:
    """The address nearest to us that is not a trusted proxy; None when the server does not know one.

    `X-Forwarded-For` is read from its end, where our own proxies write, and only as far as they are
    trusted: whatever stands before was sent by the client.
    """
    peer = _address((scope.get("client") or ("",))[0])
    trusted = _networks(trusted_proxies)
    if peer is None or not trusted or not _within(peer, trusted):
        return peer
    hops = (header(scope, "x-forwarded-for") or "").split(",")[-MOST_HOPS:]
    nearest = peer
    for hop in reversed(hops):
        address = _address(hop.strip())
        if address is None:
            break
        nearest = address
        if not _within(address, trusted):
            break
    return nearest


def counted_as(address: Address | None, ipv6_prefix: int = IPV6_PREFIX) -> str:
    """The text under which a client is counted: an IPv4 address, the network of an IPv6 one, or `unknown`."""
    if address is None:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, ipv6_prefix), strict=False))
    return str(address)


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


@functools.lru_cache(maxsize=16)
def _networks(trusted_proxies: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text, strict=False) for text in trusted_proxies)


def _within(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)
