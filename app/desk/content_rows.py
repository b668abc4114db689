"""A content as rows that a moderator reads: every field that says something, in words, beside what is live.

Works on the JSON of any layer: a field that nobody has named here is still shown, under its own name,
since what is not seen cannot be checked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.i18n import N_, Translator
from app.taxonomy.vocabulary import UnknownTerm, Vocabulary

LABELS: dict[str, str] = {
    "name": N_("Name"),
    "also_known_as": N_("Other names"),
    "description": N_("Description"),
    "services": N_("Services"),
    "channel": N_("How help is given"),
    "address": N_("Address"),
    "place": N_("Place on the map"),
    "area_served": N_("Area served"),
    "areas": N_("Area served"),
    "contacts": N_("Contact"),
    "people": N_("People"),
    "website": N_("Website"),
    "accessibility": N_("Accessibility"),
    "organisation": N_("Organisation"),
    "notices": N_("Notices"),
    "status": N_("Status"),
    "valid_from": N_("Valid from"),
    "valid_until": N_("Valid until"),
    "audiences": N_("For whom"),
    "audience_mode": N_("Who may come"),
    "ages": N_("Age"),
    "languages": N_("Languages"),
    "access": N_("How to get in"),
    "documents": N_("Documents"),
    "cost": N_("Cost"),
    "hours": N_("Opening hours"),
    "appointment": N_("By appointment"),
    "exceptions": N_("Special days"),
    "sector": N_("Sector"),
    "legal_form": N_("Legal form"),
    "identifiers": N_("Register numbers"),
    "type": N_("Type of help"),
    "capacity": N_("Free places"),
    "position": N_("Position"),
    "disclosure": N_("How much is public"),
    "geocoded": N_("How the position was found"),
    "area": N_("Area"),
    "step_free": N_("Step-free entrance"),
    "lift": N_("Lift"),
    "toilet": N_("Accessible toilet"),
    "hearing_loop": N_("Hearing loop"),
    "sign_language": N_("Sign language"),
    "quiet_room": N_("Quiet room"),
    "assistance_dog": N_("Assistance dogs welcome"),
    "parking": N_("Accessible parking"),
    "others": N_("Also"),
    "note": N_("Note"),
    "entrance": N_("How to find the entrance"),
    "level": N_("Found to the"),
    "confidence": N_("How certain"),
    "state": N_("State"),
    "reason": N_("Reason"),
    "since": N_("Since"),
    "until": N_("Until"),
    "text": N_("Text"),
    "starts": N_("From"),
    "ends": N_("To"),
    "code": N_("Cost"),
    "amount": N_("Amount"),
    "currency": N_("Currency"),
    "available": N_("Free now"),
    "maximum": N_("In all"),
    "least": N_("At least"),
    "most": N_("At most"),
}
#: Words for values that are codes of ours and not of the vocabularies.
VALUES: dict[str, str] = {
    "exact": N_("the exact place"),
    "contact_only": N_("only the contact"),
    "partners": N_("only partners see it"),
    "public": N_("public"),
    "on_site": N_("at a place"),
    "phone": N_("by phone"),
    "online": N_("online"),
    "mobile": N_("at changing places"),
    "everyone": N_("everyone"),
    "preferred": N_("these people first"),
    "only": N_("only these people"),
    "yes": N_("yes"),
    "no": N_("no"),
    "limited": N_("partly"),
    "unknown": N_("not known"),
    "active": N_("working"),
    "temporarily_closed": N_("closed for a time"),
    "closed": N_("closed"),
}
#: Which vocabulary the codes of a field belong to.
KINDS: dict[str, tuple[str, ...]] = {
    "type": ("service",),
    "audiences": ("audience",),
    "languages": ("language",),
    "access": ("access",),
    "documents": ("access",),
    "others": ("access",),
    "code": ("access",),
    "sector": ("sector",),
    "legal_form": ("legal_form",),
    "reason": ("closure_reason",),
}
#: A change of these can send people to the wrong place or the wrong person.
MATERIAL = frozenset(
    {"name", "services", "address", "place", "contacts", "website", "hours", "organisation", "status"}
)
_LEFT_OUT = frozenset({"schema_version"})
#: Fields whose values are told in a way of their own, and the method of `_Words` that does.
_SPECIAL = {
    "accessibility": "_accessibility",
    "identifiers": "_identifiers",
    "address": "_address",
    "contacts": "_contacts",
}
_AREAS = frozenset({"area", "areas", "area_served"})


@dataclass(frozen=True, slots=True)
class Row:
    """One field: its words, what it says now (""; nothing) and what is proposed."""

    key: str
    label: str
    lines: tuple[str, ...]
    was: tuple[str, ...] = ()
    material: bool = False

    @property
    def changed(self) -> bool:
        """Whether the proposal differs from what is live."""
        return self.lines != self.was


def rows(
    content: Mapping[str, Any], live: Mapping[str, Any] | None, vocabulary: Vocabulary, texts: Translator
) -> list[Row]:
    """Give a row a field, in the order of `LABELS`; with a live content only the rows that differ."""
    words = _Words(vocabulary, texts)
    before = live or {}
    keys = [
        key
        for key in [*LABELS, *content, *before]
        if (key in content or key in before) and key not in _LEFT_OUT
    ]
    found = [
        Row(
            key=key,
            label=words.label(key),
            lines=tuple(words.lines(key, content.get(key))),
            was=tuple(words.lines(key, before.get(key))),
            material=key in MATERIAL,
        )
        for key in dict.fromkeys(keys)
    ]
    return [row for row in found if row.changed] if live is not None else [row for row in found if row.lines]


class _Words:
    """Turns values into lines of words."""

    def __init__(self, vocabulary: Vocabulary, texts: Translator) -> None:
        self.vocabulary = vocabulary
        self.texts = texts

    def label(self, key: str) -> str:
        return self.texts.gettext(LABELS[key]) if key in LABELS else key

    def lines(self, key: str, value: Any) -> Iterator[str]:
        """One line a simple value; of a list one line an element; of an object one line a member."""
        if value is None or value in ({}, [], ""):
            return
        if isinstance(value, Mapping):
            yield from self._object(key, value)
        elif isinstance(value, list | tuple):
            if all(not isinstance(part, Mapping) for part in value):
                yield ", ".join(self._simple(key, part) for part in value)
            else:
                for part in value:
                    yield "; ".join(self.lines(key, part))
        else:
            yield self._simple(key, value)

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
            for name, inner in value.items():
                text = "; ".join(self.lines(name, inner))
                if text:
                    yield text if name in {"type", "position"} else f"{self.label(name)}: {text}"

    @staticmethod
    def _translated(value: Mapping[str, Any]) -> Iterator[str]:
        states = value.get("states", {})
        for language, words in value["texts"].items():
            mark = f", {states[language]}" if language in states else ""
            yield f"{words} ({language}{mark})"

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
        yield ", ".join(filter(None, [street, town, value.get("district"), value.get("country")]))
        yield from self.lines("entrance", value.get("entrance"))

    def _contacts(self, value: Mapping[str, Any]) -> Iterator[str]:
        yield self._contact(value)

    def _contact(self, value: Mapping[str, Any]) -> str:
        label = "; ".join(self.lines("label", value.get("label")))
        visible = self._said("partners") if value.get("visibility") == "partners" else ""
        more = ", ".join(filter(None, [label, value.get("person", ""), visible]))
        return f"{value.get('value', '')} ({more})" if more else str(value.get("value", ""))

    def _simple(self, key: str, value: Any) -> str:
        if isinstance(value, bool):
            return self._said("yes" if value else "no")
        if isinstance(value, float | int):
            return self.texts.format.decimal(value)
        text = str(value)
        if key in KINDS:
            return self._term(KINDS[key], text) or text
        return self._said(text) if text in VALUES else text

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
