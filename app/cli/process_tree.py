"""Processes that live and die together: started, watched, started again when one fails, stopped by their own ids."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from app.errors import PomapaError

#: A child finds in this environment variable the process it must not outlive.
_PARENT = "POMAPA_PARENT"
_PR_SET_PDEATHSIG = 1
#: A process that ends sooner than this after its start has failed to start.
_SETTLED_AFTER_S = 10.0
_ATTEMPTS = 3
_POLL_S = 0.2


class ProcessFailed(PomapaError):  # noqa: N818 - families are named by meaning
    """A part of Pomapa ended by itself again and again. Its last words are above."""


@dataclass(slots=True)
class _Child:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    descriptors: tuple[int, ...]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = field(default=0)

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            list(self.command),
            env={**os.environ, **self.environment, _PARENT: str(os.getpid())},
            pass_fds=self.descriptors,
            stdin=subprocess.DEVNULL,
            # Ctrl-C at the terminal is ours alone; the children are told in order.
            start_new_session=True,
        )


class ProcessTree:
    """The processes that one command needs. As a context, it stops whatever it has started."""

    def __init__(
        self,
        report: Callable[[str], None],
        *,
        program: Sequence[str] = (sys.executable, "-m", "app"),
        stop_patience_s: float = 20.0,
    ) -> None:
        """Start nothing yet; `report` gets a sentence about each process that failed."""
        self._report = report
        self._program = program
        self._stop_patience_s = stop_patience_s
        self._children: list[_Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(
        self,
        name: str,
        words: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        descriptors: tuple[int, ...] = (),
    ) -> int:
        """Start the program (`pomapa`) with these words as a child that gets these open descriptors; give its process id."""
        child = _Child(name, [*self._program, *words], environment or {}, descriptors)
        self._children.append(child)
        child.start()
        assert child.process is not None
        return child.process.pid

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Start again whatever ends, until `until` is true; `ProcessFailed` when one never settles."""
        while not until():
            for child in self._children:
                self._tend(child)
            time.sleep(_POLL_S)

    def stop(self) -> None:
        """Ask every child to end, wait, and end the ones that do not; last started, first stopped."""
        living = [child.process for child in reversed(self._children) if child.process is not None]
        for process in living:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + self._stop_patience_s
        for process in living:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._children.clear()

    def _tend(self, child: _Child) -> None:
        if child.process is None or child.process.poll() is None:
            return
        lived_s = time.monotonic() - child.started_at
        child.failures = child.failures + 1 if lived_s < _SETTLED_AFTER_S else 1
        if child.failures >= _ATTEMPTS:
            msg = f"The {child.name} process ended by itself {child.failures} times in a row. Its last words are above."
            raise ProcessFailed(msg)
        self._report(
            f"The {child.name} process ended ({_how(child.process.returncode)}); it is started again."
        )
        child.start()


def end_with_parent() -> None:
    """Let the kernel end this process when the one that started it as part of a tree dies, even by `kill -9`."""
    parent = os.environ.get(_PARENT)
    if parent is None:
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        # It died before the kernel knew.
        sys.exit(0)


def _how(returncode: int) -> str:
    return f"signal {-returncode}" if returncode < 0 else f"exit code {returncode}"
