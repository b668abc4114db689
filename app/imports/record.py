"""One row on its way to a content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.imports.expressions import as_text
from app.imports.notes import Note


@dataclass(slots=True)
class Record:
    """A row's values, where they are from, and what has been noticed about them so far."""

    values: Mapping[str, Any]
    #: ISO 3166-1 alpha-2 of a phone number or an address that says none.
    country: str
    #: BCP 47 code of texts that say none.
    language: str
    notes: list[Note] = field(default_factory=list)

    @property
    def tags(self) -> dict[str, str]:
        """Give the scalar columns as texts: of a row of OpenStreetMap they are its tags."""
        return {key: text for key, value in self.values.items() if (text := as_text(value)) is not None}

    def note(self, code: str, path: str = "", **detail: Any) -> None:
        """Note something; once is enough."""
        note = Note(code, path, detail)
        if note not in self.notes:
            self.notes.append(note)

    def inside(self, values: Mapping[str, Any]) -> "Record":
        """Give a part of the row as a record of its own that shares the notes."""
        return Record(values, self.country, self.language, self.notes)
