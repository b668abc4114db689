"""A name server on this machine: answers over UDP from a zone that a test changes, and ends with it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

#: In the place of records: there is no such name, the server cannot say, nothing is answered at all.
GONE: Final = dns.rcode.NXDOMAIN
BROKEN: Final = dns.rcode.SERVFAIL
SILENT: Final = None

Records = dict[str, list[str]] | dns.rcode.Rcode | None


class NameServer(asyncio.DatagramProtocol):
    """What it knows of each name by the kind of record; what it does not know is not there. `asked` is what it was asked for."""

    def __init__(self) -> None:
        self.zone: dict[str, Records] = {}
        self.asked: list[tuple[str, str]] = []
        self.port = 0
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: Any) -> None:
        query = dns.message.from_wire(data)
        (question,) = query.question
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        known = self.zone.get(name, GONE)
        if known is SILENT:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if isinstance(known, dns.rcode.Rcode):
            answer.set_rcode(known)
        elif known.get(kind):
            answer.answer.append(dns.rrset.from_text_list(question.name, 300, "IN", kind, known[kind]))
        self._transport.sendto(answer.to_wire(), addr)

    def mx(self, name: str, hosts: Iterable[str]) -> None:
        """Let mail for a name be handed in at these hosts, in this order."""
        self.zone[name] = {"MX": [f"{10 * n} {host}" for n, host in enumerate(hosts, 1)]}


@contextlib.asynccontextmanager
async def name_server() -> AsyncIterator[NameServer]:
    """Give one at a port of its own of 127.0.0.1."""
    transport, server = await asyncio.get_running_loop().create_datagram_endpoint(
        NameServer, local_addr=("127.0.0.1", 0)
    )
    try:
        yield server
    finally:
        transport.close()
