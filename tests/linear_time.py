"""Whether something takes a time that grows no faster than the length of the text it is given.

A reader gets a pattern, repeated to the longest text that reaches it; the time for a text is compared with
that for a quarter of it. Only this thread's own time counts, so that a busy machine does not matter.
"""

import gc
import time
from collections.abc import Callable
from contextlib import suppress

from app.errors import PomapaError

Reader = Callable[[str], object]

#: Below this nobody is held up, and a clock tells nothing.
NEGLIGIBLE_S = 0.05
#: Four times the text: a linear reader takes four times as long, a quadratic one sixteen times.
TOO_MUCH = 9

PATTERNS = [
    '"', '\\"', "\\", '";', '";q=', '"=;', "; a", '; a="\\"', "=;", "a=", "a", "1", "%", "%F0%9F%98%80", "&", "[",
    '{"a":', "[1,", '"a",', ",", " ", "9.", "-", "(", ".", ":", "/", 'W/"', "\\000", "a;b=", "\r\n", "--x\r\n",
    "a: b\r\n", "+", ";q=", "\t", "\x00", "é", "@", "a@", "a.", "http://", "Mo ", "12:00-", "12:00-13:00,", "PH ",
    "\u0301", "<b>",
]  # fmt: skip


def seconds(read: Reader, text: str) -> float:
    """The best of three: whatever else the machine does only ever makes it longer."""
    taken = []
    for _ in range(3):
        gc.disable()
        began = time.thread_time()
        # A refusal is an answer too.
        with suppress(PomapaError, ValueError):
            read(text)
        taken.append(time.thread_time() - began)
        gc.enable()
        if taken[-1] < NEGLIGIBLE_S:
            break
    return min(taken)


def assert_linear(read: Reader, pattern: str, longest: int) -> None:
    """Lengthen the text fourfold, up to the longest; stop at the first length that takes too long."""
    sizes = [longest // 64, longest // 16, longest // 4, longest]
    times = []
    for size in sizes:
        times.append(seconds(read, pattern * (size // len(pattern))))
        if len(times) > 1 and times[-1] > NEGLIGIBLE_S:
            assert times[-1] < TOO_MUCH * times[-2], dict(zip(sizes, times, strict=False))
