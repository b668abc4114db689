"""What a workbook may be before it is unpacked: no bomb, no document type, no password."""

import zipfile
from pathlib import Path
from typing import Final
from xml.parsers import expat

from app.imports.notes import UnreadableFile

MAX_UNPACKED_BYTES: Final = 300_000_000
MAX_RATIO: Final = 200
MAX_ENTRIES: Final = 2_000
#: Below this size a high ratio is that of an empty sheet.
_SMALL: Final = 1_000_000

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def guard_workbook(path: Path, most_unpacked: int = MAX_UNPACKED_BYTES) -> None:
    """Raise UnreadableFile for a file that is no XLSX workbook or that it would be unwise to unpack."""
    with path.open("rb") as file:
        if file.read(8) == _OLE:
            raise UnreadableFile("xlsx_legacy")
    try:
        with zipfile.ZipFile(path) as archive:
            _guard_sizes(archive, most_unpacked)
            for entry in archive.infolist():
                if entry.filename.endswith((".xml", ".rels", ".vml")):
                    _refuse_document_type(archive, entry)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError):
        raise UnreadableFile("xlsx_damaged") from None


def _guard_sizes(archive: zipfile.ZipFile, most_unpacked: int) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > most_unpacked:
        raise UnreadableFile("xlsx_bomb")
    for entry in entries:
        if entry.flag_bits & 1:
            raise UnreadableFile("xlsx_legacy")
        if entry.file_size > _SMALL and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
            raise UnreadableFile("xlsx_bomb")
    if "xl/workbook.xml" not in archive.namelist():
        raise UnreadableFile("xlsx_damaged")


class _RootReached(Exception):  # noqa: N818 - a signal, not an error
    """The first element has begun: no document type can follow."""


def _refuse_document_type(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise UnreadableFile("xlsx_doctype")

    def stop(*_: object) -> None:
        raise _RootReached

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    with archive.open(entry) as part:
        try:
            while block := part.read(4096):
                parser.Parse(block)
        except _RootReached:
            return
        except expat.ExpatError:
            raise UnreadableFile("xlsx_damaged") from None
