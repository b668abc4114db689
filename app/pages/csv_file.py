"""Rows as a CSV file (RFC 4180) that spreadsheets open with a double click, and in which nothing can be run."""

import csv
import io
from collections.abc import Iterable, Sequence

#: Says that the bytes are UTF-8: without it Excel reads letters wrong.
_MARK = "\ufeff"
#: A cell that begins so is a formula for a spreadsheet, in the wide forms of East Asia as well.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[str]], language: str) -> bytes:
    """Give the file. Where numbers have a decimal comma, spreadsheets expect semicolons between cells."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter="," if language == "en" else ";", lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in head])
    writer.writerows([[harmless(cell) for cell in row] for row in rows])
    return (_MARK + written.getvalue()).encode()


def harmless(cell: str) -> str:
    """The cell as text for every spreadsheet: an apostrophe stands before what would be a formula."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell
