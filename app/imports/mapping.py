"""A mapping file: what a data set is, how it is read, and which of its columns say what."""

import datetime as dt
import importlib.resources
import tomllib
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator

from app.errors import InvalidInput, NotFound
from app.imports.expressions import Condition, Declaration, Text
from app.imports.sections.address import AddressSection
from app.imports.sections.area_served import AreaServedSection
from app.imports.sections.conditions import AccessibilitySection, ConditionsSection
from app.imports.sections.contacts import ContactsSection
from app.imports.sections.geocode import GeocodeSection
from app.imports.sections.hours import HoursSection
from app.imports.sections.organisation import OrganisationSection
from app.imports.sections.position import PositionSection
from app.imports.sections.services import ServicesSection
from app.imports.sections.texts import TranslatedText
from app.taxonomy.vocabulary import load_vocabulary
from geo.position_checks import COUNTRY_BOXES

LONGEST_SOURCE_ID: Final = 200

Format = Literal["csv", "json", "json_lines", "geojson", "xlsx", "hsds"]


class ReaderSection(Declaration):
    """How the file is read."""

    format: Format
    encoding: str | None = None
    """Detected when not given."""
    delimiter: str | None = None
    """Detected when not given."""
    header_contains: tuple[str, ...] = ()
    """Columns that make a row the header, where titles stand above it."""
    sheet: str | None = None
    list_at: str | None = None
    """Path to the list of records in a JSON document."""


class SkipRule(Declaration):
    """Rows that are known and not imported, and why."""

    when: Condition
    reason: str


class SourceMapping(Declaration):
    """A data set and how its rows become contents of one layer."""

    title: str
    layer: Literal["aid_points", "organisations"]
    source: str = Field(pattern=r"^[a-z0-9][a-z0-9/_-]{1,59}$")
    """The name under which the ids of its rows are unique, for ever."""
    url: str
    """Where it is from."""
    licence: str
    attribution: str
    as_of: dt.date
    """The day on which it was true: freshness is counted from here, not from the import."""
    verified_how: str = "imported"
    """A way to check, in our codes."""
    countries: tuple[str, ...] = Field(min_length=1)
    """ISO codes of the countries in which its positions lie; the first is meant where a row says none."""
    language: str
    """The language of texts that say none."""

    reader: ReaderSection
    id: Text
    """The id of a row in its source."""
    row_url: Text | None = None
    """The page of a row at its source."""
    skip: tuple[SkipRule, ...] = ()
    name: TranslatedText
    also_known_as: tuple[Text, ...] = ()
    description: TranslatedText | None = None
    run_by: Text | None = None
    """The name of the organisation that runs an aid point."""
    conditions: ConditionsSection | None = None
    accessibility: AccessibilitySection | None = None
    services: tuple[ServicesSection, ...] = ()
    address: AddressSection = AddressSection()
    contacts: tuple[ContactsSection, ...] = ()
    position: PositionSection | None = None
    geocode: GeocodeSection | None = None
    hours: HoursSection | None = None
    area_served: AreaServedSection | None = None
    organisation: OrganisationSection | None = None

    @model_validator(mode="after")
    def _codes_are_known(self) -> Self:
        vocabulary = load_vocabulary()
        if self.verified_how not in vocabulary.verification_methods:
            raise ValueError("verified_how is no code of the ways to check")
        if self.language not in vocabulary.languages:
            raise ValueError("language is no code of our languages")
        if unknown := set(self.countries) - set(COUNTRY_BOXES):
            raise ValueError(f"countries without a known extent: {', '.join(sorted(unknown))}")
        if self.layer == "aid_points" and not self.services:
            raise ValueError("aid points need services")
        if (self.layer == "organisations") != (self.organisation is not None):
            raise ValueError("organisations, and only they, have a section organisation")
        return self


class MappingNotFound(NotFound):
    """There is no mapping of this name. `pomapa import --list` shows those that there are."""


class MappingProblem(InvalidInput):
    """The mapping file cannot be used."""

    def __init__(self, name: str, lines: list[str]) -> None:
        self.lines = lines
        super().__init__(message="\n".join([f"The mapping {name} cannot be used:", *lines]))


def mapping_names() -> list[str]:
    """Give the names of the mappings that come with the product."""
    folder = importlib.resources.files("app.imports") / "mappings"
    return sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))


def load_mapping(name: str) -> SourceMapping:
    """Read a mapping of the product by its name, or one's own by its path.

    Raises `MappingNotFound`; `MappingProblem` that names each wrong key.
    """
    if name in mapping_names():
        resource = importlib.resources.files("app.imports") / "mappings" / f"{name}.toml"
        return read_mapping(resource.read_text(encoding="utf-8"), name)
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return read_mapping(path.read_text(encoding="utf-8"), path.name)
    raise MappingNotFound


def read_mapping(text: str, name: str) -> SourceMapping:
    """Read the text of a mapping file. Raises `MappingProblem`."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingProblem(name, [str(error)]) from None
    try:
        return SourceMapping.model_validate(data)
    except ValidationError as error:
        raise MappingProblem(name, [_line(found) for found in error.errors(include_url=False)]) from None


def _line(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"]) or "the file"
    return f"{place}: {error['msg'].removeprefix('Value error, ')}"
