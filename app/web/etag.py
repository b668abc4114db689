"""Strong validators and caching (RFC 9110, 8.8 and 13; RFC 9111)."""

import functools
import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from app.web.asgi import header

#: Public data: the same for everybody, at most a minute old while we answer (a place that is to be protected is then
#: gone from every cache), usable for a day when we are down.
PUBLIC = "public, max-age=30, stale-while-revalidate=30, stale-if-error=86400"
#: Whatever depends on who asks.
PRIVATE = "no-store"
#: Files whose name changes with their content.
IMMUTABLE = "public, max-age=31536000, immutable"

#: The folder of the application.
PROGRAM = Path(__file__).parent.parent

#: Two encodings of one answer are two representations and need two strong validators (RFC 9110, 8.8.3.3).
_COMPRESSED = "-gz"
#: A longer header was not made from our validators; it is treated as if it were absent.
LONGEST_CONDITION = 8192


def strong_etag(*parts: object) -> str:
    """A validator made from everything that decides the answer's bytes, such as version and parameters."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=12)
    return f'"{digest.hexdigest()}"'


@functools.cache
def program_digest(root: Path = PROGRAM) -> str:
    """A mark of the program's own files: what it answers may change with each of them, and with nothing else of it."""
    digest = hashlib.blake2b(digest_size=12)
    for path in sorted(path for path in root.rglob("*") if path.suffix in {".py", ".toml", ".json"}):
        digest.update(str(path.relative_to(root)).encode() + b"\x00" + path.read_bytes() + b"\x00")
    return digest.hexdigest()


def compressed_etag(etag: str) -> str:
    """The validator of the compressed form of an answer."""
    return f'{etag[:-1]}{_COMPRESSED}"' if etag.endswith('"') else etag


def matching_etag(if_none_match: str | None, etag: str) -> str | None:
    """The validator of the client's that still holds for `etag`, or None when the answer has to be sent.

    Weak comparison, as `If-None-Match` asks for (RFC 9110, 13.1.2); `*` matches whatever exists.
    """
    if not if_none_match or len(if_none_match) > LONGEST_CONDITION:
        return None
    if if_none_match.strip() == "*":
        return etag
    for part in if_none_match.split(","):
        candidate = part.strip()
        opaque = candidate.removeprefix("W/")
        if opaque in {etag, compressed_etag(etag)}:
            return candidate
    return None


def not_modified(request: Request, etag: str, cache_control: str = PUBLIC) -> Response | None:
    """The 304 for a client that has this version already, or None."""
    held = matching_etag(header(request.scope, "if-none-match"), etag)
    if held is None:
        return None
    headers = {"ETag": held, "Cache-Control": cache_control, "Vary": "Accept-Encoding"}
    return Response(status_code=304, headers=headers)


def public(response: Response, etag: str | None = None, cache_control: str = PUBLIC) -> Response:
    """Mark an answer as the same for everybody, with its validator."""
    response.headers["Cache-Control"] = cache_control
    if etag is not None:
        response.headers["ETag"] = etag
    return response


def private(response: Response) -> Response:
    """Mark an answer as nobody else's: no cache keeps it."""
    response.headers["Cache-Control"] = PRIVATE
    return response
