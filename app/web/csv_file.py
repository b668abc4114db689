"""Rows as a CSV file (RFC 4180) that spreadsheets open with a double click, and in which nothing can be run."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

#: Says that the bytes are UTF-8: without it Excel reads letters wrong.
_MARK = "\ufeff"
#: Tabs and ends of lines begin a cell or a row for somebody, and other control characters are in no word.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# What begins with one of these signs is a formula for a spreadsheet, in the wide forms of East Asia as well. A cell
# begins with the file's cell, and behind a comma or a semicolon in it: which of the two stands between cells is what
# the reader's computer says, not the file. Quotes do not help, since they mean nothing within another's cell; they,
# spaces and invisible signs may stand before the formula.
_FORMULA = re.compile("(^|[,;])(?=[\\s\"'\u200b-\u200f\u2060\ufeff]*[=+\\-@＝＋－＠])")

#: Where `harmless` has put an apostrophe.
_ESCAPED = re.compile("(^|[,;])'(?=[\\s\"'\u200b-\u200f\u2060\ufeff]*[=+\\-@＝＋－＠])")
# Between a sign that may split cells and the quote that ends the file's cell: else that quote would begin another
# one, and take the end of the row into it.
_SPLIT_LAST = re.compile("[,;]$")


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[str]], language: str) -> bytes:
    """Give the file. Where numbers have a decimal comma, spreadsheets expect semicolons between cells."""
    return csv_head(head, language) + csv_rows(rows, language)


def csv_head(head: Sequence[str], language: str) -> bytes:
    """Give the beginning of a file that is sent as it is read."""
    return _MARK.encode() + csv_rows([head], language)


def csv_rows(rows: Iterable[Sequence[str]], language: str) -> bytes:
    """Give further rows of the same file."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter="," if language == "en" else ";", lineterminator="\r\n")
    writer.writerows([[harmless(cell) for cell in row] for row in rows])
    return written.getvalue().encode()


def harmless(cell: str) -> str:
    """The cell as one line of text for every spreadsheet: an apostrophe stands before what would be a formula."""
    return _SPLIT_LAST.sub(r"\g<0> ", _FORMULA.sub(r"\1'", _CONTROL.sub(" ", cell)))


def as_meant(cell: str) -> str:
    """The text of a cell of ours that comes back: without the apostrophes that made it harmless."""
    return _ESCAPED.sub(r"\1", cell)
