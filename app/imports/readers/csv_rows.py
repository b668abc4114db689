"""CSV in the ways in which people save it."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TextIO

from app.imports.notes import Note, UnreadableFile
from app.imports.readers.encodings import MAX_LINE_BYTES, detect_encoding
from app.imports.readers.headers import HeaderRow, column_names, is_header
from app.imports.rows import Row

MAX_CELL: Final = 1_000_000
MAX_COLUMNS: Final = 1_000
DELIMITERS: Final = (";", ",", "\t", "|")

#: Rows of titles that may stand above the header.
MAX_ROWS_ABOVE_HEADER: Final = 50


def read_csv(
    path: Path, *, header: HeaderRow | None = None, encoding: str | None = None, delimiter: str | None = None
) -> Iterator[Row]:
    """Give the records of a CSV file, each value a text.

    `header` says how to find the header row; the first row by default. Encoding and delimiter are
    detected when not given. A row with another number of cells than the header has a problem and no
    values. Raises UnreadableFile with the line.
    """
    header = header or HeaderRow()
    name = encoding or detect_encoding(path)
    # The module's limit is one for the process; no reader of ours wants another.
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding=name, newline="") as file:
        sign = delimiter or _delimiter(file, header)
        file.seek(0)
        yield from _rows(_records(file, sign, name), header)


def _delimiter(file: TextIO, header: HeaderRow) -> str:
    """Give the sign that parts the row with the wanted columns, else the most frequent of the first rows."""
    sample = file.read(64_000)
    lines = sample.splitlines()[:MAX_ROWS_ABOVE_HEADER]
    for sign in DELIMITERS:
        if any(is_header(cells, header) for cells in _split(lines, sign)) and header.contains:
            return sign
    first = next((line for line in lines if line.strip()), "")
    widths = {sign: max((len(cells) for cells in _split([first], sign)), default=1) for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: widths[sign])


def _split(lines: Sequence[str], sign: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=sign))
    except csv.Error:
        return []


def _records(file: TextIO, sign: str, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the line at which it begins; blank lines are no records."""
    reader = csv.reader(_lines(file), delimiter=sign, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            code = "cell_too_large" if "field larger" in str(error) else "quotes"
            raise UnreadableFile(code, line=begins, limit=MAX_CELL) from None
        except UnicodeDecodeError:
            raise UnreadableFile("encoding_wrong", line=reader.line_num + 1, encoding=encoding) from None
        if len(cells) > MAX_COLUMNS:
            raise UnreadableFile("too_many_columns", limit=MAX_COLUMNS)
        if any(cells):
            yield begins, cells


def _lines(file: TextIO) -> Iterator[str]:
    number = 0
    while line := file.readline(MAX_LINE_BYTES):
        number += 1
        # UTF-16 is decoded before we see it, so that a NUL character is still to be looked for here.
        if "\0" in line:
            raise UnreadableFile("nul", line=number)
        yield line


def _rows(records: Iterator[tuple[int, list[str]]], header: HeaderRow) -> Iterator[Row]:
    columns: list[str] | None = None
    heading: list[str] = []
    number = above = 0
    for line, cells in records:
        if columns is None:
            above += 1
            if above > MAX_ROWS_ABOVE_HEADER:
                break
            if is_header(cells, header):
                heading, columns = cells, column_names(cells)
            continue
        if cells == heading:  # printed lists repeat their header on each page
            continue
        number += 1
        if len(cells) == len(columns):
            yield Row(number, line, "", dict(zip(columns, cells, strict=True)))
        else:
            detail = {"found": len(cells), "expected": len(columns)}
            yield Row(number, line, "", {}, (Note("cells", detail=detail),))
    if columns is None:
        raise UnreadableFile("header_missing", columns=", ".join(header.contains))
