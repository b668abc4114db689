"""A pin that is not where the address is, one that nobody has shown, and a place without any."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.moderation.screening.names import ORGANISATIONS
from app.moderation.screening.signals import Signal


@dataclass(frozen=True, slots=True)
class TownUnit:
    """A gmina that the town of the address may be in, and whether the pin is in or at it."""

    name: str
    holds_pin: bool


def pin_signals(town: str, units: Sequence[TownUnit], pin_unit: str) -> Iterator[Signal]:
    """A signal where the town is known and the pin is in none of the gminas that have one of this name.

    `pin_unit` is the name of the gmina that the pin is in, "" where there is none.
    """
    if town and units and not any(unit.holds_pin for unit in units):
        yield Signal("pin_outside", 20, {"pin": pin_unit or "—", "address": town})


def shown_signals(layer: str, content: Mapping[str, Any]) -> Iterator[Signal]:
    """A signal for a place that everybody may see and nobody has shown: on no map, or in the middle of its town.

    An organisation may have an address by letter alone.
    """
    place, address = content.get("place") or {}, content.get("address") or {}
    if place.get("disclosure", "exact") != "exact" or not address.get("city"):
        return
    if not place.get("position"):
        if layer != ORGANISATIONS:
            yield Signal("no_position", 15, {"town": address["city"]})
    elif "geocoded" in place and address.get("street"):
        yield Signal("house_unknown", 10, {"town": address["city"]})
