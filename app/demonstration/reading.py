"""The files of the demonstration, read into values."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

#: Polish, Ukrainian, English.
Texts = tuple[str, str, str]
LANGUAGES: Final = ("pl", "uk", "en")
FAMILIES: Final = ("food", "shelter", "health", "law", "support", "learning")


@dataclass(frozen=True, slots=True)
class Town:
    """A part of a map with invented places: round a settlement of the gazetteer, `place` is its id there."""

    place: str
    name: str
    powiat: str
    area_code: str
    postcode: str
    points: int
    radius_km: float
    district: str | None = None
    east_km: float = 0.0
    north_km: float = 0.0

    @property
    def region(self) -> str:
        """Code of the voivodeship: PL-26."""
        return self.powiat[:5]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of invented place. What has several values is taken in turn; "" of hours means not known."""

    key: str
    family: str
    count: int
    services: tuple[str, ...]
    name: Texts
    text: Texts
    hours: tuple[str, ...]
    more: tuple[tuple[str, ...], ...] = ((),)
    modes: tuple[str, ...] = ("everyone",)
    audiences: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    variants: tuple[tuple[str, ...], ...] = ((),)
    documents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    ages: tuple[int, int] | None = None
    cost: str | None = None
    price: float | None = None
    capacity: str | None = None
    channel: str = "on_site"
    served: str = "region"
    disclosure: str = "exact"
    source: str = "pl"
    phone: bool = True


@dataclass(frozen=True, slots=True)
class NoticePattern:
    """A temporary message that begins `from_day` days after today."""

    kind: str
    from_day: int
    days: int
    text: Texts


@dataclass(frozen=True, slots=True)
class Names:
    """What invented places and streets are called. `by_family`: names in three languages."""

    by_family: Mapping[str, tuple[Texts, ...]]
    streets: tuple[str, ...]
    entrances: tuple[Texts, ...]
    accessibility: tuple[Texts, ...]
    notices: tuple[NoticePattern, ...]


@dataclass(frozen=True, slots=True)
class OrganisationPattern:
    """An organisation that does not exist; `families` are those of the places that it may run in its town."""

    name: Texts
    town: str
    sector: str
    legal_form: str
    families: tuple[str, ...]
    krs: bool
    about: Texts


def towns() -> tuple[Town, ...]:
    """The towns, in the order of the file."""
    return tuple(Town(**row) for row in _read("towns.toml")["town"])


@functools.cache
def kinds() -> tuple[Kind, ...]:
    """The kinds of places, family by family."""
    return tuple(
        Kind(family=family, **_frozen(row))
        for family in FAMILIES
        for row in _read(f"kinds/{family}.toml")["kind"]
    )


@functools.cache
def names() -> Names:
    """What to call them."""
    data = _frozen(_read("names.toml"))
    return Names(
        by_family={family: data[family] for family in FAMILIES},
        streets=data["streets"],
        entrances=data["entrances"],
        accessibility=data["accessibility"],
        notices=tuple(NoticePattern(**row) for row in data["notice"]),
    )


def organisation_patterns() -> tuple[OrganisationPattern, ...]:
    """The organisations, in the order of the file."""
    return tuple(OrganisationPattern(**_frozen(row)) for row in _read("organisations.toml")["organisation"])


def submission_rows() -> tuple[dict[str, Any], ...]:
    """What waits at the desk, as the file has it."""
    return tuple(_read("submissions.toml")["submission"])


def translated(texts: Texts, languages: tuple[str, ...], source: str) -> dict[str, Any]:
    """A text as a content has it, in some of the three languages; `source` is always one of them."""
    chosen = {
        language: text
        for language, text in zip(LANGUAGES, texts, strict=True)
        if language in languages or language == source
    }
    return {"texts": chosen, "source": source}


def filled(texts: Texts, name: Texts) -> Texts:
    """The three texts with the name where their braces are."""
    polish, ukrainian, english = (text.format(part) for text, part in zip(texts, name, strict=True))
    return polish, ukrainian, english


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("app.demonstration") / "data" / name).read_text("utf-8"))


def _frozen(value: Any) -> Any:
    """The same with tuples instead of lists."""
    if isinstance(value, dict):
        return {key: _frozen(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return tuple(_frozen(inner) for inner in value)
    return value
