"""`pomapa serve` as a person runs it: real processes, a real cluster, real signals."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.localdb.processes import command_line, postmaster_of

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 90


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data directory that the server's user can reach; whatever still runs on it at the end is stopped."""
    made = Path(tempfile.mkdtemp(prefix="pomapa-serve-"))
    made.chmod(0o755)
    yield made
    server = postmaster_of(made / "postgres" / "data")
    if server is not None:
        os.kill(server, signal.SIGQUIT)
    shutil.rmtree(made)


class Served:
    """One run of `pomapa serve`, until it has printed its address."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.log = folder / "serve.log"
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve", "--port", "0", "--data", str(folder), *options],
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )
        deadline = time.monotonic() + PATIENCE_S
        while not (found := re.search(r"Pomapa is at (\S+)", self.log.read_text())):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)
        self.address = found[1]

    @property
    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


def all_gone(pids: list[int], patience_s: float = 15) -> bool:
    deadline = time.monotonic() + patience_s
    while any(command_line(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not any(command_line(pid) for pid in pids)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_a_signal_stops_all_of_it(folder: Path, number: signal.Signals) -> None:
    served = Served(folder, "--workers", "2")
    children = served.children
    with urllib.request.urlopen(served.address + "healthz", timeout=10) as answer:
        assert answer.status == 200
    assert len(children) >= 2

    assert served.end(number) == 0

    assert all_gone(children)
    assert postmaster_of(folder / "postgres" / "data") is None
    assert "Traceback" not in served.log.read_text()


def link(folder: Path) -> str:
    """What `users link` prints, in an environment that says nothing of an address."""
    asked = [sys.executable, "-m", "app", "users", "link", "somebody@pomapa.test", "--data", str(folder)]
    environment = {name: value for name, value in os.environ.items() if name != "PUBLIC_URL"}
    done = subprocess.run(
        asked, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )
    assert ("No server runs" in done.stderr) == ("127.0.0.1:8000" in done.stdout)
    return done.stdout.strip()


def test_a_second_one_on_the_same_data_is_refused_in_a_sentence(folder: Path) -> None:
    served = Served(folder)
    second = subprocess.run(
        [sys.executable, "-m", "app", "serve", "--port", "0", "--data", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert second.returncode == 1
    assert f"already runs on {folder} (process {served.process.pid}" in second.stderr
    assert link(folder).startswith(f"{served.address}desk/sign-in/link#")
    assert served.end(signal.SIGTERM) == 0
    assert link(folder).startswith("http://127.0.0.1:8000/desk/sign-in/link#")


def test_after_a_violent_death_the_next_start_is_an_ordinary_one(folder: Path) -> None:
    served = Served(folder)
    children = served.children
    served.end(signal.SIGKILL)
    assert all_gone(children)
    database = postmaster_of(folder / "postgres" / "data")
    assert database is not None
    os.kill(database, signal.SIGKILL)

    again = Served(folder)

    assert "recovers now" in again.log.read_text()
    assert again.end(signal.SIGTERM) == 0


def test_the_next_start_makes_nothing_anew(folder: Path) -> None:
    served = Served(folder)
    assert served.end(signal.SIGTERM) == 0
    told = served.log.read_text()
    assert "Starting the database." in told
    for work in ("Making the database", "gazetteer", "example", "Building", "Installing"):
        assert work not in told, told
