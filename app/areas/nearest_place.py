"""The settlement nearest to a position, and how far the nearest one of a name is."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import text

from app.areas.address_geocoding import TOWN
from app.areas.place_search import MOST, find_places
from app.db import Executor
from geo.distance import distance_m

#: A pin farther from the town in its address than this is asked about, and shown to the moderators.
FAR_FROM_TOWN_M = 30_000.0


@dataclass(frozen=True, slots=True)
class NearestPlace:
    """A settlement: its name in its own language, those in others, and metres to its middle."""

    name: str
    names: dict[str, str]
    away_m: float


_NEAREST = text(
    """
    SELECT name, names, lng, lat FROM published.place
    WHERE country = ANY(:countries) AND kind = 'settlement'
    ORDER BY geom <-> ST_SetSRID(ST_MakePoint(:lng, :lat), 4326)
    LIMIT 1
    """
)


async def nearest_place(
    reader: Executor, lng: float, lat: float, *, countries: Collection[str]
) -> NearestPlace | None:
    """The nearest settlement of these countries (EPSG:4326); None where there is no gazetteer."""
    row = (await reader.execute(_NEAREST, {"lng": lng, "lat": lat, "countries": list(countries)})).first()
    return None if row is None else NearestPlace(row.name, row.names, distance_m(lng, lat, row.lng, row.lat))


async def away_from_town_m(
    reader: Executor, town: str, lng: float, lat: float, *, countries: Collection[str]
) -> float | None:
    """Metres from a position to the nearest settlement that bears this name; None for a name that is not known.

    "Warszawa-Mokotów" and "Zabrze, Biskupice" are in the town that stands first.
    """
    for name in dict.fromkeys((town, town.split(",", maxsplit=1)[0], town.split(" - ", maxsplit=1)[0])):
        hits = await find_places(
            reader, name, limit=MOST, near=(lng, lat), countries=countries, misspelt=False
        )
        if exact := [hit for hit in hits if hit.match == "exact"]:
            return min(distance_m(lng, lat, hit.lng, hit.lat) for hit in exact)
    hits = await find_places(
        reader, town.split("-", maxsplit=1)[0], limit=1, countries=countries, misspelt=False
    )
    towns = [hit for hit in hits if hit.match == "exact" and hit.population >= TOWN]
    return min((distance_m(lng, lat, hit.lng, hit.lat) for hit in towns), default=None)
