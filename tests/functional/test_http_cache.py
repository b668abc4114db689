"""The cache of the containers (docker/nginx.conf), by a real nginx in front of a web server that does as it is told.

What it may keep and for how long are seconds here; in earnest they are half a minute, as much again and a day.
"""

import datetime as dt
import http.client
import itertools
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from app.web import answered_at, etag

CONFIGURATION = Path(__file__).resolve().parents[2] / "docker" / "nginx.conf"
FRESH_S, WHILE_RENEWED_S, WHILE_DOWN_S = 1, 4, 8
#: nginx counts in whole seconds.
SURELY_S = 1.2
PUBLIC = f"public, max-age={FRESH_S}, stale-while-revalidate={WHILE_RENEWED_S}, stale-if-error={WHILE_DOWN_S}"

SENDING = "/api/v1/submissions"

pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")


@dataclass
class Web:
    """The web server behind the cache: the version it gives, the time of its clock, the status by path, and what it
    was asked."""

    version: int = 1
    time: str = "morning"
    statuses: dict[str, int] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    #: What is sent in waits for this.
    held: threading.Event | None = None


class Given(NamedTuple):
    status: int
    body: str
    cache: str


@dataclass
class Site:
    """A running cache and the server behind it."""

    web: Web
    server: ThreadingHTTPServer
    port: int

    def ask(self, path: str, method: str = "GET", *, source: str = "127.0.0.1", **headers: str) -> Given:
        """Ask the cache, from an address of this machine."""
        answer, body = self.answer(path, method, source=source, **headers)
        return Given(answer.status, body, answer.getheader("X-Cache", ""))

    def answer(
        self, path: str, method: str = "GET", *, source: str = "127.0.0.1", **headers: str
    ) -> tuple[http.client.HTTPResponse, str]:
        """The cache's answer with its headers, and its body."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=20, source_address=(source, 0)
        )
        try:
            connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()

    def go_down(self) -> None:
        """End the server behind the cache."""
        self.server.shutdown()
        self.server.server_close()


class Server(ThreadingHTTPServer):
    request_queue_size = 512


@pytest.fixture
def site() -> Iterator[Site]:
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if web.held is not None and self.path == SENDING:
                web.held.wait(20)
            web.requests.append((self.command, {k.lower(): v for k, v in self.headers.items()}))
            body = f"version {web.version}".encode()
            etag = f'"{web.version}"'
            status = web.statuses.get(self.path, 200)
            if self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            self.send_response(status)
            self.send_header(answered_at.HEADER, web.time)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            if status in {200, 304}:
                self.send_header("ETag", etag)
                self.send_header("Cache-Control", PUBLIC)
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else body)

        do_POST = do_HEAD = do_GET  # noqa: N815 - the library's names

        def log_message(self, *_words: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Not pytest's own folder: nginx gives its folders to another user.
    folder = Path(tempfile.mkdtemp(prefix="pomapa-cache-"))
    port = free_port()
    (folder / "nginx.conf").write_text(here(folder, port, server.server_address[1]))
    nginx = subprocess.Popen(
        ["nginx", "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"], stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port, nginx)
        yield Site(web, server, port)
    finally:
        nginx.terminate()
        nginx.wait()
        server.shutdown()
        server.server_close()
        shutil.rmtree(folder)


def here(folder: Path, port: int, behind: int) -> str:
    """The configuration with the places of this machine; of the gateways' network only 127.0.0.1 is left."""
    text = CONFIGURATION.read_text()
    places = {
        "server web:8000": f"server 127.0.0.1:{behind}",
        "listen 8080": f"listen 127.0.0.1:{port}",
        "/var/cache/nginx/": f"{folder}/",
        "/tmp/": f"{folder}/",
        "set_real_ip_from 10.151.77.0/24": "set_real_ip_from 127.0.0.1",
    }
    assert all(place in text for place in places)
    text = re.sub("|".join(map(re.escape, places)), lambda found: places[found[0]], text)
    return f"user root;\n{text}" if os.geteuid() == 0 else text


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def wait_for(port: int, nginx: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and nginx.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("nginx does not answer")


def test_a_fresh_answer_serves_and_a_stale_one_while_it_is_renewed(site: Site) -> None:
    assert site.ask("/x") == (200, "version 1", "MISS")
    assert site.ask("/x") == (200, "version 1", "HIT")
    site.web.version = 2
    time.sleep(FRESH_S + SURELY_S)
    assert site.ask("/x") == (200, "version 1", "STALE")
    time.sleep(0.5)
    assert site.ask("/x").body == "version 2"


def test_past_its_time_an_old_answer_is_not_given_any_more(site: Site) -> None:
    """A page that nobody looked at for weeks must not show an old telephone number to the next who does.

    Nor does it hide that a place is gone, or that its page is broken. Without a database (503) nothing can have changed.
    """
    statuses = {"/there": 200, "/gone": 404, "/closed": 410, "/broken": 500, "/waiting": 503}
    for path in statuses:
        assert site.ask(path) == (200, "version 1", "MISS")
    site.web.version, site.web.statuses = 2, statuses
    time.sleep(FRESH_S + WHILE_RENEWED_S + SURELY_S)
    assert {path: site.ask(path) for path in statuses} == {
        "/there": (200, "version 2", "EXPIRED"),
        "/gone": (404, "version 2", "EXPIRED"),
        "/closed": (410, "version 2", "EXPIRED"),
        "/broken": (500, "version 2", "EXPIRED"),
        "/waiting": (200, "version 1", "STALE"),
    }


def test_while_we_are_down_an_old_answer_serves_for_its_time_only(site: Site) -> None:
    site.ask("/x")
    site.go_down()
    time.sleep(FRESH_S + WHILE_RENEWED_S + SURELY_S)
    assert site.ask("/x") == (200, "version 1", "STALE")
    time.sleep(WHILE_DOWN_S - WHILE_RENEWED_S)
    assert site.ask("/x").status == 502


def test_an_old_answer_says_when_it_was_made(site: Site) -> None:
    """Readers are told the age: `Date` is the cache's own, and of this moment."""
    site.ask("/x")
    site.go_down()
    time.sleep(FRESH_S + WHILE_RENEWED_S + SURELY_S)
    answer, _ = site.answer("/x")
    assert (answer.getheader("X-Cache"), answer.getheader(answered_at.HEADER)) == ("STALE", "morning")
    made = parsedate_to_datetime(answer.getheader("Date", ""))
    assert abs(dt.datetime.now(dt.UTC) - made) < dt.timedelta(seconds=5)


def test_what_has_not_changed_is_true_as_of_the_last_time_that_we_said_so(site: Site) -> None:
    site.ask("/x")
    site.web.time = "noon"
    time.sleep(FRESH_S + WHILE_RENEWED_S + SURELY_S)
    site.ask("/x")
    answer, body = site.answer("/x")
    assert (answer.getheader(answered_at.HEADER), body) == ("noon", "version 1")


def test_nothing_is_kept_unasked_for_longer_than_its_longest_time() -> None:
    longest = re.search(r"max-age=(\d+),.* stale-if-error=(\d+)", etag.PUBLIC)
    kept = re.search(r"inactive=(\d+)h ", CONFIGURATION.read_text())
    assert longest
    assert kept
    assert 0 <= int(kept[1]) * 3600 - int(longest[1]) - int(longest[2]) < 7200


def test_a_tls_server_in_front_says_who_visits_and_a_visitor_does_not(site: Site) -> None:
    site.ask("/a", X_Forwarded_For="6.6.6.6, 203.0.113.9")
    site.ask("/b", X_Forwarded_For="6.6.6.6, 203.0.113.9", source="127.0.0.2")
    site.ask("/c")
    told = [headers["x-forwarded-for"] for _, headers in site.web.requests]
    assert told == ["203.0.113.9", "127.0.0.2", "127.0.0.1"]


def test_each_visitor_has_an_allowance_of_their_own(site: Site) -> None:
    def sent(visitors: int) -> Counter[int]:
        asked = (site.ask("/x", "POST", X_Forwarded_For=f"203.0.113.{1 + i % visitors}") for i in range(40))
        return Counter(given.status for given in asked)

    assert sent(visitors=40) == {200: 40}
    assert sent(visitors=1)[429] > 20


def test_e2_another_address_of_one_ipv6_network_is_the_same_visitor(site: Site) -> None:
    def sent(addresses: Iterable[str]) -> Counter[int]:
        return Counter(site.ask("/x", "POST", X_Forwarded_For=address).status for address in addresses)

    # A byte that a pattern of text might stop at is one like all others.
    assert sent(f"2001:db8:a0a:{n:x}::1" for n in range(40)) == {200: 40}
    assert sent(f"2001:db8:7:1:{n:x}:0a0a::{n:x}" for n in range(40))[429] > 20


def test_e2_what_programs_send_is_begun_only_so_far_and_pages_are_read_between(site: Site) -> None:
    most = re.search(r"max_conns=(\d+)", CONFIGURATION.read_text())
    assert most
    site.web.held = threading.Event()

    def send(number: int) -> int:
        return site.ask(SENDING, "POST", X_Forwarded_For=f"203.0.{number // 250}.{number % 250 + 1}").status

    many = int(most[1]) + 20
    with ThreadPoolExecutor(many) as senders:
        sent = [senders.submit(send, number) for number in range(many)]
        refused = [done.result() for done in itertools.islice(as_completed(sent), 20)]
        assert refused == [503] * 20
        answer, _ = site.answer(SENDING, "POST")
        assert (answer.status, answer.getheader("Retry-After")) == (503, "5")
        # The same process still reads.
        assert site.ask("/x").status == 200
        site.web.held.set()
        assert Counter(done.result() for done in sent) == {200: many - 20, 503: 20}
    asked = [site.answer(SENDING, "POST")[0] for _ in range(20)]
    assert {answer.getheader("Retry-After") for answer in asked if answer.status == 429} == {"5"}
    site.go_down()
    assert site.ask(SENDING, "POST", X_Forwarded_For="203.0.113.9").status == 503


def test_a_large_file_is_passed_on_in_the_parts_that_are_asked_for(site: Site) -> None:
    for method in ("GET", "HEAD"):
        site.ask("/tiles/base.pmtiles", method, Range="bytes=10-19")
    assert [(method, headers.get("range")) for method, headers in site.web.requests] == [
        ("GET", "bytes=10-19"),
        ("HEAD", "bytes=10-19"),
    ]
