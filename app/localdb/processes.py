"""Which running processes belong to a cluster, told by their command lines and never by a number alone.

A process id in a file may long have been given to another program.
"""

import contextlib
import os
import signal
import time
from pathlib import Path

PROC = Path("/proc")


def postmaster_of(pgdata: Path) -> int | None:
    """Give the process id of the server that runs on `pgdata`, or None.

    It belongs to whom the files belong to: anybody may start a program under the words of a server.
    """
    owner = _owner(pgdata)
    for pid in _all_pids():
        words = command_line(pid)
        if (
            len(words) > 1
            and Path(words[0]).name in {"postgres", "postmaster"}
            and _data_dir_of(words) == str(pgdata)
            and owner in {None, _owner(PROC / str(pid))}
        ):
            return pid
    return None


def leftover_backends(cluster_name: str) -> list[int]:
    """Give the processes of a cluster whose postmaster is gone: they keep its shared memory."""
    mark = f"postgres: {cluster_name}: "
    return [pid for pid in _all_pids() if " ".join(command_line(pid)).startswith(mark)]


def end_leftovers(cluster_name: str, *, patience_s: float = 5) -> None:
    """Wait for orphaned backends to notice that their postmaster died; then end them one by one."""
    deadline = time.monotonic() + patience_s
    while pids := leftover_backends(cluster_name):
        if time.monotonic() > deadline:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.2)
            return
        time.sleep(0.05)


def command_line(pid: int) -> list[str]:
    """Give the words of a process's command line; empty when it is gone."""
    try:
        raw = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    return [os.fsdecode(word) for word in raw.rstrip(b"\0").split(b"\0")]


def _owner(path: Path) -> int | None:
    try:
        return path.lstat().st_uid
    except OSError:
        return None


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _data_dir_of(words: list[str]) -> str | None:
    for word, following in zip(words, [*words[1:], None], strict=True):
        if word == "-D":
            return following
        if word.startswith("-D"):
            return word.removeprefix("-D")
    return None
