"""A flood of forms: so many begun a second, whether they are answered or not, from as many addresses as are given.

One loop over sockets, as cheap as Python allows: in earnest the senders are other machines, and what they take of this one
the server has not.
"""

import itertools
import json
import random
import select
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.seen import Seen
from benchmarks.server import Server

SUBMISSIONS = "/api/v1/submissions"
MOST_UNDER_WAY = 400
PATIENCE_S = 30.0
_MARK = "%NUMBER%"
#: Linux: a port is chosen when the other end is known, so that an address may have many.
_IP_BIND_ADDRESS_NO_PORT = 24


def claims(_number: int) -> str:
    """Whom a sender says to ask for who is nobody's proxy."""
    return f"203.0.113.{random.randrange(256)}"


@dataclass(slots=True)
class _Post:
    socket: socket.socket
    request: bytes
    began: float
    answer: bytearray = field(default_factory=bytearray)


class _Flood:
    """What is under way."""

    def __init__(self, server: Server, addresses: Sequence[str], forwarded: Callable[[int], str]) -> None:
        self.seen = Seen()
        self.under_way: dict[int, _Post] = {}
        self._server, self._from, self._forwarded = server, itertools.cycle(addresses), forwarded
        self._bodies = _bodies()
        self._numbers = itertools.count()
        self._poll = select.epoll()

    def begin(self) -> None:
        """Connect for another one."""
        body = next(self._bodies)
        head = (
            f"POST {SUBMISSIONS} HTTP/1.1\r\nHost: {self._server.host}\r\nContent-Type: application/json\r\n"
            f"X-Forwarded-For: {self._forwarded(next(self._numbers))}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        own = socket.socket()
        own.setblocking(False)
        own.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
        post = _Post(own, head.encode() + body, time.monotonic())
        try:
            own.bind((next(self._from), 0))
            own.connect_ex(("127.0.0.1", self._server.port))
        except OSError:
            own.close()
            self._count(post)
            return
        self._poll.register(own, select.EPOLLOUT)
        self.under_way[own.fileno()] = post

    def go_on(self, wait_s: float) -> None:
        """Send and take what can be within so many seconds."""
        for descriptor, _ in self._poll.poll(wait_s):
            post = self.under_way[descriptor]
            try:
                if post.request:
                    post.socket.sendall(post.request)
                    post.request = b""
                    self._poll.modify(descriptor, select.EPOLLIN)
                elif piece := post.socket.recv(1 << 16):
                    post.answer += piece
                else:
                    self._end(descriptor)
            except OSError:
                self._end(descriptor)

    def give_up(self) -> None:
        """End what nobody would wait for any longer."""
        now = time.monotonic()
        for descriptor in [at for at, post in self.under_way.items() if now - post.began > PATIENCE_S]:
            self._end(descriptor)

    def _end(self, descriptor: int) -> None:
        post = self.under_way.pop(descriptor)
        # Closing takes it out of the poll.
        post.socket.close()
        self._count(post)

    def _count(self, post: _Post) -> None:
        status = post.answer[9:12]
        self.seen.statuses[int(status) if status.isdigit() else 0] += 1
        if status == b"429":
            self.seen.told_when += b"retry-after:" in bytes(post.answer.partition(b"\r\n\r\n")[0]).lower()
        self.seen.seconds.append(time.monotonic() - post.began)


def send_all(
    server: Server,
    rate: int,
    seconds: float,
    addresses: Sequence[str],
    forwarded: Callable[[int], str] = claims,
    is_over: Callable[[], bool] = lambda: False,
) -> Seen:
    """Begin so many a second, as far as one process may hold them open, until the time or something else is over."""
    flood = _Flood(server, addresses, forwarded)
    began = time.monotonic()
    started = 0
    while (now := time.monotonic() - began) < seconds and not is_over():
        while started < now * rate and len(flood.under_way) < MOST_UNDER_WAY:
            started += 1
            flood.begin()
        is_full = len(flood.under_way) >= MOST_UNDER_WAY
        flood.go_on(0.01 if is_full else max(0.0, (started + 1) / rate - (time.monotonic() - began)))
        flood.give_up()
    while flood.under_way:
        flood.go_on(0.1)
        flood.give_up()
    flood.seen.took_s = time.monotonic() - began
    return flood.seen


def _bodies() -> Iterator[bytes]:
    """Forms that nobody could tell from a person's by their shape, each of its own."""
    content: dict[str, Any] = {
        "name": {"texts": {"pl": f"Jadłodajnia {_MARK}"}, "source": "pl"},
        "services": [{"type": "hot_meals"}],
        "place": {"position": {"lng": 20.63, "lat": 50.87}},
        "contacts": [{"kind": "phone", "value": "+48413651234"}],
    }
    email = f"a{_MARK}@poczta.example"
    sent = json.dumps({"kind": "new", "layer": "aid_points", "content": content, "email": email})
    for number in itertools.count():
        yield sent.replace(_MARK, str(number)).encode()
