"""Where invented places lie: scattered round the real towns of the gazetteer, the same in every installation."""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.demonstration.reading import Names, Town, translated

#: On the sphere; a few metres do not matter here.
KM_PER_DEGREE: Final = 111.2
#: Every so many places share the door with the one before: a centre with several offers.
SHARED_EVERY: Final = 17


@dataclass(frozen=True, slots=True)
class Spot:
    """A door: its town, its position (lng, lat in EPSG:4326) and its postal address as content has it."""

    town: Town
    position: tuple[float, float]
    address: Mapping[str, Any]


def spots(
    chance: random.Random, towns: tuple[Town, ...], centres: Mapping[str, tuple[float, float]], names: Names
) -> Iterator[Spot]:
    """Give one spot for each point of each town whose centre (lng, lat by id of the place) is known."""
    number = 0
    for town in towns:
        before: Spot | None = None
        for _ in range(town.points):
            number += 1
            position, address = (
                _position(chance, town, centres.get(town.place)),
                _address(chance, town, names),
            )
            if position is None:
                continue
            spot = Spot(town, position, address)
            if before is not None and number % SHARED_EVERY == 0:
                spot = before
            yield spot
            before = spot


def _position(
    chance: random.Random, town: Town, centre: tuple[float, float] | None
) -> tuple[float, float] | None:
    """A position inside the town's circle, denser towards its middle. Takes the same chances without a centre."""
    distance_km, angle = town.radius_km * chance.random(), chance.uniform(0, 2 * math.pi)
    if centre is None:
        return None
    east = town.east_km + distance_km * math.cos(angle)
    north = town.north_km + distance_km * math.sin(angle)
    lng, lat = centre
    return (
        round(lng + east / (KM_PER_DEGREE * math.cos(math.radians(lat))), 6),
        round(lat + north / KM_PER_DEGREE, 6),
    )


def _address(chance: random.Random, town: Town, names: Names) -> dict[str, Any]:
    address: dict[str, Any] = {
        "street": chance.choice(names.streets),
        "house_number": f"{chance.randint(1, 118)}{chance.choice(['', '', '', 'A', 'B', '/2', '/14'])}",
        # No street has such a postcode: the last three digits count from 001.
        "postcode": f"{town.postcode}-000",
        "city": town.name,
        "country": "PL",
    }
    if town.district:
        address["district"] = town.district
    if chance.random() < 0.3:
        address["entrance"] = translated(chance.choice(names.entrances), ("pl", "uk", "en"), "pl")
    return address
