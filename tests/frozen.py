"""A database server of a test's own that stands still: its processes are stopped, its sockets stay open."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from app.localdb.processes import PROC, postmaster_of


@contextlib.contextmanager
def frozen(data_dir: Path) -> Iterator[None]:
    """Stop the server of the cluster in a folder for the time of the block."""
    server = postmaster_of(data_dir / "postgres" / "data")
    assert server is not None
    stopped: list[int] = []
    try:
        # First the one that starts the others.
        for pid in (server, *_children(server)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
                stopped.append(pid)
        yield
    finally:
        for pid in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _children(parent: int) -> Iterator[int]:
    for entry in PROC.iterdir():
        with contextlib.suppress(OSError):
            # What follows the name, which may hold anything: the state, and whose child it is.
            if (
                entry.name.isdigit()
                and int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent
            ):
                yield int(entry.name)
