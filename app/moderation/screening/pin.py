"""A pin that is not where the address is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
