"""What is derived from a feature's content at publication: filtered, searched, drawn and listed."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from app.features.text import best_language

Disclosure = Literal["exact", "area", "partners", "contact_only"]


@dataclass(frozen=True, slots=True)
class OpeningRule:
    """Opening hours of the place (`service` is None) or of one of its services (its code).

    `expression` is in the OSM syntax, already canonical; "" means that the hours are not known.
    """

    service: str | None
    expression: str


@dataclass(frozen=True, slots=True)
class Facets:
    """One feature, ready to be written into the published read model.

    `name` is in the language it was written in, `name_language`; `names` are its translations. `position` is (lng, lat) in EPSG:4326, the one that may be published: None for anything that is
    not disclosed exactly, and for services without a place. Codes are the taxonomy's. `search_a`
    (names), `search_b` (services in all languages, organisation) and `search_c` (description,
    address) are the texts of the search index by weight. `half_life_days` is the shortest of the
    services'. `protected_in` is the code of the unit that stands for a protected place, as it was given: what is
    published is made of it. `audiences` are named in any way; those of `audiences_preferred` come first somewhere, those of
    `audiences_only` alone are helped somewhere, and `for_everyone` says that nobody comes first somewhere. `closed` is for
    good, from the day `closed_since` on where one is known.
    """

    name: str
    name_language: str
    names: dict[str, str]
    family: str
    disclosure: Disclosure
    position: tuple[float, float] | None
    services: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    audiences_preferred: tuple[str, ...] = ()
    audiences_only: tuple[str, ...] = ()
    for_everyone: bool = False
    languages: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    hours: tuple[OpeningRule, ...] = ()
    phone: str | None = None
    address_line: str | None = None
    area_served: tuple[str, ...] = ()
    area_hint: str | None = None
    protected_in: str | None = None
    organisation_id: str | None = None
    half_life_days: int = 365
    valid_from: str | None = None
    valid_until: str | None = None
    capacity: str | None = None
    closed: bool = False
    closed_since: dt.date | None = None
    search_a: tuple[str, ...] = field(default=())
    search_b: tuple[str, ...] = field(default=())
    search_c: tuple[str, ...] = field(default=())

    def name_in(self, language: str) -> str:
        """The name that a reader of `language` is shown."""
        best = best_language(language, self.name_language, self.names)
        return self.names.get(best, self.name)

    def __post_init__(self) -> None:
        if not {*self.audiences_preferred, *self.audiences_only} <= set(self.audiences):
            raise ValueError("an audience that is named in a mode is named")
