"""`[organisation]`: what only organisations have."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, model_validator

from app.imports.expressions import Declaration, Text
from app.imports.record import Record
from app.taxonomy.osm import sector_of
from app.taxonomy.vocabulary import load_vocabulary


class OrganisationSection(Declaration):
    """Sector, legal form and numbers in registers; a text that is no code of ours is left out by its `lookup`."""

    sector: Text | None = None
    tags: bool = False
    """The row's columns are tags of OpenStreetMap, which say the sector where `sector` does not."""
    legal_form: Text | None = None
    identifiers: Mapping[str, Text] = Field(default_factory=dict)
    """Register, by our code, and where its number is."""

    @model_validator(mode="after")
    def _registers_are_known(self) -> Self:
        if unknown := set(self.identifiers) - set(load_vocabulary().identifiers):
            raise ValueError(f"unknown registers {sorted(unknown)}")
        return self

    def build(self, record: Record) -> dict[str, Any]:
        """Give the members that the row has."""
        vocabulary = load_vocabulary()
        members: dict[str, Any] = {}
        sector = self.sector.text(record.values) if self.sector else None
        if sector not in vocabulary.sectors and self.tags:
            sector = sector_of(record.tags, vocabulary)
        if sector in vocabulary.sectors:
            members["sector"] = sector
        legal_form = self.legal_form.text(record.values) if self.legal_form else None
        if legal_form in vocabulary.legal_forms:
            members["legal_form"] = legal_form
        numbers = {
            key: number for key, text in self.identifiers.items() if (number := text.text(record.values))
        }
        return members | ({"identifiers": numbers} if numbers else {})
