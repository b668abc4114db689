"""What no client library would send, over a socket to a real server."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn

from app.templating import Templates
from app.web.large_bodies import AT_ONCE, LARGE, OF_ONE
from tests.functional.web.small_app import FILE_PATH, small_app

Ask = tuple[str, int]


@pytest.fixture(scope="module")
def server(templates: Templates) -> Iterator[Ask]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        small_app(templates),
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="none",
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield listening.getsockname()
    running.should_exit = True
    thread.join()


def status(server: Ask, raw: bytes) -> int:
    with socket.create_connection(server, timeout=10) as client:
        client.sendall(raw.replace(b"{host}", b"Host: 127.0.0.1:%d\r\n" % server[1]))
        answer = client.recv(65536)
    head, _, _ = answer.partition(b"\r\n\r\n")
    assert b"server: uvicorn" not in head.lower()
    return int(head.split(b" ")[1])


GET = b"GET /pl/place HTTP/1.1\r\n{host}"
POST = b"POST /api/v1/places HTTP/1.1\r\n{host}"

CASES = {
    "as it should be": (GET + b"\r\n", 200),
    "header of 100 kB": (GET + b"X: " + b"a" * 100_000 + b"\r\n\r\n", 431),
    "10000 headers": (GET + b"".join(b"X%d: a\r\n" % i for i in range(10_000)) + b"\r\n", 431),
    "condition of 1 MB": (GET + b"If-None-Match: " + b'"a",' * 250_000 + b"\r\n\r\n", 431),
    "language of 1 MB": (GET + b"Accept-Language: " + b"de," * 350_000 + b"\r\n\r\n", 431),
    "address of 9 kB": (b"GET /pl/place?q=" + b"a" * 9000 + b" HTTP/1.1\r\n{host}\r\n", 414),
    "no host": (b"GET /pl/place HTTP/1.1\r\n\r\n", 400),
    "two hosts": (GET + b"Host: evil.example\r\n\r\n", 400),
    "foreign host": (b"GET /pl/place HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400),
    "NUL in a header": (GET + b"X: a\x00b\r\n\r\n", 400),
    "bare CR in a header": (GET + b"X: a\rb\r\n\r\n", 400),
    "both lengths": (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "negative length": (POST + b"Content-Length: -5\r\n\r\n", 400),
    "NUL in the path": (b"GET /%00 HTTP/1.1\r\n{host}\r\n", 404),
    "dots in the path": (b"GET /static/%2e%2e%2fetc HTTP/1.1\r\n{host}\r\n", 404),
    "double-encoded dots": (b"GET /static/%252e%252e%252f HTTP/1.1\r\n{host}\r\n", 404),
    "another site in the path": (b"GET //evil.example HTTP/1.1\r\n{host}\r\n", 404),
    "a surrogate in the path": (b"GET /pl/%ed%a0%80 HTTP/1.1\r\n{host}\r\n", 404),
    "line break behind an alias": (b"GET /ua/%0d%0aSet-Cookie:x HTTP/1.1\r\n{host}\r\n", 308),
    "TRACE": (b"TRACE /pl/place HTTP/1.1\r\n{host}\r\n", 405),
    "made-up method": (b"FOO /pl/place HTTP/1.1\r\n{host}\r\n", 400),
    "everything's options": (b"OPTIONS * HTTP/1.1\r\n{host}\r\n", 404),
    "bytes for a type": (POST + b"Content-Type: \xff;;;=\r\nContent-Length: 2\r\n\r\n{}", 415),
    "half a charset": (
        POST + b'Content-Type: application/json; charset="x\r\nContent-Length: 2\r\n\r\n{}',
        415,
    ),
    "encoded charset": (
        POST + b"Content-Type: application/json; charset*=utf-16''x\r\nContent-Length: 2\r\n\r\n{}",
        415,
    ),
    "half an origin": (POST + b"Origin: http://[::1\r\nContent-Length: 0\r\n\r\n", 403),
    "bytes for cookies": (b'GET /desk/queue HTTP/1.1\r\n{host}Cookie: pomapa=\xff\xfe; a="; b\r\n\r\n', 401),
    "bytes for a language": (GET + b"Accept-Language: \xff\xfe\r\n\r\n", 200),
    "method override": (GET + b"X-HTTP-Method-Override: DELETE\r\n\r\n", 200),
}


@pytest.mark.parametrize(("raw", "expected"), CASES.values(), ids=CASES.keys())
def test_hostile_requests_have_their_exact_status(server: Ask, raw: bytes, expected: int) -> None:
    assert status(server, raw) == expected


def test_the_alias_opens_no_header(server: Ask) -> None:
    with socket.create_connection(server, timeout=10) as client:
        client.sendall(b"GET /ua/%%0d%%0aSet-Cookie:x HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % server[1])
        head = client.recv(65536).partition(b"\r\n\r\n")[0]
    assert b"location: /uk/%0D%0ASet-Cookie%3Ax" in head
    assert b"\nset-cookie" not in head.lower()


def test_a_connection_goes_on_after_head(server: Ask) -> None:
    """A server that counts bytes closes the connection on an answer whose length it does not understand."""
    host = b"Host: 127.0.0.1:%d\r\n" % server[1]
    with socket.create_connection(server, timeout=10) as client:
        client.sendall(b"HEAD /pl/place HTTP/1.1\r\n" + host + b"\r\n")
        head = client.recv(65536)
        client.sendall(b"HEAD /pl/place HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n")
        again = b"".join(iter(lambda: client.recv(65536), b""))
    for answer in (head, again):
        start, _, body = answer.partition(b"\r\n\r\n")
        assert start.startswith(b"HTTP/1.1 200 ")
        assert body == b""


#: A form with a file of 5 MB; with chunks nobody knows beforehand how long it will be.
FORM = b"".join(
    [
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n",
        b'--x\r\nContent-Disposition: form-data; name=photo; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n',
        b"f" * 5_000_000,
        b"\r\n--x--\r\n",
    ]
)
LENGTHS = {"declared": b"Content-Length: %d\r\n" % len(FORM), "chunks": b"Transfer-Encoding: chunked\r\n"}


class Sending:
    """Somebody who sends a form with a photo, slowly."""

    def __init__(self, server: Ask, address: str, how: str = "declared") -> None:
        self.how = how
        self.socket = socket.create_connection(server, timeout=30, source_address=(address, 0))
        self.socket.sendall(
            b"POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nSec-Fetch-Site: same-origin\r\n"
            % (FILE_PATH.encode(), server[1])
            + b"Content-Type: multipart/form-data; boundary=x\r\nExpect: 100-continue\r\n"
            + LENGTHS[how]
            + b"\r\n"
        )
        self.said = self.socket.recv(65536)
        if how == "chunks" and self.goes_on:
            # As much as any form may send; with one more it is a large one.
            self.sent = LARGE + 1
            self.socket.sendall(b"%x\r\n%s\r\n" % (self.sent, FORM[: self.sent]))
        else:
            self.sent = 0

    @property
    def goes_on(self) -> bool:
        """Whether the server asks for the body."""
        return self.said.startswith(b"HTTP/1.1 100 ")

    @property
    def status(self) -> int:
        return int(self.said.split(b" ")[1])

    def ends(self) -> int:
        """Send the rest of it and go; the status of the answer."""
        rest = FORM[self.sent :]
        self.socket.sendall(rest if self.how == "declared" else b"%x\r\n%s\r\n0\r\n\r\n" % (len(rest), rest))
        self.said = self.socket.recv(65536)
        self.socket.close()
        return self.status


def test_g7_only_so_many_large_bodies_are_held_and_of_one_client_only_two(server: Ask) -> None:
    """A slow one holds its seat from its head on; forms without a file go on as ever."""
    addresses = [f"127.0.0.{n}" for n in range(2, 2 + AT_ONCE // OF_ONE)]
    held = [Sending(server, address) for address in addresses for _ in range(OF_ONE)]
    try:
        assert all(one.goes_on for one in held)
        for address, expected in (("127.0.0.2", 429), ("127.0.0.99", 503)):
            refused = Sending(server, address)
            refused.socket.close()
            assert refused.status == expected
            assert b"\r\nretry-after: 30\r\n" in refused.said.lower()
        small = b"POST /uk/place HTTP/1.1\r\n{host}Content-Type: application/x-www-form-urlencoded\r\n"
        small += b"Sec-Fetch-Site: same-origin\r\nContent-Length: 3\r\n\r\na=1"
        assert status(server, small) == 200
        # Whoever ends, or goes away, makes room.
        assert held[0].ends() == 200
        held[1].socket.close()
        for _ in range(2):
            assert in_time(lambda: Sending(server, "127.0.0.99")).ends() == 200
    finally:
        for one in held:
            one.socket.close()


def test_g7_a_body_of_unknown_length_is_a_large_one_once_it_is(server: Ask) -> None:
    held = [in_time(lambda: Sending(server, "127.0.1.1")) for _ in range(OF_ONE)]
    unknown = Sending(server, "127.0.1.1", "chunks")
    try:
        # It is asked for as any form is, and refused in the middle.
        assert unknown.goes_on
        unknown.said = unknown.socket.recv(65536)
        assert unknown.status == 429
        assert held[0].ends() == 200
        assert in_time(lambda: Sending(server, "127.0.1.1")).ends() == 200
    finally:
        for one in (*held, unknown):
            one.socket.close()


def in_time(begin: Callable[[], Sending]) -> Sending:
    """Begin as often as it takes until there is room: the server learns of the end of another one by and by."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = begin()
        if found.goes_on:
            return found
        found.socket.close()
        assert found.status in (429, 503)
    msg = "no seat has become free"
    raise AssertionError(msg)
