"""One way to stop, whether by Ctrl-C, by `kill`, or by closing the terminal."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def stopping_by_signal() -> Iterator[None]:
    """Turn the first signal to stop into `KeyboardInterrupt`; further ones do not disturb the cleaning up."""
    asked = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
