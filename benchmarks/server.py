"""The web server as an installation runs it, in a process of its own, and the CPU time that it and its backends use."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from app.localdb import ClusterUrls
from benchmarks.cpu import used

_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running web server: its port, its process, the database that it reads."""

    port: int
    pid: int
    dsn: str

    def used(self) -> tuple[dict[int, float], dict[int, float]]:
        """CPU seconds so far: of the server, and of PostgreSQL's backends on its database."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            rows = connection.execute(
                """
                SELECT pid FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
                """
            ).fetchall()
        return used([self.pid]), used(pid for (pid,) in rows)


@contextlib.contextmanager
def serving(urls: ClusterUrls) -> Iterator[Server]:
    """Start `pomapa web` on a database for the time of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": urls.owner,
        "DATABASE_APP_URL": urls.app,
        "DATABASE_READ_URL": urls.reader,
        "DATABASE_DIRECT_URL": urls.app,
        "SECRET_KEY": "only-for-benchmarks-0123456789abcdef",
        "READ_STATEMENT_TIMEOUT_MS": "60000",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "web", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, process)
        # Only a superuser sees which processes are other roles' backends.
        yield Server(port, process.pid, urls.superuser.replace("+psycopg", "", 1))
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
            return
        time.sleep(0.1)
    raise RuntimeError("the web server did not start")
