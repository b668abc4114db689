"""Readers at a fixed rate, from connections that stay open, each from an address of its own.

They wait from the moment at which their turn was: a server that stands still for a second is seen by all who would have
come in it. One loop over sockets instead of asyncio: of a machine that client and server share, a reader takes a
quarter of what it took with streams.
"""

import contextlib
import heapq
import itertools
import re
import select
import socket
import time
from collections.abc import Sequence

from benchmarks.seen import Seen
from benchmarks.server import Server

READERS = 40
PATIENCE_S = 30.0
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)")


class Reader:
    """One connection: asks, and knows when the answer is whole."""

    def __init__(self, server: Server, address: str) -> None:
        self._server, self._address = server, address
        self._socket: socket.socket | None = None
        self._got = bytearray()
        self._whole = -1
        self.closes = False

    def ask(self, path: str) -> socket.socket:
        """Ask for a page, on the connection that is open or on a new one."""
        if self._socket is None:
            self._socket = socket.create_connection(
                ("127.0.0.1", self._server.port), timeout=PATIENCE_S, source_address=(self._address, 0)
            )
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.setblocking(False)
        self._got.clear()
        self._whole, self.closes = -1, False
        self._socket.send(f"GET {path} HTTP/1.1\r\nHost: {self._server.host}\r\n\r\n".encode())
        return self._socket

    def take(self) -> int | None:
        """Take what has come; the status once all of it is there. `OSError` when the connection broke."""
        assert self._socket
        piece = self._socket.recv(1 << 18)
        if not piece:
            raise ConnectionResetError
        self._got += piece
        if self._whole < 0:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return None
            head = bytes(self._got[:end]).lower()
            length = _LENGTH.search(head)
            # Of an answer in chunks the last one is empty.
            self._whole = end + 4 + int(length[1]) if length else 0
            self.closes = b"\r\nconnection: close" in head
        done = len(self._got) >= self._whole if self._whole else self._got.endswith(b"\r\n0\r\n\r\n")
        return int(self._got[9:12]) if done else None

    def is_at(self, descriptor: int) -> bool:
        """Whether its connection has this number."""
        return self._socket is not None and self._socket.fileno() == descriptor

    def close(self) -> None:
        """Ask no more on this connection."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None
        self.closes = False


class _Round:
    """All readers of a load, until its time is over."""

    def __init__(
        self, server: Server, paths: Sequence[str], seconds: float, rate: float, readers: int, network: str
    ) -> None:
        self.seen = Seen()
        self._turns = itertools.cycle(paths)
        self._apart_s = readers / rate if rate else 0.0
        began = time.monotonic() + 0.2
        self._until = began + seconds
        self._people = [
            Reader(server, f"{network}.{number // 250}.{number % 250 + 1}") for number in range(readers)
        ]
        #: When it is whose turn.
        self._due = [(began + number * self._apart_s / readers, number) for number in range(readers)]
        #: By the number of a socket: whose turn it was, and when.
        self._asking: dict[int, tuple[float, int]] = {}
        self._poll = select.epoll()

    def run(self) -> None:
        """Ask and take until nobody's turn comes any more."""
        while self._due or self._asking:
            now = time.monotonic()
            while self._due and self._due[0][0] <= now:
                turn_s, number = heapq.heappop(self._due)
                if turn_s < self._until:
                    self._ask(turn_s, number)
            next_s = self._due[0][0] - time.monotonic() if self._due else 0.5
            for descriptor, _ in self._poll.poll(min(0.5, max(0.0, next_s))):
                self._take(descriptor)
            for descriptor, (turn_s, _) in list(self._asking.items()) if next_s > 0 else ():
                if time.monotonic() - turn_s > PATIENCE_S:
                    self._end(descriptor, 0)
        for reader in self._people:
            reader.close()
        self._poll.close()

    def _ask(self, turn_s: float, number: int) -> None:
        reader = self._people[number]
        try:
            asked = reader.ask(next(self._turns))
        except OSError:
            reader.close()
            self._count(0, turn_s, number)
            return
        with contextlib.suppress(FileExistsError):
            self._poll.register(asked, select.EPOLLIN)
        self._asking[asked.fileno()] = turn_s, number

    def _take(self, descriptor: int) -> None:
        if descriptor not in self._asking:
            # Closed by the other side while nothing was asked: the next question opens it again.
            self._poll.unregister(descriptor)
            next(one for one in self._people if one.is_at(descriptor)).close()
            return
        try:
            status = self._people[self._asking[descriptor][1]].take()
        except (OSError, ValueError):
            status = 0
        if status is not None:
            self._end(descriptor, status)

    def _end(self, descriptor: int, status: int) -> None:
        turn_s, number = self._asking.pop(descriptor)
        reader = self._people[number]
        if not status or reader.closes:
            self._poll.unregister(descriptor)
            reader.close()
        self._count(status, turn_s, number)

    def _count(self, status: int, turn_s: float, number: int) -> None:
        now = time.monotonic()
        self.seen.statuses[status] += 1
        self.seen.seconds.append(now - turn_s)
        heapq.heappush(self._due, (turn_s + self._apart_s if self._apart_s else now, number))


def read_all(
    server: Server,
    paths: Sequence[str],
    seconds: float,
    rate: float,
    readers: int = READERS,
    network: str = "127.2",
) -> Seen:
    """Ask for so many a second, one reader after the other; a rate of 0 is as fast as answers come."""
    began = time.monotonic()
    everybody = _Round(server, paths, seconds, rate, readers, network)
    everybody.run()
    everybody.seen.took_s = time.monotonic() - began
    return everybody.seen
