"""The imported address nearest to a position, which is the way back from a pin to words."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from app.areas.address_search import AddressHit
from app.db import Executor
from geo.bbox import Position, box_around
from geo.distance import distance_m

#: Nobody gives a house as their address that is four minutes away: farther than this the town alone is said.
REACH_M: Final = 300.0
#: A box is rounded to some ten metres.
_ROUNDED_M: Final = 12.0


@dataclass(frozen=True, slots=True)
class NearestAddress:
    """An address that is known, its country (ISO 3166-1 alpha-2), and metres to it."""

    hit: AddressHit
    country: str
    away_m: float


# The box is found by the index; within it a degree of longitude is shortened by the same cosine everywhere.
_NEAREST = text(
    """
    SELECT s.country, s.town, s.street, s.postcode, a.number, a.lng, a.lat
    FROM published.address a
    JOIN published.street s ON s.id = a.street_id
    WHERE point(a.lng, a.lat) <@ box(
        point(CAST(:west AS float8), CAST(:south AS float8)), point(CAST(:east AS float8), CAST(:north AS float8)))
      AND s.country = ANY(:countries)
    ORDER BY ((a.lng - CAST(:lng AS float8)) * cos(radians(CAST(:lat AS float8)))) ^ 2
             + (a.lat - CAST(:lat AS float8)) ^ 2, a.street_id, a.number
    LIMIT 1
    """
)


async def nearest_address(
    reader: Executor, lng: float, lat: float, *, countries: Collection[str]
) -> NearestAddress | None:
    """The nearest imported address of these countries (EPSG:4326); None where none lies within `REACH_M`."""
    box = box_around(Position(lng, lat), REACH_M + _ROUNDED_M)
    asked = {
        "west": box.west, "south": box.south, "east": box.east, "north": box.north,
        "lng": lng, "lat": lat, "countries": list(countries),
    }  # fmt: skip
    row = (await reader.execute(_NEAREST, asked)).first()
    if row is None or (away_m := distance_m(lng, lat, row.lng, row.lat)) > REACH_M:
        return None
    hit = AddressHit(row.street, row.number.upper(), row.town, row.postcode, row.lng, row.lat)
    return NearestAddress(hit, row.country, away_m)
