"""Submitted forms, urlencoded or multipart, decoded strictly.

400 for what cannot be taken apart, 413 for what is too large, 422 for text that is none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote_to_bytes

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from app.errors import FieldProblem, InvalidInput, MalformedInput, TooLarge
from app.i18n import N_
from app.web.problem_words import field_path
from app.web.strict_json import NO_SUCH_TEXT, is_clean

MOST_FIELDS = 1000
MOST_FILES = 20
LONGEST_FIELD = 64 * 1024
LONGEST_NAME = 200
SCOPE_KEY = "pomapa.form"

_UNSAFE_IN_FILENAME = re.compile(r"[^\w .()-]", re.ASCII)


class MalformedForm(MalformedInput):
    """This form could not be read. Go back, reload the page and send it again."""


class NotAForm(MalformedInput):
    """A form was expected here."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a form. `filename` is cleaned and only for showing; what it is, its content says."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FormValues:
    """The fields of a form in the order they were sent; a name may come several times."""

    pairs: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, SentFile], ...] = ()
    lists: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        """Gather the values of each name."""
        lists: dict[str, list[str]] = {}
        for name, value in self.pairs:
            lists.setdefault(name, []).append(value)
        object.__setattr__(self, "lists", lists)

    def one(self, name: str, default: str = "") -> str:
        """The only value of a field; `InvalidInput` when it was sent more than once."""
        values = self.lists.get(name, [])
        if len(values) > 1:
            raise sent_twice(name)
        return values[0] if values else default

    def all(self, name: str) -> list[str]:
        """All values of a field, in order."""
        return list(self.lists.get(name, []))

    def file(self, name: str) -> SentFile | None:
        """The only file of a field, or None; `InvalidInput` when there are several."""
        found = [file for n, file in self.files if n == name]
        if len(found) > 1:
            raise sent_twice(name)
        return found[0] if found else None


async def form_values(request: Request) -> FormValues:
    """The form that was sent (a FastAPI dependency); `NotAForm` when something else was."""
    values = request.scope.get(SCOPE_KEY)
    if not isinstance(values, FormValues):
        raise NotAForm
    return values


def parse_urlencoded(body: bytes) -> FormValues:
    """Take apart `application/x-www-form-urlencoded`."""
    if not body:
        return FormValues()
    parts = body.split(b"&")
    if len(parts) > MOST_FIELDS:
        raise MalformedForm
    pairs = []
    for part in filter(None, parts):
        name, _, value = part.partition(b"=")
        pairs.append(_pair(_unquote(name), _unquote(value)))
    return FormValues(tuple(pairs))


def parse_multipart(body: bytes, content_type: str) -> FormValues:
    """Take apart `multipart/form-data`; the whole body has to be there, up to its closing boundary."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if not 1 <= len(boundary) <= 70:  # RFC 2046, 5.1.1
        raise MalformedForm
    reading = _Parts()
    try:
        parser = MultipartParser(boundary, reading.callbacks())  # type: ignore[arg-type]
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise MalformedForm from error
    if not reading.complete:
        raise MalformedForm
    return FormValues(
        tuple(_pair(name, data) for name, filename, data in reading.found if filename is None),
        tuple(
            (_text(name, "name"), SentFile(clean_filename(filename), data))
            for name, filename, data in reading.found
            if filename
        ),
    )


def clean_filename(raw: bytes) -> str:
    """The last part of a file's name, of letters, digits and a few signs, at most 80 characters."""
    text = raw.decode("utf-8", errors="ignore").replace("\\", "/")
    name = PurePosixPath(text.split("\x00")[0]).name
    return _UNSAFE_IN_FILENAME.sub("_", name)[-80:].lstrip(".") or "file"


def sent_twice(name: str) -> InvalidInput:
    """The error for a field that came more than once but has one value."""
    return InvalidInput(FieldProblem(field_path(name.split(".")), "sent_twice", _SENT_TWICE))


_SENT_TWICE = N_("This was sent more than once. Give one value.")


class _Parts:
    """Collects the parts that the parser finds: name, file name (None for a field), data."""

    def __init__(self) -> None:
        self.found: list[tuple[bytes, bytes | None, bytes]] = []
        self.complete = False
        self._disposition = b""
        self._header = b""
        self._value = b""
        self._data = bytearray()
        self._name = b""
        self._filename: bytes | None = None

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_field,
            "on_header_value": self._on_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._on_data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        self._disposition = self._header = self._value = b""
        self._data = bytearray()

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"name" not in options:
            raise MalformedForm
        self._name, self._filename = options[b"name"], options.get(b"filename")
        files = sum(filename is not None for _, filename, _ in self.found)
        if len(self.found) >= MOST_FIELDS or (self._filename is not None and files >= MOST_FILES):
            raise MalformedForm

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._filename is None and len(self._data) + end - start > LONGEST_FIELD:
            raise TooLarge
        self._data += data[start:end]

    def _end(self) -> None:
        self.found.append((self._name, self._filename, bytes(self._data)))

    def _finish(self) -> None:
        self.complete = True


def _unquote(data: bytes) -> bytes:
    return unquote_to_bytes(data.replace(b"+", b" "))


def _pair(name: bytes, value: bytes) -> tuple[str, str]:
    if len(value) > LONGEST_FIELD:
        raise TooLarge
    clean_name = _text(name, "")
    if len(clean_name) > LONGEST_NAME:
        raise MalformedForm
    # Browsers end lines with CR LF in forms, whatever the person typed.
    return clean_name, _text(value, clean_name).replace("\r\n", "\n")


def _text(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8", errors="strict")
    except UnicodeDecodeError:
        text = "\x00"
    if not is_clean(text):
        raise InvalidInput(FieldProblem(field_path(name.split(".")), "unclean_text", NO_SUCH_TEXT))
    return text
