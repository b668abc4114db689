"""A typed address as a position: by the imported addresses, else by those of the published places themselves."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

import orjson

from app.areas.address_search import (
    MOST,
    AddressHit,
    find_known_addresses,
    house_asked,
    is_named,
    is_spelt_so,
)
from app.areas.address_words import TypedAddress, house_number, number_value, read_address
from app.areas.street_words import readings_of
from app.db import Database, Executor, Question, ask
from app.features.search import COMMON
from app.features.typed_words import typed_words
from geo.bbox import Position
from geo.distance import distance_m
from geo.names import fold_name
from geo.quadkey import MAX_ZOOM

#: So many places that have the words are looked at, and of so many of them the address is read.
CANDIDATES, READ = 400, 40
#: At this zoom a cell is as large as a town.
TOWN_ZOOM: Final = 11
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
    misspelt: bool = True,
) -> list[AddressHit]:
    """Give the addresses that a typed one may be, likeliest first; without `misspelt` only those that are spelt so.

    Of a street that no import has brought, the published places that stand in it give the nearest number that is known.
    """
    known = await find_known_addresses(
        reader, typed, limit=limit, near=near, countries=countries, misspelt=misspelt
    )
    if known:
        return known
    ways = await _ways_to_write(reader, typed, misspelt=misspelt)
    if ways is None:
        return []
    hits = _by_street(typed, ways, await _places(reader, typed, ways, near), near)
    return list(islice((hit for hit in hits if misspelt or not hit.guessed), limit))


async def find_address(
    reader: Database | Executor,
    typed: TypedAddress,
    *,
    near: tuple[float, float] | None = None,
    countries: Collection[str],
) -> AddressHit | None:
    """Give the address that can only be meant; None where several towns have such a street and none was named, or several
    of the name that was, or where a name is spelt otherwise.
    """
    hits = await find_addresses(reader, typed, limit=MOST, near=near, countries=countries, misspelt=False)
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
    hits = await find_addresses(reader, typed, limit=8, near=position, countries=countries, misspelt=False)
    return next((hit for hit in hits if distance_m(*position, hit.lng, hit.lat) < SAME_M), None)


@dataclass(frozen=True, slots=True)
class _Ways:
    """How a typed word may stand in an address: any of `words`, or with `begun` what begins like one of them."""

    words: tuple[str, ...]
    begun: bool
    #: How many places have one of them, where that was counted.
    n: int = 0

    @property
    def query(self) -> str:
        """For `to_tsquery`; folded words are letters and digits only."""
        return f"({' | '.join(word + (':*' if self.begun else '') for word in self.words)})"

    def among(self, names: Sequence[str]) -> bool:
        """Whether a name is one of them."""
        return any(
            word in names or (self.begun and any(name.startswith(word) for name in names))
            for word in self.words
        )


async def _ways_to_write(
    reader: Database | Executor, typed: TypedAddress, *, misspelt: bool
) -> list[_Ways] | None:
    """Of each word those that published places have; None where they have one of them not, or only spelt otherwise."""
    last = len(typed.words) - 1
    ways = [_Ways(readings_of(word), begun=typed.begun and at == last) for at, word in enumerate(typed.words)]
    looked_up = typed_words(" ".join(typed.words))
    if looked_up is None:
        return ways
    [answer] = await ask(reader, looked_up.question)
    wanted = looked_up.understood(answer)
    if wanted is None:
        return None
    # More words than are looked up have to be written rightly.
    for at, word in enumerate(wanted):
        if word.sure if ways[at].begun else set(ways[at].words).intersection(word.sure):
            ways[at] = replace(ways[at], n=word.n)
        elif misspelt:
            ways[at] = _Ways(word.words, begun=False, n=word.n)
        else:
            return None
    return ways


async def _places(
    reader: Database | Executor,
    typed: TypedAddress,
    ways: Sequence[_Ways],
    near: tuple[float, float] | None,
) -> list[dict[str, Any]]:
    """Addresses of published places that have all of the words, with their positions; of every town some."""
    common = min(one.n for one in ways) > COMMON
    statement = _PLACES.format(first=(_NEAREST if near else _SOME) if common else _ALL)
    lng, lat = near or (0.0, 0.0)
    wanted = {
        "words": " & ".join(one.query for one in ways),
        "numbers": " | ".join(typed.numbers),
        "candidates": CANDIDATES,
        "wide": 2 * (MAX_ZOOM - TOWN_ZOOM),
        "read": READ,
    } | ({"lng": float(lng), "lat": float(lat)} if common and near else {})
    if isinstance(reader, Database):
        # Planned for these words: where many places have them, the first that come are read, and no index gathers all.
        found = await reader.answer(statement, wanted)
    else:
        [found] = await ask(reader, Question(statement, wanted))
    places: list[dict[str, Any]] = orjson.loads(found)
    return places


def _by_street(
    typed: TypedAddress,
    ways: Sequence[_Ways],
    places: Iterable[dict[str, Any]],
    near: tuple[float, float] | None,
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
        if hit.town and hit.number and is_named(hit.street, typed.numbers) and _is_meant(ways, hit):
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


def _is_meant(ways: Sequence[_Ways], hit: AddressHit) -> bool:
    """Whether the words are those of the street and the town, and not the name of a place that stands in it."""
    street = fold_name(hit.street or hit.town).split()
    names = street + fold_name(hit.town).split()
    return all(one.among(names) for one in ways) and any(one.among(street) for one in ways)


def _house(typed: TypedAddress, hits: list[AddressHit]) -> AddressHit:
    wanted = house_asked(hits[0].street, typed.numbers)
    guessed = not is_spelt_so(typed, hits[0].street, hits[0].town)
    if not wanted:
        middle = sorted(hits, key=lambda hit: (number_value(hit.number), hit.number))[(len(hits) - 1) // 2]
        return replace(middle, number="", guessed=guessed)
    nearest = min(
        hits,
        key=lambda hit: (
            hit.number != wanted,
            abs(number_value(hit.number) - number_value(wanted)),
            hit.number,
        ),
    )
    return replace(nearest, number=nearest.number.upper(), guessed=guessed)


# Of each neighbourhood one after the other, those with the number first: a street that many towns have is found in all.
_PLACES: Final = """
SELECT convert_to(coalesce(json_agg(json_build_object('lng', f.lng, 'lat', f.lat, 'address', f.address)), '[]')::text, 'UTF8')
FROM (
  SELECT f.lng, f.lat, CAST(f.whole AS json) #> '{{properties,address}}' AS address
  FROM (
    SELECT c.id FROM (
      SELECT id, qk, search @@ (SELECT to_tsquery('simple', :numbers)) AS numbered FROM {first} f
      WHERE search @@ (SELECT to_tsquery('simple', :words)) AND geom IS NOT NULL LIMIT :candidates
    ) c
    ORDER BY row_number() OVER (PARTITION BY c.qk >> CAST(:wide AS integer) ORDER BY c.numbered DESC, c.id),
             c.numbered DESC, c.id
    LIMIT :read
  ) n JOIN published.feature f ON f.id = n.id
) f
WHERE f.address IS NOT NULL
"""
_ALL: Final = "published.feature"
# Where thousands have the words, the index would gather them all: some of those that are looked at have them, too.
_NEAREST: Final = """(SELECT id, qk, geom, search FROM published.feature
  ORDER BY geom <-> ST_SetSRID(ST_MakePoint(CAST(:lng AS float8), CAST(:lat AS float8)), 4326) LIMIT :candidates)"""
_SOME: Final = "(SELECT id, qk, geom, search FROM published.feature ORDER BY id LIMIT :candidates)"
