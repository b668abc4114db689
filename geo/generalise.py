"""Which administrative unit stands for a place that must not be found.

A pure function of the units alone, never of the position: all places of a unit give the same answer, and asking a
thousand times teaches nothing. (Jitter averages out, and rounding leaves a handful of houses in a village.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final

from geo.errors import GeoError

#: A unit of at least so many people hides a place.
MIN_POPULATION: Final = 20_000


class UnitLevel(IntEnum):
    """Levels of administration from small to large, by their Polish names; other countries map theirs to them."""

    GMINA = 1
    POWIAT = 2
    VOIVODESHIP = 3


@dataclass(frozen=True, slots=True)
class AdministrativeUnit:
    """A unit: its code in the register, its level, and its people, None where not known."""

    code: str
    level: UnitLevel
    population: int | None


class UnitChainError(GeoError):
    """A chain of administrative units must rise from level to level."""

    code = "unit_chain"


class NoUnitLargeEnoughError(GeoError):
    """No administrative unit here has 20,000 people: nothing about the place can be shown."""

    code = "no_unit_large_enough"


def publishable_unit(chain: Sequence[AdministrativeUnit]) -> AdministrativeUnit:
    """The smallest unit of a place's chain (gmina, powiat, voivodeship) that has at least 20,000 people.

    A unit whose population is not known may stand for the place from the powiat upwards, never below.
    Raises NoUnitLargeEnoughError where none will do, also for an empty chain; UnitChainError for one out of order.
    """
    if any(upper.level <= lower.level for lower, upper in pairwise(chain)):
        raise UnitChainError
    for unit in chain:
        if _hides(unit):
            return unit
    raise NoUnitLargeEnoughError


def _hides(unit: AdministrativeUnit) -> bool:
    if unit.population is None:
        return unit.level >= UnitLevel.POWIAT
    return unit.population >= MIN_POPULATION
