"""The built front end, straight from memory: what is not in the folder cannot be asked for."""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import NotFound
from app.templating import Assets
from app.web.asgi import header
from app.web.compression import COMPRESSIBLE, accepts_gzip
from app.web.etag import IMMUTABLE, compressed_etag, matching_etag

#: Files that the manifest does not name keep their name when they change.
SHORT = "public, max-age=3600"
#: Larger ones are not meant to be sent by this process.
LARGEST = 16 * 1024 * 1024
#: How the build names what it splits off, such as `chunk-2Y42LSDP.js`.
_HASHED = re.compile(r"-[A-Z0-9]{8,10}\.[a-z0-9.]+\Z")
_TYPES = {
    ".js": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".pbf": "application/x-protobuf",
}


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    packed: bytes | None
    media_type: str
    etag: str


class StaticFiles:
    """Answers `/static/…` from the built folder; passes every other path on."""

    def __init__(self, app: ASGIApp, assets: Assets) -> None:
        self.app = app
        self.assets = assets
        self._kept: dict[str, tuple[int, _File]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a file, a 304 or `NotFound`."""
        if scope["type"] != "http" or not scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        if scope["method"] not in {"GET", "HEAD"}:
            await Response(status_code=405, headers={"Allow": "GET, HEAD"})(scope, receive, send)
            return
        name = scope["path"].removeprefix("/static/")
        file = self._file(name)
        if file is None:
            raise NotFound
        await self._response(scope, name, file)(scope, receive, send)

    def _response(self, scope: Scope, name: str, file: _File) -> Response:
        packed = file.packed if accepts_gzip(header(scope, "accept-encoding") or "") else None
        headers = {
            "Cache-Control": IMMUTABLE if self._never_changes(name) else SHORT,
            "ETag": compressed_etag(file.etag) if packed else file.etag,
        }
        if file.packed is not None:
            headers["Vary"] = "Accept-Encoding"
        held = matching_etag(header(scope, "if-none-match"), file.etag)
        if held is not None:
            return Response(status_code=304, headers={**headers, "ETag": held})
        if packed is not None:
            headers["Content-Encoding"] = "gzip"
        return Response(packed or file.content, media_type=file.media_type, headers=headers)

    def _never_changes(self, name: str) -> bool:
        """Whether the name has a hash of the content in it: what the manifest names, and what that loads."""
        return name in self.assets.manifest().values() or _HASHED.search(name) is not None

    def _file(self, name: str) -> _File | None:
        """The file of that name, read again when it has changed; None for a name that leads out of the folder."""
        parts = name.split("/")
        if not all(parts) or any(part.startswith(".") or "\\" in part or "\x00" in part for part in parts):
            return None
        path = self.assets.dist.joinpath(*parts)
        try:
            stat = path.stat()
            if not path.is_file() or stat.st_size > LARGEST or not _inside(path, self.assets.dist):
                return None
            kept = self._kept.get(name)
            if kept is None or kept[0] != stat.st_mtime_ns:
                kept = self._kept[name] = (stat.st_mtime_ns, _load(path))
        except OSError:
            return None
        return kept[1]


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _load(path: Path) -> _File:
    content = path.read_bytes()
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = (
        gzip.compress(content, 9, mtime=0) if media_type in COMPRESSIBLE and len(content) > 1024 else None
    )
    return _File(content, packed, media_type, f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"')
