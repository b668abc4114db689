"""In which encoding a text file is written: detected over the whole file, or refused by its line."""

import codecs
from pathlib import Path
from typing import Final

from app.imports.notes import UnreadableFile

#: No line of a data file is longer; a file without line ends is not read into memory.
MAX_LINE_BYTES: Final = 8_000_000

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The Polish letters ą ś ź Ą Ś Ź and the Romanian and other ones that the two encodings put in different places. In
# Windows-1250 0x80–0x9F are letters and typographic signs, in ISO 8859-2 they are control characters.
_ONLY_CP1250: Final = frozenset(b"\xb9\xa5") | frozenset(range(0x80, 0xA0))
_ONLY_ISO: Final = frozenset(b"\xb1\xb6\xbc\xa1\xa6\xac")
# Windows-1250 has no character at these places.
_NOT_CP1250: Final = frozenset(b"\x81\x83\x88\x90\x98")


def detect_encoding(path: Path) -> str:
    """Give the Python name of the file's encoding.

    UTF-8 and UTF-16 by their mark, UTF-16 without one by its zeros, UTF-8 by being valid, else
    Windows-1250 or ISO 8859-2 by the letters that tell them apart. Raises UnreadableFile for an
    empty file, NUL characters and lines in different encodings, naming the line.
    """
    return _marked(path) or _detect_narrow(path)


def json_encoding(path: Path) -> str:
    """Give the Python name of the encoding of a JSON file: UTF-8 (RFC 8259) unless a mark or zeros say UTF-16.

    Such a file may be one line of any length, and is not looked through.
    """
    return _marked(path) or "utf-8"


def wrong_encoding(path: Path, encoding: str) -> UnreadableFile:
    """Give the error that names the first line that is not in the encoding."""
    return UnreadableFile("encoding_wrong", line=_first_wrong_line(path, encoding), encoding=encoding)


def _first_wrong_line(path: Path, encoding: str) -> int:
    if encoding.startswith("utf-8"):
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    line.decode(encoding)
                except UnicodeDecodeError:
                    return number
    return 1


def _marked(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise UnreadableFile("file_empty")
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    return _utf16_without_mark(head)


def _utf16_without_mark(head: bytes) -> str | None:
    # European text in UTF-16 has a zero in nearly every second byte.
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 4 and even == 0:
        return "utf-16-le"
    if even > len(head) // 4 and odd == 0:
        return "utf-16-be"
    return None


def _detect_narrow(path: Path) -> str:
    """Look at each line by itself: one kind of line in one file."""
    first_utf8 = first_legacy = first_cp1250 = first_iso = 0
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(line) > MAX_LINE_BYTES:
                raise UnreadableFile("line_too_long", line=number, limit=MAX_LINE_BYTES)
            if 0 in line:
                raise UnreadableFile("nul", line=number)
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                first_legacy = first_legacy or number
                high = {byte for byte in line if byte > 127}
                if high & _ONLY_CP1250 and not high & _NOT_CP1250:
                    first_cp1250 = first_cp1250 or number
                elif high & _NOT_CP1250:
                    raise UnreadableFile("encoding_unknown", line=number) from None
                elif high & _ONLY_ISO:
                    first_iso = first_iso or number
            else:
                first_utf8 = first_utf8 or number
    return _verdict(first_utf8, first_legacy, first_cp1250, first_iso)


def _verdict(first_utf8: int, first_legacy: int, first_cp1250: int, first_iso: int) -> str:
    if not first_legacy:
        return "utf-8"
    # The later of the two first lines is the one that breaks with what was before.
    if first_utf8:
        raise UnreadableFile("encoding_mixed", line=max(first_utf8, first_legacy))
    if first_cp1250 and first_iso:
        raise UnreadableFile("encoding_mixed", line=max(first_cp1250, first_iso))
    # Where no telling letter occurs, both give the same text.
    return "iso-8859-2" if first_iso else "cp1250"
