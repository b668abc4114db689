"""Whether the address of a submission and its pin are one place: what is known of the address, how far it is, how sure that is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.address_distance import HOUSE_M, STREET_M
from app.areas.address_geocoding import geocode_address
from app.areas.address_search import find_known_addresses
from app.areas.address_words import read_address
from app.desk.around import position
from geo.distance import distance_m

#: How sure it is that what was found is the address: its house, a house of its street, its street, one spelt alike.
HOUSE: Final = 0.98
NEXT_HOUSE: Final = 0.7
STREET: Final = 0.5
SPELT_ALIKE: Final = 0.4
#: Less sure than this says little of where the address is.
LEAST: Final = 0.6
#: A town is larger than a house and a street.
TOWN_M: Final = 10_000.0


@dataclass(frozen=True, slots=True)
class AddressCheck:
    """What the address of a content leads to, metres from the pin; `is_far` for more than such an address is wide."""

    found: str
    metres: float
    confidence: float
    is_far: bool
    #: What the pin is the middle of, where nobody has shown it: then it lies where the address leads by itself.
    computed: str = ""

    @property
    def is_unsure(self) -> bool:
        """Whether it says little."""
        return self.confidence < LEAST


async def address_check(
    session: AsyncSession, content: Mapping[str, Any], countries: Collection[str]
) -> AddressCheck | None:
    """Look the address up; None without a pin or an address, and where nothing is known of that."""
    at, address = position(content), content.get("address") or {}
    town = address.get("city")
    if at is None or not town:
        return None

    def away_m(lng: float, lat: float) -> float:
        return distance_m(at["lng"], at["lat"], lng, lat)

    street = " ".join(filter(None, [address.get("street"), address.get("house_number")]))
    typed = read_address(f"{street}, {town}") if address.get("street") else None
    if typed is not None:
        hits = await find_known_addresses(
            session, typed, limit=1, near=(at["lng"], at["lat"]), countries=countries
        )
        for hit in hits:
            asked = str(address.get("house_number") or "").upper()
            is_house = bool(hit.number) and hit.number == asked
            sure = SPELT_ALIKE if hit.guessed else HOUSE if is_house else NEXT_HOUSE if hit.number else STREET
            metres = away_m(hit.lng, hit.lat)
            return AddressCheck(hit.whole, metres, sure, metres > (HOUSE_M if is_house else STREET_M))
    place = await geocode_address(session, city=town, countries=countries)
    if place is None:
        return None
    if (level := (content.get("place") or {}).get("geocoded", {}).get("level")) is not None:
        return AddressCheck(place.label, 0.0, place.confidence, is_far=False, computed=level)
    metres = away_m(place.lng, place.lat)
    return AddressCheck(place.label, metres, place.confidence, metres > TOWN_M)
