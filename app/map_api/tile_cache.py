"""Pictures of the base map on disk: one file a tile, shared by all processes, never more than agreed."""

import contextlib
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

#: The usage policy of the default upstream asks for at least seven days.
FRESH_S = 7 * 24 * 3600
#: After so many new files the folder is measured again.
MEASURE_EVERY = 500

_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def picture_type(body: bytes) -> str | None:
    """The media type of a picture by its first bytes; None for anything that is no PNG, JPEG or WebP."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for signature, kind in _SIGNATURES.items() if body.startswith(signature)), None)


@dataclass(frozen=True, slots=True)
class Picture:
    """A tile as it is on disk; `fresh` until it is seven days old."""

    body: bytes
    kind: str
    age_s: float

    @property
    def fresh(self) -> bool:
        """Whether it may be given without asking the upstream."""
        return self.age_s < FRESH_S


class TileCache:
    """A folder of pictures. Every file is whole: it is renamed into its place."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        """Use a folder, made when the first picture comes, and keep it below `most_bytes`."""
        self.folder = folder
        self.most_bytes = most_bytes
        self._new = MEASURE_EVERY

    def read(self, z: int, x: int, y: int) -> Picture | None:
        """Give the picture of a tile, however old, or None."""
        path = self._path(z, x, y)
        try:
            body = path.read_bytes()
            age_s = time.time() - path.stat().st_mtime
        except OSError:
            return None
        kind = picture_type(body)
        return Picture(body, kind, age_s) if kind else None

    def write(self, z: int, x: int, y: int, body: bytes) -> None:
        """Keep a picture. A full disk is no reason to fail: the tile was served all the same."""
        path = self._path(z, x, y)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, unfinished = tempfile.mkstemp(dir=path.parent, suffix=".part")
            with os.fdopen(descriptor, "wb") as file:
                file.write(body)
            Path(unfinished).replace(path)
            self._new += 1
            if self._new >= MEASURE_EVERY:
                self._new = 0
                self._shrink()

    def _path(self, z: int, x: int, y: int) -> Path:
        return self.folder / str(z) / str(x) / str(y)

    def _shrink(self) -> None:
        """Delete the oldest pictures until a tenth of the room is free."""
        found = []
        for path in self.folder.rglob("*"):
            with contextlib.suppress(OSError):
                if path.is_file():
                    state = path.stat()
                    found.append((state.st_mtime, state.st_size, path))
        total = sum(size for _, size, _ in found)
        if total <= self.most_bytes:
            return
        for _, size, path in sorted(found):
            path.unlink(missing_ok=True)
            total -= size
            if total <= self.most_bytes * 0.9:
                return
