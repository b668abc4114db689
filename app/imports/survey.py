"""The first look at a file: can all of it be read, how many records, and which ids come more than once."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.imports.mapping import SourceMapping
from app.imports.notes import UnreadableFile
from app.imports.readers import crs_of, read_rows
from app.imports.transform import source_id_of

MAX_ROWS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Survey:
    """How many records there are, the rows of each repeated id, and the reference system that the file declares."""

    total: int
    repeated: dict[str, tuple[int, ...]]
    crs: int | None


def survey(path: Path, mapping: SourceMapping, progress: Callable[[int], None] | None = None) -> Survey:
    """Read the whole file once. Raises UnreadableFile, before anything has been written."""
    first: dict[str, int] = {}
    repeated: dict[str, list[int]] = {}
    total = 0
    for row in read_rows(path, mapping):
        total += 1
        if total > MAX_ROWS:
            raise UnreadableFile("too_many_rows", limit=MAX_ROWS)
        if progress is not None and total % 1000 == 0:
            progress(total)
        identity = source_id_of(row, mapping)
        if not identity or any(rule.when.holds(row.values) for rule in mapping.skip):
            continue
        known = first.setdefault(identity, row.number)
        if known != row.number:
            repeated.setdefault(identity, [known]).append(row.number)
    return Survey(total, {key: tuple(rows) for key, rows in repeated.items()}, crs_of(path, mapping))
