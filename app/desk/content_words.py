"""Values of a content in words: codes by their names, hours as people read them, phones as they are dialled."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from babel import Locale
from pydantic_core import PydanticCustomError

from app.desk.content_labels import CODED, KINDS, LABELS, VALUES
from app.features.hours_exceptions import split_exceptions
from app.features.hours_rules import rules_in_words
from app.features.hours_week import week_of
from app.features.opening_hours import read_expression
from app.i18n import Translator
from app.i18n.days import long_day
from app.layers.aid_points.hours_field import hours_lines
from app.taxonomy.vocabulary import UnknownTerm, Vocabulary
from app.templating.filters import phone

#: Fields whose values are told in a way of their own, and the method of `_Words` that does.
_SPECIAL = {
    "accessibility": "_accessibility",
    "identifiers": "_identifiers",
    "address": "_address",
    "contacts": "_contacts",
    "photos": "_photo",
    "organisation": "_run_by",
}
_AREAS = frozenset({"area", "areas", "area_served"})
#: Days, written out.
_DAYS = frozenset({"starts", "ends", "since", "until", "valid_from", "valid_until", "updated", "expires"})
#: Members that say enough without their label.
_UNNAMED = frozenset({"type", "position", "state", "code", "text", "kind", "unit"})


class Words:
    """Turns values into lines of words, in the language of whoever is signed in."""

    def __init__(self, vocabulary: Vocabulary, texts: Translator) -> None:
        self.vocabulary = vocabulary
        self.texts = texts

    def label(self, key: str) -> str:
        """What a field is called; its own name where nobody has given it one."""
        return self.texts.gettext(LABELS[key]) if key in LABELS else key

    def lines(self, key: str, value: Any) -> Iterator[str]:
        """One line a simple value; of a list one line an element; of an object one line a member."""
        if value is None or value in ({}, [], ""):
            return
        if isinstance(value, Mapping):
            yield from self._object(key, value)
        elif key == "hours":
            yield from self.hours(str(value))
        elif isinstance(value, list | tuple):
            if all(not isinstance(part, Mapping) for part in value):
                yield ", ".join(self._simple(key, part) for part in value)
            else:
                for part in value:
                    yield "; ".join(self.lines(key, part))
        else:
            yield self._simple(key, value)

    def hours(self, expression: str) -> list[str]:
        """Opening hours as the public reads them; as they are stored where we have no words for them, or nobody can read them."""
        try:
            read_expression(expression)
        except PydanticCustomError:
            # An older version may hold what is refused today.
            return [expression]
        usual = split_exceptions(expression)[0]
        if week_of(usual) is None and rules_in_words(usual, self.texts) is None:
            return [expression]
        return hours_lines(expression, self.texts)

    def _object(self, key: str, value: Mapping[str, Any]) -> Iterator[str]:
        if "texts" in value and "source" in value:
            yield from self._translated(value)
        elif {"lng", "lat"} <= value.keys():
            # For a person's sight: latitude first.
            yield f"{value['lat']:.6f}, {value['lng']:.6f}"
        elif key in _AREAS:
            yield " ".join(
                filter(None, [value.get("name"), f"({value['code']})" if value.get("code") else ""])
            )
        elif key in _SPECIAL:
            yield from getattr(self, _SPECIAL[key])(value)
        else:
            # What it is comes before what is said of it.
            for name, inner in sorted(value.items(), key=lambda item: item[0] not in _UNNAMED):
                text = "; ".join(self.lines(name, inner))
                if text:
                    yield text if name in _UNNAMED else f"{self.label(name)}: {text}"

    def _translated(self, value: Mapping[str, Any]) -> Iterator[str]:
        states = value.get("states", {})
        for language, words in value["texts"].items():
            name = self._term(("language",), language) or language
            mark = f", {self._said(states[language])}" if language in states else ""
            yield f"{words} ({name}{mark})"

    def _accessibility(self, value: Mapping[str, Any]) -> Iterator[str]:
        for name, inner in value.items():
            if inner != "unknown":
                yield f"{self.label(name)}: {'; '.join(self.lines(name, inner))}"

    def _identifiers(self, value: Mapping[str, Any]) -> Iterator[str]:
        for kind, number in value.items():
            yield f"{self._term(('identifier',), kind) or kind}: {number}"

    def _address(self, value: Mapping[str, Any]) -> Iterator[str]:
        street = " ".join(filter(None, [value.get("street"), value.get("house_number")]))
        town = " ".join(filter(None, [value.get("postcode"), value.get("city")]))
        yield ", ".join(filter(None, [street, town, value.get("district"), self._country(value)]))
        yield from self.lines("entrance", value.get("entrance"))

    def _country(self, address: Mapping[str, Any]) -> str:
        code = str(address.get("country") or "")
        return str(Locale(self.texts.language).territories.get(code, code))

    def _contacts(self, value: Mapping[str, Any]) -> Iterator[str]:
        yield self._contact(value)

    def _photo(self, value: Mapping[str, Any]) -> Iterator[str]:
        # Another picture with the same words is another one: its name says so.
        said = "; ".join(self._translated(value.get("alt", {"texts": {}})))
        yield f"{said} · {str(value.get('file', ''))[:8]}"

    def _run_by(self, value: Mapping[str, Any]) -> Iterator[str]:
        # Another organisation of the same name is another one: its number says so.
        yield " · ".join(
            filter(None, [value.get("name"), str(value.get("id") or "")[: 8 if value.get("name") else None]])
        )

    def _contact(self, value: Mapping[str, Any]) -> str:
        label = "; ".join(self.lines("label", value.get("label")))
        visible = self._said("partners") if value.get("visibility") == "partners" else ""
        more = ", ".join(filter(None, [label, value.get("person", ""), visible]))
        given = str(value.get("value", ""))
        shown = phone(given, "") if value.get("kind") == "phone" else given
        return f"{shown} ({more})" if more else shown

    def _simple(self, key: str, value: Any) -> str:
        if isinstance(value, bool):
            return self._said("yes" if value else "no")
        if isinstance(value, float | int):
            return (
                self.texts.format.percent(value) if key == "confidence" else self.texts.format.decimal(value)
            )
        text = str(value)
        if key in KINDS:
            return self._term(KINDS[key], text) or text
        if key in _DAYS:
            return _day(text, self.texts.language)
        return self._said(text) if key in CODED and text in VALUES else text

    def _said(self, value: str) -> str:
        # The words are taken out first: whoever collects texts for translation reads what stands in the call.
        words = VALUES[value]
        return self.texts.gettext(words)

    def _term(self, kinds: tuple[str, ...], code: str) -> str | None:
        for kind in kinds:
            try:
                return self.vocabulary.name(kind, code, self.texts.language)
            except UnknownTerm:
                continue
        return None


def _day(text: str, language: str) -> str:
    """`24 November 2026` for an ISO date or moment; anything else as it is."""
    try:
        return long_day(dt.date.fromisoformat(text[:10]), language)
    except ValueError:
        return text
