"""Records of a sheet of an XLSX workbook, each value as the text that a person would have typed."""

import contextlib
import datetime as dt
import warnings
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, Final

import openpyxl

from app.imports.notes import Note, UnreadableFile
from app.imports.readers.csv_rows import MAX_CELL, MAX_COLUMNS, MAX_ROWS_ABOVE_HEADER
from app.imports.readers.headers import HeaderRow, column_names, is_header
from app.imports.readers.xlsx_guard import MAX_UNPACKED_BYTES, guard_workbook
from app.imports.rows import Row

#: The day after Excel's 29 February 1900, which never was; earlier dates may be a day off.
_FIRST_RELIABLE_DAY: Final = dt.date(1900, 3, 1)
#: So many lines has a sheet of Excel at most.
MAX_LINES: Final = 1_048_576
_ERRORS: Final = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


def read_xlsx(
    path: Path,
    *,
    sheet: str | None = None,
    header: HeaderRow | None = None,
    most_lines: int = MAX_LINES,
    most_unpacked: int = MAX_UNPACKED_BYTES,
) -> Iterator[Row]:
    """Give the records of one sheet, the first by default.

    A formula gives the value that the spreadsheet last computed; links to other files are not
    followed and macros not looked at. `line` is the row of the sheet; `most_lines` counts the empty ones as well. Raises UnreadableFile.
    """
    guard_workbook(path, most_unpacked)
    header = header or HeaderRow()
    # Ours to close, whatever openpyxl leaves open when it stumbles.
    with path.open("rb") as file, warnings.catch_warnings():
        # Extensions of Excel that openpyxl does not know are none of ours.
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except Exception:  # noqa: BLE001 - openpyxl raises whatever the XML made it stumble over
            raise UnreadableFile("xlsx_damaged") from None
        try:
            if sheet is not None and sheet not in book.sheetnames:
                raise UnreadableFile("xlsx_sheet")
            with contextlib.closing(_records(book, sheet, most_lines)) as records:
                yield from _rows(records, header)
        finally:
            book.close()


def _records(book: Any, sheet: str | None, most_lines: int) -> Generator[tuple[Any, ...], None, None]:
    """Give the lines of a sheet, the empty ones as well: a file may claim two thousand million of them."""
    try:
        worksheet = book[sheet] if sheet is not None else book.worksheets[0]
        with contextlib.closing(worksheet.iter_rows(values_only=True, max_col=MAX_COLUMNS)) as lines:
            for line, values in enumerate(lines, start=1):
                if line > most_lines:
                    break
                yield values
            else:
                return
    except Exception:  # noqa: BLE001 - the sheet itself is read only here, and may be anything
        raise UnreadableFile("xlsx_damaged") from None
    raise UnreadableFile("too_many_rows", limit=most_lines)


def _rows(records: Iterator[tuple[Any, ...]], header: HeaderRow) -> Iterator[Row]:
    columns: list[str] | None = None
    heading: list[str] = []
    number = 0
    for line, values in enumerate(records, start=1):
        if all(value is None for value in values):
            continue
        cells = [_text(value) for value in values]
        if not any(cells):
            continue
        if columns is None:
            if line > MAX_ROWS_ABOVE_HEADER:
                break
            if is_header(cells, header):
                heading = _without_tail(cells)
                columns = column_names(heading)
            continue
        if _without_tail(cells) == heading:
            continue
        number += 1
        yield _row(number, line, dict(zip(columns, values, strict=False)), columns)
    if columns is None:
        raise UnreadableFile("header_missing", columns=", ".join(header.contains))


def _row(number: int, line: int, values: dict[str, Any], columns: list[str]) -> Row:
    problems = []
    texts = dict.fromkeys(columns, "")
    for column, value in values.items():
        texts[column] = _text(value)
        if texts[column] in _ERRORS:
            problems.append(Note("cell_error", column, {"column": column}))
        elif isinstance(value, dt.date | dt.datetime) and _day(value) < _FIRST_RELIABLE_DAY:
            problems.append(Note("excel_date", column, {"column": column}))
        elif len(texts[column]) > MAX_CELL:
            raise UnreadableFile("cell_too_large", line=line, limit=MAX_CELL)
    return Row(number, line, "", texts, tuple(problems))


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def _text(value: Any) -> str:
    """Give a cell as text: whole numbers without a point, dates as ISO 8601, truth as 1 and 0."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def _without_tail(cells: list[str]) -> list[str]:
    """Give the cells up to the last that is not empty: sheets are often formatted far to the right."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]
