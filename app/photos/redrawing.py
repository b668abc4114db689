"""Has a photo drawn anew: by a process of its own, with nothing of ours in its environment and a limit to all it takes."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import orjson
from anyio import CapacityLimiter

from app.log import logger
from app.photos.names import file_of
from app.photos.refusals import MESSAGES, MOST_BYTES

#: So long it may take by the clock, on a machine that has much to do; the process limits what it takes of the processor.
WITHIN_S = 20.0
#: Two at a time in each process of ours. Nobody waits for a turn longer than a page may take.
AT_ONCE = 2
MOST_WAITING = 10
LONGEST_WAIT_S = 8.0
_ROOT = Path(__file__).resolve().parents[2]
_LIMITER = CapacityLimiter(AT_ONCE)


class PhotoRefused(Exception):  # noqa: N818 - an error's name is its cause
    """A photo that is not taken; `code` is one of `app.photos.refusals`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A photo as it is kept: its name, and both sizes as WebP."""

    file: str
    large: bytes
    small: bytes


async def redrawn(sent: bytes) -> Redrawn:
    """Give what somebody sent as pixels and nothing else; `PhotoRefused`."""
    if len(sent) > MOST_BYTES:
        raise PhotoRefused("photo_large")
    if _LIMITER.statistics().tasks_waiting >= MOST_WAITING:
        raise PhotoRefused("photos_busy")
    try:
        async with asyncio.timeout(LONGEST_WAIT_S):
            await _LIMITER.acquire()
    except TimeoutError as error:
        raise PhotoRefused("photos_busy") from error
    try:
        status, made = await _run(sent)
    finally:
        _LIMITER.release()
    head, _, rest = made.partition(b"\n")
    if status != 0 or not head:
        # The system ended it: what it was given asked for more than any photo does.
        logger("app.photos").warning("a photo was given up", status=status, size=len(sent))
        raise PhotoRefused("photo_unreadable")
    told = orjson.loads(head)
    if "refused" in told:
        raise PhotoRefused(told["refused"] if told["refused"] in MESSAGES else "photo_unreadable")
    large, small = rest[: told["large"]], rest[told["large"] :]
    return Redrawn(file_of(large, told["width"], told["height"]), large, small)


async def _run(sent: bytes) -> tuple[int, bytes]:
    """Status and output of the process; status -1 when it took too long."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "app.photos.redraw"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
        cwd="/",
    )
    try:
        async with asyncio.timeout(WITHIN_S):
            made, _ = await process.communicate(sent)
    except TimeoutError:
        return -1, b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, made


def _environment() -> dict[str, str]:
    """What a Python program needs, and no address of a database and no secret."""
    given = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return given | {"LANG": "C.UTF-8", "PYTHONPATH": str(_ROOT), "PYTHONSAFEPATH": "1"}
