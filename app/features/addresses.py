"""A typed address as a position: by the imported addresses, else by those of the published places themselves."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any, Final

import orjson
from sqlalchemy import text

from app.areas.address_search import (
    MOST,
    AddressHit,
    find_known_addresses,
    house_asked,
    is_named,
    readings_of,
)
from app.areas.address_words import TypedAddress, house_number, number_value, read_address
from app.db import Database, Executor
from geo.bbox import Position
from geo.distance import distance_m
from geo.names import fold_name

#: So many places that have the words are read.
READ: Final = 40
#: Farther than this from what its words name, an address is not where somebody says that it is.
SAME_M: Final = 100
#: Farther apart than this, two towns of one name are two.
SAME_TOWN_M: Final = 10_000


async def find_addresses(
    reader: Database | Executor,
    typed: TypedAddress,
    *,
    limit: int,
    near: tuple[float, float] | None = None,
    countries: Collection[str],
) -> list[AddressHit]:
    """Give the addresses that a typed one may be, likeliest first.

    Of a street that no import has brought, the published places that stand in it give the nearest number that is known.
    """
    known = await find_known_addresses(reader, typed, limit=limit, near=near, countries=countries)
    return known or list(islice(_by_street(typed, await _places(reader, typed), near), limit))


async def find_address(
    reader: Database | Executor,
    typed: TypedAddress,
    *,
    near: tuple[float, float] | None = None,
    countries: Collection[str],
) -> AddressHit | None:
    """Give the address that can only be meant; None where several towns have such a street and none was named, or several
    of the name that was.
    """
    hits = await find_addresses(reader, typed, limit=MOST, near=near, countries=countries)
    if not hits:
        return None
    best = hits[0]
    if typed.postcode and best.postcode == typed.postcode:
        hits = [hit for hit in hits if hit.postcode == typed.postcode]
    likely = _named_part(typed, best)
    wanted = house_asked(best.street, typed.numbers)
    rivals = [hit for hit in hits if _named_part(typed, hit) >= likely and not _in_one_town(hit, best)]
    if likely and best.number.lower() == wanted:
        # Of a town that was named it is known where the number is.
        rivals = [hit for hit in rivals if hit.number.lower() == wanted]
    return None if rivals else best


def _named_part(typed: TypedAddress, hit: AddressHit) -> float:
    """How much of the town's name was typed, 0 to 1; words that the street has do not name it."""
    if not hit.street:
        return 0.0
    street, town = (set(fold_name(name).split()) for name in (hit.street, hit.town))
    words = [set(readings_of(word)) for word in typed.words]
    if not any(word & town and not word & street for word in words):
        return 0.0
    return len(town & set().union(*words)) / len(town)


def _in_one_town(a: AddressHit, b: AddressHit) -> bool:
    return fold_name(a.town) == fold_name(b.town) and distance_m(a.lng, a.lat, b.lng, b.lat) < SAME_TOWN_M


async def address_at(
    reader: Database | Executor, words: str, position: Position, countries: Collection[str]
) -> AddressHit | None:
    """Give the address that these words name, if it is where somebody says; None when it is not, or not known."""
    typed = read_address(words)
    if typed is None:
        return None
    hits = await find_addresses(reader, typed, limit=8, near=position, countries=countries)
    return next((hit for hit in hits if distance_m(*position, hit.lng, hit.lat) < SAME_M), None)


async def _places(reader: Database | Executor, typed: TypedAddress) -> list[dict[str, Any]]:
    """Addresses of published places that have all of the words, with their positions."""
    last = len(typed.words) - 1
    query = " & ".join(
        f"({' | '.join(word + (':*' if typed.begun and at == last else '') for word in readings_of(typed.words[at]))})"
        for at in range(len(typed.words))
    )
    wanted = {"words": query, "read": READ}
    if isinstance(reader, Database):
        # Planned for these words: where many places have them, the first that come are read, and no index gathers all.
        found = await reader.answer(_PLACES, wanted)
    else:
        found = (await reader.execute(text(_PLACES), wanted)).scalar_one()
    places: list[dict[str, Any]] = orjson.loads(found)
    return places


def _by_street(
    typed: TypedAddress, places: Iterable[dict[str, Any]], near: tuple[float, float] | None
) -> Iterator[AddressHit]:
    """One for each street, that of the nearest number; streets of which more is known, or that are nearer, first."""
    streets: dict[tuple[str, str], list[list[AddressHit]]] = {}
    for place in places:
        address = place["address"]
        hit = AddressHit(
            address.get("street", ""),
            house_number(address.get("house_number", "")),
            address.get("city", ""),
            address.get("postcode", ""),
            place["lng"],
            place["lat"],
        )
        if hit.town and hit.number and is_named(hit.street, typed.numbers) and _is_meant(typed, hit):
            # Villages of one name are many.
            known = streets.setdefault((fold_name(hit.street), fold_name(hit.town)), [])
            there = next((hits for hits in known if _in_one_town(hits[0], hit)), None)
            if there is None:
                known.append([hit])
            else:
                there.append(hit)
    found = [_house(typed, hits) for of_name in streets.values() for hits in of_name]
    if near is not None:
        lng, lat = near
        found.sort(key=lambda hit: distance_m(lng, lat, hit.lng, hit.lat))
    yield from found


def _is_meant(typed: TypedAddress, hit: AddressHit) -> bool:
    """Whether the words are those of the street and the town, and not the name of a place that stands in it."""
    street = fold_name(hit.street or hit.town).split()
    town = fold_name(hit.town).split()

    def within(at: int, words: list[str]) -> bool:
        begun = typed.begun and at == len(typed.words) - 1
        return any(
            word in words or (begun and any(other.startswith(word) for other in words))
            for word in readings_of(typed.words[at])
        )

    places = range(len(typed.words))
    return all(within(at, street + town) for at in places) and any(within(at, street) for at in places)


def _house(typed: TypedAddress, hits: list[AddressHit]) -> AddressHit:
    wanted = house_asked(hits[0].street, typed.numbers)
    if not wanted:
        middle = sorted(hits, key=lambda hit: (number_value(hit.number), hit.number))[(len(hits) - 1) // 2]
        return AddressHit(middle.street, "", middle.town, middle.postcode, middle.lng, middle.lat)
    nearest = min(
        hits,
        key=lambda hit: (
            hit.number != wanted,
            abs(number_value(hit.number) - number_value(wanted)),
            hit.number,
        ),
    )
    return AddressHit(
        nearest.street, nearest.number.upper(), nearest.town, nearest.postcode, nearest.lng, nearest.lat
    )


# Folded words need no care in a query: they are letters and digits.
_PLACES: Final = """
SELECT convert_to(coalesce(json_agg(json_build_object('lng', f.lng, 'lat', f.lat, 'address', f.address)), '[]')::text, 'UTF8')
FROM (
  SELECT lng, lat, CAST(whole AS json) #> '{properties,address}' AS address FROM published.feature
  WHERE search @@ to_tsquery('simple', :words) AND geom IS NOT NULL LIMIT :read
) f
WHERE f.address IS NOT NULL
"""
