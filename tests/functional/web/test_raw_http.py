"""What no client library would send, over a socket to a real server."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from app.templating import Templates
from tests.functional.web.small_app import small_app

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
