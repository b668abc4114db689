"""Which row of a table is its header, and what the columns are called."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.imports.notes import UnreadableFile


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """How to find the header: the first row that has all of `contains`; the first row when empty."""

    contains: tuple[str, ...] = ()


def is_header(cells: Sequence[str], header: HeaderRow) -> bool:
    """Whether a row has all the columns that make it the header."""
    names = {tidy_heading(cell) for cell in cells}
    return names.issuperset(header.contains)


def column_names(cells: Sequence[str]) -> list[str]:
    """Give the columns' names, tidied; a column without one is `column 3`. Raises UnreadableFile for two alike."""
    names = [tidy_heading(cell) or f"column {position}" for position, cell in enumerate(cells, start=1)]
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise UnreadableFile("header_repeated", column=name)
        seen.add(name)
    return names


def tidy_heading(cell: str) -> str:
    """Give a heading on one line with single blanks, without a byte order mark."""
    return " ".join(cell.replace("\ufeff", "").split())
