"""One record of a file, whatever its format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.imports.notes import Note

#: Key under which a GeoJSON reader puts the geometry of a feature among its values.
GEOMETRY: Final = "@geometry"


@dataclass(frozen=True, slots=True)
class Row:
    """One record.

    `number` counts records from 1. `line` is where the record begins in the file, from 1; for a
    workbook it is the row of the sheet. `source_id` is the format's own id of the record (a GeoJSON
    feature's, an HSDS object's), "" where the format has none. `values` are the columns or members,
    as they were written. A row with `problems` could be found but not read.
    """

    number: int
    line: int
    source_id: str
    values: Mapping[str, Any]
    problems: tuple[Note, ...] = field(default=())
