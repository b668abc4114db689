"""Has a PDF made by the press: a process of its own, with nothing of ours in its environment and a limit to its time."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from app.errors import PomapaError
from app.exports.paper.press import NO_PANGO, request_of
from app.log import logger

#: So long a PDF may take by the clock; the press itself limits what it takes of the processor.
WITHIN_S = 300.0
_ROOT = Path(__file__).resolve().parents[3]
_PRESS = ("-m", "app.exports.paper.press")


class NotPrinted(PomapaError):  # noqa: N818 - an error's name is its cause
    """The PDF could not be made. What is in the log says why."""


class PrintedTooLong(NotPrinted):
    """The PDF took too long and was given up."""


class PangoMissing(NotPrinted):
    """Files on paper need Pango. Install it, on Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0"""


async def printed(page: str, files: Mapping[str, bytes], *, within_s: float = WITHIN_S) -> bytes:
    """Give the page as a PDF; `NotPrinted` when the press fails or takes longer than it may."""
    # Fontconfig writes down which fonts there are, and whoever works for us may not write anywhere else.
    with TemporaryDirectory(prefix="pomapa-press-") as own:
        press = await asyncio.create_subprocess_exec(
            sys.executable,
            *_PRESS,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_environment(own),
            cwd=own,
        )
        try:
            async with asyncio.timeout(within_s):
                made, said = await press.communicate(request_of(page, files))
        except TimeoutError as error:
            raise PrintedTooLong from error
        finally:
            if press.returncode is None:
                press.kill()
                await press.wait()
    if press.returncode == 0 and made:
        return made
    if press.returncode == NO_PANGO:
        raise PangoMissing
    last = said.decode(errors="replace").strip().splitlines()[-1:] or [""]
    logger("app.exports").error("the press failed", status=press.returncode, said=last[0][:500])
    raise NotPrinted


def _environment(own: str) -> dict[str, str]:
    """What a Python program needs, and no address of a database and no secret."""
    given = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return given | {
        "HOME": own,
        "XDG_CACHE_HOME": own,
        "TMPDIR": own,
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(_ROOT),
        "PYTHONSAFEPATH": "1",
    }
