"""Records of a list in a JSON file, and of a file with one object a line."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.imports.notes import Note, UnreadableFile
from app.imports.readers.encodings import MAX_LINE_BYTES, json_encoding, wrong_encoding
from app.imports.readers.json_stream import (
    Element,
    NotFiniteError,
    RepeatedKeyError,
    decode_strictly,
    stream_list,
)
from app.imports.rows import Row


def read_json(path: Path, *, keys: Sequence[str] = ()) -> Iterator[Row]:
    """Give the records of the list at `keys`; members that are objects or lists stay as they are."""
    yield from rows_of(stream_list(path, keys))


def read_json_lines(path: Path) -> Iterator[Row]:
    """Give the records of a file with one JSON object a line (NDJSON, GeoJSON sequences)."""
    yield from rows_of(stream_lines(path))


def rows_of(elements: Iterator[Element]) -> Iterator[Row]:
    """Number the elements; one that is no object has a problem and no values."""
    for number, element in enumerate(elements, start=1):
        if element.problem:
            yield Row(number, element.line, "", {}, (Note(element.problem),))
        elif not isinstance(element.value, dict):
            yield Row(number, element.line, "", {}, (Note("not_an_object"),))
        else:
            yield Row(number, element.line, "", element.value)


def stream_lines(path: Path) -> Iterator[Element]:
    """Give the value of each line that is not blank. Raises UnreadableFile with the line."""
    encoding = json_encoding(path)
    with path.open(encoding=encoding) as file:
        number = 0
        try:
            while line := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(line) > MAX_LINE_BYTES:
                    raise UnreadableFile("line_too_long", line=number, limit=MAX_LINE_BYTES)
                text = line.strip(" \t\r\n\x1e")  # RFC 8142 begins each record with a record separator
                if text:
                    yield _element(number, text)
        except UnicodeDecodeError:
            raise wrong_encoding(path, encoding) from None


def _element(line: int, text: str) -> Element:
    try:
        value: Any = decode_strictly(text)
    except RepeatedKeyError:
        return Element(line, None, "repeated_key")
    except NotFiniteError:
        return Element(line, None, "number_not_finite")
    except (json.JSONDecodeError, RecursionError, ValueError):
        raise UnreadableFile("json_malformed", line=line) from None
    return Element(line, value)
