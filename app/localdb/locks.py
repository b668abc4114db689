"""Locks between processes, as the kernel keeps them: a process that dies lets go."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from app.localdb.problems import LocalDatabaseError


@contextlib.contextmanager
def exclusive(path: Path, *, patience_s: float = 180) -> Iterator[None]:
    """Hold the lock file alone; wait for others up to `patience_s`, then `LocalDatabaseError`."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        deadline = time.monotonic() + patience_s
        while not _locked(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                msg = f"Another process has been starting or stopping this database for long. Wait for it, or end it ({path})."
                raise LocalDatabaseError(msg)
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


class SharedUse:
    """A mark "I am using this" which any number of processes can hold at once."""

    def __init__(self, path: Path) -> None:
        """Set the mark; it is dropped by `release`, or when this process ends."""
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def release(self) -> bool:
        """Drop the mark; true when nobody else holds it. Only meaningful under the lock of starting and stopping."""
        try:
            return _locked(self._descriptor, fcntl.LOCK_EX)
        finally:
            os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
