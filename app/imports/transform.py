"""A row made into the data of a content, or the reason why not. Knows no database."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

from app.imports.contents import aid_point_data, organisation_data
from app.imports.mapping import LONGEST_SOURCE_ID, SourceMapping
from app.imports.notes import Note, RefusedRow
from app.imports.record import Record
from app.imports.rows import Row
from app.imports.sections.contacts import all_contacts
from app.imports.sections.position import Found
from app.imports.sections.services import FoundServices

LONGEST_OTHER_NAME: Final = 150
MOST_OTHER_NAMES: Final = 5
#: Hexadecimal digits of a long id's hash: no two of a source will meet.
_HASH: Final = 24


@dataclass(slots=True)
class Draft:
    """The data of a content, still to be validated; the position may still have to be found.

    `units` are names of administrative units, to find the address and to check the position by.
    """

    row: Row
    source_id: str
    url: str
    data: dict[str, Any]
    country: str
    geocode: bool = False
    units: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that the mapping says is none of ours."""

    row: Row
    source_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken, and all that is wrong with it."""

    row: Row
    source_id: str
    problems: tuple[Note, ...]


Transformed = Draft | LeftOut | Refused


class Transformer:
    """A mapping at work on one file: in these of its countries, in the reference system that the file declares."""

    def __init__(
        self, mapping: SourceMapping, countries: tuple[str, ...], file_crs: int | None = None
    ) -> None:
        """`countries` are those of the installation; positions have to lie in one that the mapping has, too."""
        self._mapping = mapping
        self._countries = tuple(country for country in mapping.countries if country in countries)
        self._file_crs = file_crs

    def transform(self, row: Row) -> Transformed:
        """Give the draft of a row, or why there is none."""
        mapping = self._mapping
        record = Record(row.values, mapping.countries[0], mapping.language)
        source_id = source_id_of(row, mapping)
        if row.problems:
            return Refused(row, source_id, row.problems)
        for rule in mapping.skip:
            if rule.when.holds(row.values):
                return LeftOut(row, source_id, rule.reason)
        try:
            return self._draft(row, source_id, record)
        except RefusedRow as refusal:
            return Refused(row, source_id, (refusal.note,))

    def _draft(self, row: Row, source_id: str, record: Record) -> Draft | LeftOut:
        mapping = self._mapping
        if not source_id:
            raise RefusedRow("id_missing")
        services = FoundServices()
        for section in mapping.services:
            section.find(record, services)
        if mapping.layer == "aid_points" and not services.found:
            if services.left_out:
                return LeftOut(row, source_id, services.left_out[0])
            raise RefusedRow("no_service")
        name = mapping.name.build(record, "name")
        if name is None:
            raise RefusedRow("required", "name")
        found = Found()
        if mapping.position is not None:
            found = mapping.position.find(record, self._countries, self._file_crs)
        data = self._data(record, services, name, found)
        return Draft(
            row=row,
            source_id=source_id,
            url=(mapping.row_url.text(record.values) if mapping.row_url else None) or mapping.url,
            data=data,
            country=mapping.address.country_of(record),
            geocode=found.geocode,
            units=mapping.geocode.build(record) if mapping.geocode else {},
            notes=record.notes,
        )

    def _data(
        self, record: Record, services: FoundServices, name: dict[str, Any], found: Found
    ) -> dict[str, Any]:
        mapping = self._mapping
        parts: dict[str, Any] = {
            "name": name,
            "also_known_as": self._other_names(record, name),
            "description": mapping.description.build(record, "description") if mapping.description else None,
            "address": mapping.address.build(record),
            "contacts": all_contacts(mapping.contacts, record, mapping.address.country_of(record)),
            "hours": mapping.hours.build(record) if mapping.hours else None,
            "area_served": mapping.area_served.build(record) if mapping.area_served else [],
            "accessibility": mapping.accessibility.build(record) if mapping.accessibility else {},
            "conditions": mapping.conditions.build(record) if mapping.conditions else {},
            "organisation": mapping.run_by.text(record.values) if mapping.run_by else None,
            "position": None if found.lng is None else {"lng": found.lng, "lat": found.lat},
        }
        if mapping.organisation is not None:
            return organisation_data(parts, mapping.organisation.build(record))
        return aid_point_data(parts, services)

    def _other_names(self, record: Record, name: dict[str, Any]) -> list[str]:
        texts = (
            " ".join(said.split())
            for text in self._mapping.also_known_as
            for said in text.texts(record.values)
        )
        known = {text.casefold() for text in name["texts"].values()}
        # A longer "name" is a sentence; nobody looks for a place by it.
        others = {
            text: None
            for text in texts
            if text.casefold() not in known and 2 <= len(text) <= LONGEST_OTHER_NAME
        }
        return list(others)[:MOST_OTHER_NAMES]


def source_id_of(row: Row, mapping: SourceMapping) -> str:
    """Give the id of a row in its source; the format's own where the mapping's columns are empty, "" without any."""
    text = mapping.id.text(row.values) or row.source_id
    text = " ".join(text.split())
    if len(text) <= LONGEST_SOURCE_ID:
        return text
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_HASH]
