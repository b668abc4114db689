"""How far a position is from the house, or the street, that an address names."""

from collections.abc import Collection
from typing import Final

from app.areas.address_search import MOST, find_known_addresses
from app.areas.address_words import read_address
from app.db import Executor
from geo.distance import distance_m
from geo.names import fold_name

#: A house is one door, a courtyard and a parking place wide; a street is long.
HOUSE_M: Final = 250.0
STREET_M: Final = 2_000.0


async def is_far_from_address(
    reader: Executor,
    address: tuple[str, str, str],
    position: tuple[float, float],
    *,
    countries: Collection[str],
) -> bool:
    """Whether a position (lng, lat) is farther from an imported address than such an address is wide.

    `address` is street, house number and town. Of an address that is not known, or spelt otherwise, nothing is said; of
    several streets of one name the nearest counts.
    """
    street, number, town = address
    typed = read_address(f"{street} {number}, {town}") if street and town else None
    if typed is None:
        return False
    hits = await find_known_addresses(
        reader, typed, limit=MOST, near=position, countries=countries, misspelt=False
    )
    in_town = [hit for hit in hits if fold_name(hit.town) == fold_name(town)]
    houses = [hit for hit in in_town if hit.number and hit.number == number.upper()]
    away_m = [distance_m(*position, hit.lng, hit.lat) for hit in houses or in_town]
    return bool(away_m) and min(away_m) > (HOUSE_M if houses else STREET_M)
