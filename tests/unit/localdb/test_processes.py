import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.localdb.processes import command_line, leftover_backends, postmaster_of


def started(words: list[str], **options: object) -> subprocess.Popen[bytes]:
    """Start a program under another name and wait until the kernel shows that name.

    `Popen` returns when the new program has taken the old one's place, a moment before the kernel
    writes its command line down.
    """
    process = subprocess.Popen(words, **options)  # type: ignore[call-overload]
    deadline = time.monotonic() + 10
    while command_line(process.pid) != words:
        assert time.monotonic() < deadline, command_line(process.pid)
        time.sleep(0.001)
    return process  # type: ignore[no-any-return]


def test_a_server_is_known_by_its_data_directory(tmp_path: Path) -> None:
    sleep = "import time; time.sleep(60)"
    # The same words as a server's: the program's name, and its folder after -D.
    server = started(["/srv/bin/postgres", "-c", sleep, "-D", str(tmp_path)], executable=sys.executable)
    other = started(["/srv/bin/psql", "-c", sleep, "-D", str(tmp_path / "x")], executable=sys.executable)
    try:
        assert postmaster_of(tmp_path) == server.pid
        assert postmaster_of(tmp_path / "x") is None
        assert command_line(server.pid)[0] == "/srv/bin/postgres"
    finally:
        server.kill()
        other.kill()
        server.wait()
        other.wait()
    assert postmaster_of(tmp_path) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start a program as somebody else")
def test_somebody_elses_program_is_not_taken_for_the_server(tmp_path: Path) -> None:
    words = ["/srv/bin/postgres", "-c", "read forever", "-D", str(tmp_path)]
    other = started(words, executable="/bin/sh", user=65534, stdin=subprocess.PIPE)
    try:
        assert command_line(other.pid) == words
        assert postmaster_of(tmp_path) is None
    finally:
        other.communicate()


def test_leftovers_of_another_cluster_are_not_ours() -> None:
    title = "postgres: pomapa-0123: checkpointer"
    backend = started([title, "-c", "import time; time.sleep(60)"], executable=sys.executable)
    try:
        assert leftover_backends("pomapa-0123") == [backend.pid]
        assert leftover_backends("pomapa-01") == []
    finally:
        backend.kill()
        backend.wait()
