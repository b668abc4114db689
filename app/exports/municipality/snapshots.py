"""Files that were made already, one package a municipality and language in the data directory."""

import io
import json
import os
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from app.exports.municipality.files import File

#: One moment for every member, so that the same files are the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)
#: What was not put in its place after so long was left by a process that was stopped.
LEFT_AFTER_S = 3600


@dataclass(frozen=True, slots=True)
class Marks:
    """What a package was made from. `layers`: how all layers stood. `unit`: what was published for this unit.

    Both hold the day and the program as well. Where `layers` is the same nothing has changed at all; where
    only `unit` is the same, whatever has changed lies elsewhere.
    """

    layers: str
    unit: str

    @property
    def comment(self) -> bytes:
        """As they stand in the package."""
        return json.dumps([self.layers, self.unit]).encode()


@dataclass(frozen=True, slots=True)
class Package:
    """All files of a municipality in one language, as a zip file."""

    marks: Marks
    bytes: bytes

    def file(self, part: str) -> File | None:
        """One of them; None when there is no such part."""
        with zipfile.ZipFile(io.BytesIO(self.bytes)) as opened:
            for member in opened.infolist():
                if member.comment.decode() == part:
                    return File(part, member.filename, opened.read(member))
        return None

    def marked(self, marks: Marks) -> "Package":
        """Give the same files under other marks; nothing is compressed again."""
        packing = io.BytesIO(self.bytes)
        with zipfile.ZipFile(packing, "a") as opened:
            opened.comment = marks.comment
        return Package(marks, packing.getvalue())

    def files(self) -> Iterator[File]:
        """All of them, the first one first."""
        with zipfile.ZipFile(io.BytesIO(self.bytes)) as opened:
            for member in opened.infolist():
                yield File(member.comment.decode(), member.filename, opened.read(member))


def packed(files: Sequence[File], marks: Marks) -> Package:
    """Pack files; the same files and marks give the same bytes."""
    packing = io.BytesIO()
    with zipfile.ZipFile(packing, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as opened:
        for file in files:
            member = zipfile.ZipInfo(file.name, _MOMENT)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            member.comment = file.part.encode()
            opened.writestr(member, file.content)
        opened.comment = marks.comment
    return Package(marks, packing.getvalue())


@dataclass(frozen=True, slots=True)
class Prepared:
    """A package on the disk that nobody is given, until it is put in its place."""

    new: Path
    place: Path

    def put(self) -> None:
        """Put it in its place; nothing, when `Snapshots.empty` has dropped it meanwhile. OSError."""
        with suppress(FileNotFoundError):
            self.new.replace(self.place)

    def discard(self) -> None:
        """Remove it, if it was not put in its place."""
        self.new.unlink(missing_ok=True)


class Snapshots:
    """The packages in one folder. When one was last asked for is the time of access of its file, set by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, code: str, language: str) -> Package | None:
        """Give what was made; None when nothing was, or when it cannot be read."""
        try:
            content = _read_unnoted(self._path(code, language))
            with zipfile.ZipFile(io.BytesIO(content)) as opened:
                layers, unit = json.loads(opened.comment)
        except (OSError, zipfile.BadZipFile, ValueError):
            return None
        return Package(Marks(layers, unit), content)

    def prepare(self, code: str, language: str, package: Package, *, asked: bool) -> Prepared:
        """Write a package that may take the place of the last one. OSError.

        Whether somebody `asked` for it decides how long it is kept. From now on it is known, so that whatever is dropped meanwhile is dropped with it.
        """
        path = self._path(code, language)
        if asked:
            self.wish(code, language)
        elif self._asked_at(path) is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(0o644)
            os.utime(path, (0, 0))
        with NamedTemporaryFile(dir=path.parent, prefix=_beginning(language), delete=False) as file:
            prepared = Prepared(Path(file.name), path)
            try:
                file.write(package.bytes)
                file.flush()
                prepared.new.chmod(0o644)
                os.utime(prepared.new, (self._asked_at(path) or 0, time.time()))
            except OSError:
                # A full disk would be full of beginnings otherwise.
                prepared.discard()
                raise
        return prepared

    def asked(self, code: str, language: str) -> None:
        """Note that somebody asked for it now: the moment, and nothing about who."""
        path = self._path(code, language)
        with suppress(OSError):
            os.utime(path, (time.time(), path.stat().st_mtime))

    def wish(self, code: str, language: str) -> None:
        """Note that somebody asked for what was never made: a package without anything in it. OSError."""
        path = self._path(code, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o644)
        self.asked(code, language)

    def known(self) -> Iterator[tuple[str, str, float]]:
        """Code and language of every package, and how many seconds ago somebody asked for it."""
        for path in sorted(self.folder.glob("*/*.zip")):
            asked_at = self._asked_at(path)
            if asked_at is not None:
                yield path.parent.name, path.stem, time.time() - asked_at

    def empty(self, code: str, language: str) -> None:
        """Drop what a package holds; when it was asked for stays known, so that the night makes it again."""
        path = self._path(code, language)
        # First, so that none of them comes into the place afterwards.
        self._drop_prepared(path)
        asked_at = self._asked_at(path)
        if asked_at is not None:
            path.write_bytes(b"")
            os.utime(path, (asked_at, time.time()))

    def forget(self, code: str, language: str) -> None:
        """Remove a package, and its folder when it was the last one there."""
        path = self._path(code, language)
        self._drop_prepared(path)
        path.unlink(missing_ok=True)
        with suppress(OSError):
            path.parent.rmdir()

    def clear(self) -> None:
        """Remove what a process that was stopped has prepared and never put in its place."""
        for path in self.folder.glob(f"*/{_beginning()}*"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > LEFT_AFTER_S:
                    path.unlink()

    def _drop_prepared(self, path: Path) -> None:
        for prepared in path.parent.glob(f"{_beginning(path.stem)}*"):
            prepared.unlink(missing_ok=True)

    def _asked_at(self, path: Path) -> float | None:
        try:
            return path.stat().st_atime
        except OSError:
            return None

    def _path(self, code: str, language: str) -> Path:
        # Only codes that the database knows come here; a separator in one would be another folder.
        if "/" in code or code.startswith("."):
            raise ValueError("not a code")
        return self.folder / code / f"{language}.zip"


def _beginning(language: str = "") -> str:
    """How the names of prepared packages begin, of one language or of all."""
    return f".new-{language}"


def _read_unnoted(path: Path) -> bytes:
    """The content, read without a trace: the file system's own note of the moment would count as somebody's asking."""
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        content = file.read()
        with suppress(OSError):
            os.utime(file.fileno(), ns=(before.st_atime_ns, before.st_mtime_ns))
    return content
