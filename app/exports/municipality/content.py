"""What a municipality's file and its paper have in common: the entries in order, their sections, the head, the marks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.exports.municipality.entries import ORGANISATIONS, Entry, Reader, entry
from app.exports.municipality.outline import Drawing
from app.exports.municipality.reading import Municipality
from app.features.wording import names
from app.i18n.days import long_day
from geo.names import fold_name

#: How much smaller than the shape's drawing (40) a mark on the map is.
MARK_SCALE = 0.5
_SPOKEN_AT_HOME = {"PL": "pl", "RO": "ro"}


@dataclass(frozen=True, slots=True)
class Section:
    """A family of help, or the organisations. `short` stands on a button."""

    code: str
    family: str
    words: str
    short: str
    entries: tuple[Markup, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the shape of an entry is drawn."""

    id: int
    x: int
    y: int


def entries_of(municipality: Municipality, reader: Reader) -> list[Entry]:
    """Give all entries, by section; what has no place follows what has one."""
    return sorted(
        (entry(source, reader) for source in municipality.sources),
        key=lambda e: (e.section, e.position is None, fold_name(e.name.text)),
    )


def section_codes(reader: Reader) -> list[str]:
    """Give the codes of the sections in their order."""
    return [*reader.vocabulary.families, ORGANISATIONS]


def section_of(code: str, reader: Reader) -> Section:
    """Give a section, still without entries."""
    if code == ORGANISATIONS:
        words = reader.texts.gettext("Organisations")
        return Section(code, "support", words, words)
    family, language = reader.vocabulary.families[code], reader.texts.language
    return Section(code, code, family.names[language], family.short[language])


def heading(municipality: Municipality, entries: Sequence[Entry], reader: Reader) -> dict[str, Any]:
    """Give what every page says of the whole: its title, the day, languages of texts, credits."""
    given, language = municipality, reader.texts.language
    name = given.names.get(language) or given.name
    about = ", ".join([*([given.name] if name != given.name else []), *given.within])
    spoken = dict.fromkeys(sorted({lang for e in entries for lang in e.languages} - {language}))
    credits_ = sorted({e.credits for e in entries if e.credits})
    return {
        "title": reader.texts.gettext("Help: %(place)s", place=name),
        "about": about,
        "home_language": _SPOKEN_AT_HOME.get(given.code[:2], ""),
        "day": long_day(reader.day.date, language),
        "others": ", ".join(names(reader.vocabulary.languages, spoken, language)),
        "example": any(e.example for e in entries),
        "credits": [*credits_, *([given.boundary_source] if given.boundary_source else [])],
    }


def marks_of(
    placed: Iterable[tuple[int, str, tuple[float, float] | None]], drawn: Drawing
) -> dict[str, list[Mark]]:
    """Give the marks by family of what has an id, a family and a position, each with its middle on the point."""
    marks: dict[str, list[Mark]] = {}
    for number, family, position in placed:
        at = drawn.at(*position) if position else None
        if at is not None:
            x, y = (round(pixels / MARK_SCALE - 20) for pixels in at)
            marks.setdefault(family, []).append(Mark(number, x, y))
    return marks
