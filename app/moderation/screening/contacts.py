"""Telephones, e-mail addresses and links that are known from somewhere else already."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.moderation.screening.signals import Signal

Kind = Literal["phone", "email", "link"]

_POINTS_ELSEWHERE: Final = 15
_POINTS_WAITING: Final = 10
_POINTS_REFUSED: Final = 30


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach somebody, as a content has it."""

    kind: Kind
    value: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An entry on the map where a way stands too; `organisation` is whose it is, "" where nobody says so."""

    value: str
    id: str
    name: str
    organisation: str


def ways_of(content: Mapping[str, Any]) -> tuple[Way, ...]:
    """All ways to reach somebody, each once, as they stand in a content."""
    kinds: dict[str, Kind] = {"phone": "phone", "email": "email", "web": "link"}
    ways = [
        Way(kinds[contact["kind"]], str(contact["value"]))
        for contact in content.get("contacts", ())
        if contact.get("kind") in kinds
    ]
    if content.get("website"):
        ways.append(Way("link", str(content["website"])))
    return tuple(dict.fromkeys(ways))


def elsewhere_signals(ways: Iterable[Way], found: Iterable[Elsewhere], organisation: str) -> Iterator[Signal]:
    """A signal for each kind of way that stands at an entry of somebody else: the first of them is named.

    `organisation` is whose the submission says that it is: the id or the name of an organisation, or "".
    """
    kinds = {way.value: way.kind for way in ways}
    named: set[Kind] = set()
    for entry in found:
        kind = kinds.get(entry.value)
        same = bool(organisation) and organisation in (entry.organisation, entry.id, entry.name)
        if kind is not None and kind not in named and not same:
            named.add(kind)
            yield Signal(f"{kind}_elsewhere", _POINTS_ELSEWHERE, {"id": entry.id, "name": entry.name})


def waiting_signals(ways: Iterable[Way], waiting: Mapping[str, int]) -> Iterator[Signal]:
    """A signal for each kind of way that stands in other submissions that wait; `waiting` counts them by value."""
    most: dict[Kind, int] = {}
    for way in ways:
        most[way.kind] = max(most.get(way.kind, 0), waiting.get(way.value, 0))
    for kind, n in most.items():
        if n:
            yield Signal(f"{kind}_waiting", min(3, n) * _POINTS_WAITING, {"n": n})


def refused_signals(refused: int) -> Iterator[Signal]:
    """A signal where a way stood in submissions that were not accepted for what they were."""
    if refused:
        yield Signal("contact_refused", _POINTS_REFUSED, {"n": refused})
