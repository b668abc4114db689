"""The first look at a file: can all of it be read, how many records, and which ids come more than once."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from app.imports.mapping import SourceMapping
from app.imports.notes import UnreadableFile
from app.imports.readers import crs_of, read_rows
from app.imports.rows import Row
from app.imports.transform import source_id_of

MAX_ROWS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Survey:
    """How many records there are, which ids come again, and the reference system that the file declares.

    `repeated` are the rows of an id that says different things; `again` are rows that say exactly what
    an earlier row of the same id has said.
    """

    total: int
    repeated: dict[str, tuple[int, ...]]
    again: frozenset[int]
    crs: int | None


def survey(path: Path, mapping: SourceMapping, progress: Callable[[int], None] | None = None) -> Survey:
    """Read the whole file once. Raises UnreadableFile, before anything has been written."""
    return look_through(read_rows(path, mapping), mapping, crs_of(path, mapping), progress)


def look_through(
    rows: Iterable[Row],
    mapping: SourceMapping,
    crs: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Survey:
    """Count rows, and say which ids come again. Raises UnreadableFile."""
    first: dict[str, tuple[int, int]] = {}
    rows_of: dict[str, list[int]] = {}
    different: set[str] = set()
    total = 0
    for row in rows:
        total += 1
        if total > MAX_ROWS:
            raise UnreadableFile("too_many_rows", limit=MAX_ROWS)
        if progress is not None and total % 1000 == 0:
            progress(total)
        identity = source_id_of(row, mapping)
        if not identity or any(rule.when.holds(row.values) for rule in mapping.skip):
            continue
        said = hash(_canonical(row.values))
        known = first.setdefault(identity, (row.number, said))
        if known[0] != row.number:
            rows_of.setdefault(identity, [known[0]]).append(row.number)
            if known[1] != said:
                different.add(identity)
    repeated = {identity: tuple(rows_of[identity]) for identity in different}
    again = frozenset(
        number for identity, rows in rows_of.items() if identity not in different for number in rows[1:]
    )
    return Survey(total, repeated, again, crs)


def _canonical(values: Mapping[str, Any]) -> bytes | str:
    try:
        return orjson.dumps(values, option=orjson.OPT_SORT_KEYS, default=str)
    except TypeError:
        # Whole numbers of more than 64 bits, and texts with half a sign.
        return json.dumps(values, sort_keys=True, default=str)
