"""The program that makes a PDF, in a process of its own: it knows no database and no secret, and fetches nothing.

All that it works with comes on its standard input: a line of JSON with the sizes of what follows, then the page (HTML)
and the files that the page may name as `pomapa:NAME`. The PDF leaves on its standard output.
"""

import json
import os
import resource
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

SCHEME = "pomapa:"
#: What the process may take of the processor, in seconds, and of memory, in bytes.
MOST_CPU_S = 120
MOST_MEMORY = 2 * 1024**3
#: Tagged, with language and title, as readers for the blind need it (ISO 14289-1).
VARIANT = "pdf/ua-1"
#: The status that says that the system has no Pango.
NO_PANGO = 69
#: Behind everything else on the machine.
_NICENESS = 10
_TYPES = {"woff2": "font/woff2", "svg": "image/svg+xml"}


def request_of(page: str, files: Mapping[str, bytes]) -> bytes:
    """Give what the program reads."""
    content = page.encode()
    head = {"page": len(content), "files": {name: len(each) for name, each in files.items()}}
    return b"".join([json.dumps(head).encode(), b"\n", content, *files.values()])


def read_request(stream: BinaryIO) -> tuple[str, dict[str, bytes]]:
    """Give page and files of a request."""
    head = json.loads(stream.readline())
    page = stream.read(head["page"]).decode()
    return page, {name: stream.read(size) for name, size in head["files"].items()}


class ForeignAddress(ValueError):  # noqa: N818 - an error's name is its cause
    """A page asks for something that was not handed in."""


def pdf_of(page: str, files: Mapping[str, bytes]) -> bytes:
    """Give the page as a PDF; `ForeignAddress` when it asks for anything but `files`."""
    # More than a second to import, and nothing but this needs pango.
    from weasyprint import HTML  # noqa: PLC0415 - dear to load, and needed here alone
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - dear to load, and needed here alone

    refused = []

    class Handed(URLFetcher):  # type: ignore[misc] # the library has no types
        """Gives what was handed in, and remembers what else was asked for."""

        def fetch(self, url: str, _headers: Mapping[str, str] | None = None) -> Any:
            name = url.removeprefix(SCHEME)
            if name == url or name not in files:
                refused.append(url[:200])
                raise ForeignAddress(url)
            return URLFetcherResponse(url, files[name], {"Content-Type": _TYPES[name.rpartition(".")[2]]})

    made: bytes = HTML(string=page, base_url=SCHEME, url_fetcher=Handed()).write_pdf(pdf_variant=VARIANT)
    # The library leaves out what it cannot have. Here it means that somebody's words have become a part of the page.
    if refused:
        raise ForeignAddress(refused[0])
    return made


def main() -> int:
    """Read a request, write the PDF; the exit status."""
    os.nice(_NICENESS)
    for limit, most in (
        (resource.RLIMIT_CPU, MOST_CPU_S),
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    try:
        import weasyprint  # noqa: F401, PLC0415 - only whether it can be loaded
    except OSError:
        return NO_PANGO
    page, files = read_request(sys.stdin.buffer)
    sys.stdout.buffer.write(pdf_of(page, files))
    return 0


if __name__ == "__main__":
    sys.exit(main())
