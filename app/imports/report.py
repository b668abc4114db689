"""What an import found, or would do: counts, and each row that somebody has to look at."""

import enum
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from app.imports.notes import Note

#: Further rows are counted and not listed: nobody reads more, and memory stays flat.
MOST_ROWS_LISTED: Final = 10_000


class Status(enum.StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    EDITED = "edited"
    WAITING = "waiting"
    DECLINED = "declined"
    LEFT_OUT = "left_out"
    REFUSED = "refused"


#: English, for the report: what each status means.
MEANINGS: Final = {
    Status.NEW: "not here yet",
    Status.CHANGED: "the source says something else than last time",
    Status.SAME: "as it was imported last time",
    Status.EDITED: "changed at the source and edited here: goes to the queue",
    Status.WAITING: "already waits in the queue",
    Status.DECLINED: "rejected or taken down here before: not offered again",
    Status.LEFT_OUT: "left out by a rule of the mapping",
    Status.REFUSED: "cannot be taken",
}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A published feature that may be the same thing."""

    feature_id: str
    name: str
    source: str | None
    metres: int
    percent: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowReport:
    """What is to be said about one row."""

    number: int
    line: int
    source_id: str
    status: Status
    notes: tuple[Note, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    reason: str = ""


@dataclass(slots=True)
class Report:
    """The outcome of a run. `applied` says whether anything was written."""

    title: str
    layer: str
    source: str
    licence: str
    mode: str
    #: Who imports: the name of a person, or "system" when the command line was not told.
    by: str = "system"
    total: int = 0
    applied: bool = False
    counts: Counter[Status] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    rows: list[RowReport] = field(default_factory=list)

    def add(self, row: RowReport) -> None:
        """Count a row, and list it if there is anything to say about it."""
        self.counts[row.status] += 1
        if row.status is Status.REFUSED:
            self.refusals.update({note.code for note in row.notes})
        elif row.status is Status.LEFT_OUT:
            self.left_out[row.reason] += 1
        else:
            self.warnings.update({note.code for note in row.notes})
        self.duplicates += bool(row.duplicates)
        said = row.notes or row.duplicates or row.status in (Status.REFUSED, Status.EDITED)
        if said and len(self.rows) < MOST_ROWS_LISTED:
            self.rows.append(row)

    @property
    def refused(self) -> int:
        """How many rows cannot be taken."""
        return self.counts[Status.REFUSED]

    def refused_rows(self) -> Iterable[RowReport]:
        """The rows that cannot be taken, in the file's order."""
        return (row for row in self.rows if row.status is Status.REFUSED)

    def to_data(self) -> dict[str, Any]:
        """Give the report as JSON-ready data, with every listed row."""
        return {
            "title": self.title,
            "layer": self.layer,
            "source": self.source,
            "licence": self.licence,
            "mode": self.mode,
            "by": self.by,
            "applied": self.applied,
            "total": self.total,
            "counts": {status.value: self.counts[status] for status in Status},
            "refusals": dict(self.refusals.most_common()),
            "warnings": dict(self.warnings.most_common()),
            "left_out": dict(self.left_out.most_common()),
            "possible_duplicates": self.duplicates,
            "rows": [_row_data(row) for row in self.rows],
        }


def _row_data(row: RowReport) -> dict[str, Any]:
    data: dict[str, Any] = {
        "row": row.number,
        "line": row.line,
        "source_id": row.source_id,
        "status": row.status.value,
        "notes": [{"code": note.code, "path": note.path, "message": note.message} for note in row.notes],
    }
    if row.duplicates:
        data["possible_duplicates"] = [
            {
                "id": d.feature_id,
                "name": d.name,
                "source": d.source,
                "metres": d.metres,
                "name_similarity_percent": d.percent,
                "reasons": list(d.reasons),
            }
            for d in row.duplicates
        ]
    return data
