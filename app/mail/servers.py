"""Where mail for a domain is handed in, as name servers say (RFC 5321, 5; RFC 7505)."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver
from dns.rdtypes.ANY.MX import MX

#: The names of hosts, sorted: servers, the domain itself where it has an address and no servers, nothing where it has neither.
Hosts = tuple[str, ...]
#: Of a domain that says that it takes no mail (a null MX).
REFUSES: Final[Hosts] = (".",)
#: Of a domain that there is not, or that has neither servers nor an address.
NOWHERE: Final[Hosts] = ()
LONGEST_S: Final = 5.0
AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class NameServers:
    """Whom to ask: addresses with their ports; none: those of the system. Nothing but the domain is asked for."""

    addresses: Sequence[tuple[str, int]] = ()


class LookupFailed(Exception):  # noqa: N818 - what happened, as errors are called here
    """No name server has said anything about this domain: it may be as it was or not."""


async def look_up_all(servers: NameServers, domains: Iterable[str]) -> dict[str, Hosts | None]:
    """Ask about each domain, a few at once; None for one of which nothing is known now."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(domain: str) -> Hosts | None:
        async with gate:
            try:
                return await look_up(servers, domain)
            except LookupFailed:
                return None

    wanted = list(domains)
    return dict(zip(wanted, await asyncio.gather(*map(one, wanted)), strict=True))


async def look_up(servers: NameServers, domain: str) -> Hosts:
    """Give the hosts of a domain, whatever their order and preference. `LookupFailed`."""
    try:
        # Whole as it is: no domain of this machine is put behind it.
        name = dns.name.from_text(domain, dns.name.root)
        async with asyncio.timeout(2 * LONGEST_S):
            return await _hosts(_resolver(servers), name)
    except dns.resolver.NXDOMAIN:
        return NOWHERE
    except (dns.exception.DNSException, OSError, TimeoutError) as error:
        raise LookupFailed from error


async def _hosts(resolver: dns.asyncresolver.Resolver, name: dns.name.Name) -> Hosts:
    found = await _ask(resolver, name, dns.rdatatype.MX)
    if found:
        hosts = {_written(record.exchange) for record in found if isinstance(record, MX)}
        # A null MX beside others is a mistake (RFC 7505, 3), and those others take the mail.
        return tuple(sorted(hosts - set(REFUSES))) or REFUSES
    for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
        if await _ask(resolver, name, kind):
            return (_written(name),)
    return NOWHERE


async def _ask(
    resolver: dns.asyncresolver.Resolver, name: dns.name.Name, kind: dns.rdatatype.RdataType
) -> Sequence[object]:
    answer = await resolver.resolve(name, kind, raise_on_no_answer=False)
    return list(answer.rrset or ())


def _written(name: dns.name.Name) -> str:
    """A name in the one form in which it is compared."""
    return str(name.to_text(omit_final_dot=True)).lower()


def _resolver(servers: NameServers) -> dns.asyncresolver.Resolver:
    resolver = dns.asyncresolver.Resolver(configure=not servers.addresses)
    if servers.addresses:
        resolver.nameservers = [
            dns.nameserver.Do53Nameserver(address, port) for address, port in servers.addresses
        ]
    resolver.lifetime, resolver.timeout = LONGEST_S, LONGEST_S / 2
    return resolver
