"""One way to stop, whether by Ctrl-C, by `kill`, or by closing the terminal."""

import contextlib
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(KeyboardInterrupt):
    """A signal to stop has come.

    Not `KeyboardInterrupt` itself: where that one leaves code that is run from a text, as `dataclasses` and SQLAlchemy do
    when a module is imported, Python keeps in mind that nobody has caught it, whoever does; and dies of a SIGINT at the end.
    """


@dataclass
class Stopping:
    """Whether a signal to stop has come."""

    asked: bool = False

    def check(self) -> bool:
        """`Stopped` when one has come, False otherwise; for whoever waits in a loop.

        Where a signal arrives while Python collects garbage, its exception is swallowed with the collection.
        """
        if self.asked:
            raise Stopped
        return False


@contextlib.contextmanager
def stopping_by_signal() -> Iterator[Stopping]:
    """Turn the first signal to stop into `Stopped`; further ones do not disturb the cleaning up."""
    stopping = Stopping()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if not stopping.asked:
            stopping.asked = True
            raise Stopped

    def swallowed(what: "sys.UnraisableHookArgs") -> None:
        # Python tells the terminal of an exception that a collection of garbage has swallowed; this one is known.
        if not (stopping.asked and what.exc_type is Stopped):
            told(what)

    told = sys.unraisablehook
    before = {number: signal.signal(number, stop) for number in _STOPPING}
    sys.unraisablehook = swallowed
    try:
        yield stopping
    finally:
        sys.unraisablehook = told
        for number, handler in before.items():
            signal.signal(number, handler)
