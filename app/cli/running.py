"""Which server runs on a data directory, and where people reach it: `serve.lock`, held and written by `pomapa serve`.

The file's first line is for people, its second is the address that links begin with.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.errors import PomapaError

_LOCK = "serve.lock"
#: Somebody who asks whether a server runs holds the lock for a moment.
_PATIENCE_S = 0.5


class AlreadyRunning(PomapaError):  # noqa: N818 - families are named by meaning
    """Pomapa already runs on this data directory."""


@contextlib.contextmanager
def only_one(data_dir: Path, mark: str) -> Iterator[Callable[[str], None]]:
    """Refuse a second server on one data directory; give a function that notes the address of this one.

    The kernel drops the lock with the process, however it ends.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(data_dir / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        msg = f"The data directory {data_dir} cannot be written ({error.strerror}). Choose another one with --data."
        raise AlreadyRunning(msg) from error
    with os.fdopen(descriptor, "r+") as file:
        if not _locked(descriptor, fcntl.LOCK_EX, _PATIENCE_S):
            lines = file.read().splitlines()
            msg = (
                f"Pomapa already runs on {data_dir} ({lines[0] if lines else 'starting'}). "
                "Stop it first, or choose another directory with --data."
            )
            raise AlreadyRunning(msg)
        file.truncate(0)
        file.write(f"process {os.getpid()}, {mark}\n")
        file.flush()

        def note(address: str) -> None:
            file.write(f"{address}\n")
            file.flush()

        yield note


def running_address(data_dir: Path) -> str | None:
    """Give the address of the server that runs on a data directory; None when none does, or it is starting."""
    try:
        file = (data_dir / _LOCK).open()
    except OSError:
        return None
    with file:
        if _locked(file.fileno(), fcntl.LOCK_SH, 0):
            return None
        lines = file.read().splitlines()
        return lines[1] if len(lines) > 1 else None


def _locked(descriptor: int, how: int, patience_s: float) -> bool:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.05)
        else:
            return True
