"""A list somewhere in a JSON file, one element at a time, so that the file never is in memory as a whole."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from app.imports.notes import UnreadableFile
from app.imports.readers.encodings import json_encoding, wrong_encoding

CHUNK: Final = 1 << 18
#: Characters of one element; a longer one is an attack or not one record.
MAX_ITEM: Final = 4_000_000

#: A literal or a number that was cut off by the end of the buffer began at most this far before it.
LONGEST_TOKEN: Final = 64

_BLANKS: Final = " \t\n\r"


class RepeatedKeyError(ValueError):
    """An object says the same key twice."""


class NotFiniteError(ValueError):
    """NaN or Infinity, which JSON does not know."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the list: where it begins, what it is, or the code of what is wrong with it."""

    line: int
    value: Any
    problem: str | None = None


def stream_list(path: Path, keys: Sequence[str] = ()) -> Iterator[Element]:
    """Give the elements of the list at `keys` of the document; of the document itself when there are none.

    Elements that say a key twice, or NaN, are given with a problem. Raises UnreadableFile with the line.
    """
    with JsonText(path) as text:
        found = False
        for _ in _descend(text, list(keys)):
            found = True
            yield from _elements(text)
        if not found:
            raise UnreadableFile("json_path", path="/".join(keys) or "/")
        text.finish()


def members_beside(path: Path, key: str) -> dict[str, Any]:
    """Give the members of the document's object but for one, whose list is read over."""
    with JsonText(path) as text:
        members: dict[str, Any] = {}
        if text.peek() != "{":
            return members
        for name in text.members():
            if name == key and text.peek() == "[":
                for _ in _elements(text):
                    pass
            else:
                members[name] = text.value().value
        text.finish()
    return members


def _descend(text: "JsonText", keys: list[str]) -> Iterator[bool]:
    """Stop once at the beginning of the wanted list, and read over everything else."""
    if not keys:
        if text.peek() == "[":
            yield True
        else:
            text.value()
        return
    if text.peek() != "{":
        text.value()
        return
    for name in text.members():
        if name == keys[0]:
            yield from _descend(text, keys[1:])
        else:
            text.value()


def _elements(text: "JsonText") -> Iterator[Element]:
    text.take("[")
    if text.peek() == "]":
        text.take("]")
        return
    while True:
        yield text.value()
        if text.peek() == ",":
            text.take(",")
        else:
            text.take("]")
            return


def decode_strictly(text: str) -> Any:
    """Give the value of a JSON text; a repeated key, NaN and Infinity are errors."""
    return _STRICT.decode(text)


class JsonText:
    """A JSON file read forward, value by value."""

    def __init__(self, path: Path) -> None:
        """Open the file in the encoding that it is written in."""
        self._path = path
        self._encoding = json_encoding(path)
        self._file = path.open(encoding=self._encoding)
        self._buffer = ""
        self._at = 0
        self._line = 1
        self._ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def peek(self) -> str:
        """Give the next sign that is no blank, "" at the end."""
        while True:
            at = self._at
            while at < len(self._buffer) and self._buffer[at] in _BLANKS:
                at += 1
            self._advance(at)
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def take(self, sign: str) -> None:
        """Go over one expected sign."""
        if self.peek() != sign:
            raise self._malformed()
        self._advance(self._at + 1)

    def members(self) -> Iterator[str]:
        """Give the name of each member of the object that begins here; the caller takes its value."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            if self.peek() != '"':
                raise self._malformed()
            name = self.value().value
            self.take(":")
            yield name
            if self.peek() == ",":
                self.take(",")
            else:
                self.take("}")
                return

    def value(self) -> Element:
        """Give the whole value that begins here."""
        self.peek()
        line = self._line
        while True:
            try:
                value, end = _STRICT.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                self._more_or_raise(line, error)
                continue
            except RecursionError:
                raise UnreadableFile("json_malformed", line=line) from None
            except (RepeatedKeyError, NotFiniteError) as error:
                # The decoder's two own errors are raised while the element may still be incomplete.
                problem = "repeated_key" if isinstance(error, RepeatedKeyError) else "number_not_finite"
                return self._read_over(line, problem)
            except ValueError:  # an integer of more digits than Python converts
                raise UnreadableFile("json_malformed", line=line) from None
            # A number at the end of the buffer may go on in the next chunk.
            if end == len(self._buffer) and self._more():
                continue
            self._advance(end)
            return Element(line, value)

    def finish(self) -> None:
        """Raise UnreadableFile if anything but blanks follows."""
        if self.peek():
            raise UnreadableFile("json_trailing", line=self._line)

    def _read_over(self, line: int, problem: str) -> Element:
        while True:
            try:
                _, end = _LENIENT.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                self._more_or_raise(line, error)
                continue
            self._advance(end)
            return Element(line, None, problem)

    def _more_or_raise(self, line: int, error: json.JSONDecodeError) -> None:
        # What is cut off is found at the very end of the buffer; an error before it stays one.
        cut_off = _is_unfinished(self._buffer, error) or error.pos > len(self._buffer) - LONGEST_TOKEN
        if not cut_off:
            raise self._malformed_at(error)
        if len(self._buffer) - self._at > MAX_ITEM:
            raise UnreadableFile("json_item_too_large", line=line, limit=MAX_ITEM)
        if not self._more():
            raise self._malformed_at(error)

    def _malformed(self) -> UnreadableFile:
        """Tell a file that ends too early from one that is wrong."""
        return UnreadableFile("json_malformed" if self.peek() else "json_truncated", line=self._line)

    def _malformed_at(self, error: json.JSONDecodeError) -> UnreadableFile:
        line = self._line + self._buffer.count("\n", self._at, error.pos)
        unfinished = self._ended and _is_unfinished(self._buffer, error)
        return UnreadableFile("json_truncated" if unfinished else "json_malformed", line=line)

    def _more(self) -> bool:
        """Read another chunk; whether there was one."""
        if self._ended:
            return False
        try:
            chunk = self._file.read(CHUNK)
        except UnicodeDecodeError:
            raise wrong_encoding(self._path, self._encoding) from None
        self._ended = not chunk
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return bool(chunk)

    def _advance(self, to: int) -> None:
        self._line += self._buffer.count("\n", self._at, to)
        self._at = to


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise RepeatedKeyError
    return members


def _no_constant(_: str) -> Any:
    raise NotFiniteError


_STRICT: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant)
# For reading on behind an element that was refused by its meaning and not by its syntax.
_LENIENT: Final = json.JSONDecoder(parse_constant=lambda _: None)


def _is_unfinished(buffer: str, error: json.JSONDecodeError) -> bool:
    """Whether the text just ends where more was expected; an unterminated string is placed at its beginning."""
    return error.msg.startswith("Unterminated") or not buffer[error.pos : error.pos + LONGEST_TOKEN].strip()
