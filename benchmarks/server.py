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
from pathlib import Path

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
    #: By which name it answers, also behind a proxy.
    host: str

    def used(self) -> tuple[dict[int, float], dict[int, float]]:
        """CPU seconds so far: of the server, and of PostgreSQL's backends on its database."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            rows = connection.execute(
                """
                SELECT pid FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
                """
            ).fetchall()
        return used(self.pids()), used(pid for (pid,) in rows)

    def pids(self) -> list[int]:
        """The server's process, and those that it shares its work with."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]


@contextlib.contextmanager
def serving(
    urls: ClusterUrls, *, workers: int = 1, public_port: int | None = None, trusted: str = "10.151.77.0/25"
) -> Iterator[Server]:
    """Start `pomapa web` on a database for the time of the block.

    With `public_port` it is known by that port of this machine. Nobody here is `trusted` to be a proxy, as in containers:
    else whoever flatters themselves to be one is one.
    """
    environment = os.environ | {
        "DATABASE_URL": urls.owner,
        "DATABASE_APP_URL": urls.app,
        "DATABASE_READ_URL": urls.reader,
        "DATABASE_DIRECT_URL": urls.app,
        "SECRET_KEY": "only-for-benchmarks-0123456789abcdef-XYZ",
        "READ_STATEMENT_TIMEOUT_MS": "60000",
        "COUNTS_TIMEOUT_MS": "60000",
        # As an installation runs it: the log for people costs more than the one for programs.
        "ENVIRONMENT": "production",
        "TRUSTED_PROXIES": trusted,
    }
    with _process("/healthz", ["app", "web", "--workers", str(workers)], environment, public_port) as (
        port,
        pid,
    ):
        # Only a superuser sees which processes are other roles' backends.
        yield Server(port, pid, urls.superuser.replace("+psycopg", "", 1), f"127.0.0.1:{public_port or port}")


@contextlib.contextmanager
def serving_nothing() -> Iterator[tuple[int, int]]:
    """Start the least application there is; give its port and its process."""
    command = ["uvicorn", "benchmarks.floor:app", "--no-access-log"]
    with _process("/?a=1&b=x", command, dict(os.environ)) as started:
        yield started


def free_port() -> int:
    """A port of this machine where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _process(
    path: str, module: list[str], environment: dict[str, str], public_port: int | None = None
) -> Iterator[tuple[int, int]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", *module, "--port", str(port)],
        env=environment | {"PUBLIC_URL": f"http://127.0.0.1:{public_port or port}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://127.0.0.1:{port}{path}", process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(address, timeout=2).close()
            return
        time.sleep(0.1)
    raise RuntimeError("the web server did not start")
