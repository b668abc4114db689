"""A file read: its header at once, so that whoever uploads it hears what is wrong, its rows into the run."""

import asyncio
import contextlib
import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from app.imports.models import ImportRun
from app.imports.notes import Note, UnreadableFile
from app.imports.readers.csv_rows import read_csv
from app.imports.readers.xlsx_rows import read_xlsx
from app.imports.rows import Row
from app.imports.staging.columns import INSTEAD_OF_ID, OWN_ID
from app.web.csv_file import as_meant

MOST_BYTES: Final = 4_000_000
MOST_ROWS: Final = 5_000
#: Of a workbook: its lines with the empty ones, and what it unpacks to.
MOST_LINES: Final = 20_000
MOST_UNPACKED: Final = 40_000_000
#: A cell of a place's register; what is longer was not closed, or is meant to hurt.
MOST_CELL: Final = 20_000
MOST_HEADERS: Final = 100
_LONGEST_HEADER: Final = 100
_ID_DIGITS: Final = 32

_FORMULA: Final = re.compile(r"\s*[=＝]")
_DECIMAL_COMMA: Final = re.compile(r"\s*[+-]?\d{1,3},\d+\s*")
#: No text of a row holds these: PostgreSQL cannot keep them, and nobody can read them.
_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")


def format_of(data: bytes) -> str:
    """Give the format by the content, whatever the file is called."""
    return "xlsx" if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) else "csv"


async def read_file(data: bytes) -> list[Row]:
    """Give all rows; `UnreadableFile` where the file is not one that can be read."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile("file_too_large", limit=f"{MOST_BYTES // 1_000_000} MB")
    if not data.strip():
        raise UnreadableFile("file_empty")
    return await asyncio.to_thread(_read, data)


def headers_of(rows: Sequence[Row]) -> list[str]:
    """Give the columns of a file as its rows have them."""
    return next(([*row.values] for row in rows if row.values), [])


def first_values(rows: Sequence[Row], headers: Sequence[str], most: int) -> dict[str, list[str]]:
    """Give of each column its first values, each once: by them people know which column it is."""
    found: dict[str, dict[str, None]] = {header: {} for header in headers}
    for row in rows:
        for header, kept in found.items():
            value = " ".join(as_meant(str(row.values.get(header) or "")).split())
            if value and len(kept) < most:
                kept[value] = None
    return {header: [*kept] for header, kept in found.items()}


def with_plain_cells(row: Row, columns: Mapping[str, str]) -> Row:
    """Give a row with the cells as they were meant, and an id; one that holds a formula has a problem."""
    problems = list(row.problems)
    values: dict[str, Any] = {}
    for header, cell in row.values.items():
        text = str(cell)
        if header in columns.values() and _FORMULA.match(text):
            problems.append(Note("cell_formula", header, {"column": header}))
        values[header] = as_meant(text)
    if "id" not in columns:
        said = [" ".join(str(values.get(columns.get(key, ""), "")).split()) for key in INSTEAD_OF_ID]
        # Told to nobody: a street that is in it may be that of a protected place.
        values[OWN_ID] = hashlib.sha256("\n".join(said).casefold().encode()).hexdigest()[:_ID_DIGITS]
    return replace(row, values=values, problems=tuple(problems))


def decimal_of(rows: Sequence[Row], run: ImportRun) -> str:
    """Say which sign stands before the decimals of the positions."""
    header = run.columns.get("lat")
    comma = any(_DECIMAL_COMMA.fullmatch(str(row.values.get(header or "", ""))) for row in rows)
    return "comma" if comma else "point"


def _read(data: bytes) -> list[Row]:
    kind = format_of(data)
    with _as_path(data, kind) as path:
        records: Iterator[Row] = (
            read_csv(path)
            if kind == "csv"
            else read_xlsx(path, most_lines=MOST_LINES, most_unpacked=MOST_UNPACKED)
        )
        rows: list[Row] = []
        try:
            for row in records:
                if len(rows) >= MOST_ROWS:
                    raise UnreadableFile("too_many_rows", limit=MOST_ROWS)
                _check(row)
                rows.append(row)
        except UnicodeError:
            # Half a letter in the first lines, where the sign between the cells is looked for.
            raise UnreadableFile("encoding_wrong", line=1, encoding="UTF-8") from None
    if not rows:
        raise UnreadableFile("no_rows")
    return rows


def _check(row: Row) -> None:
    if len(row.values) > MOST_HEADERS:
        raise UnreadableFile("too_many_columns", limit=MOST_HEADERS)
    for header, cell in row.values.items():
        if len(header) > _LONGEST_HEADER:
            raise UnreadableFile("header_too_long", limit=_LONGEST_HEADER)
        if len(str(cell)) > MOST_CELL:
            raise UnreadableFile("cell_too_large", line=row.line, limit=MOST_CELL)
        if _NO_TEXT.search(str(cell)) or _NO_TEXT.search(header):
            raise UnreadableFile("nul", line=row.line)


@contextlib.contextmanager
def _as_path(data: bytes, kind: str) -> Iterator[Path]:
    """The readers read files; this one is gone with the end of the block."""
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as file:
        file.write(data)
        file.flush()
        yield Path(file.name)
