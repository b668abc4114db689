"""Addresses of published places: of a street that no import has brought, they tell the nearest number that is known."""

import functools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from app.areas.address_search import AddressHit, house_asked, is_named, is_spelt_so, town_is_named, words_of
from app.areas.address_words import TypedAddress, house_number, number_value
from app.areas.street_words import readings_of
from app.db import Question
from app.features.search import COMMON
from app.features.typed_words import ENDINGS, TypedWords
from geo.distance import METRES_PER_DEGREE, distance_m
from geo.quadkey import MAX_ZOOM

#: So many places are looked at, so many that have the words are enough, and of so many of these the address is read. No
#: parameters: for the planner they would be a tenth of all, and any index too dear.
CANDIDATES, ENOUGH, READ = 400, 160, 40
#: From so many places on that have the rarest of the words, some are looked at before the index gathers all.
SHARED = 1000
#: At this zoom a cell is as large as a town.
TOWN_ZOOM: Final = 11
#: Farther apart than this, two towns of one name are two.
SAME_TOWN_M: Final = 10_000
SAME_TOWN_SQUARED: Final = (SAME_TOWN_M / METRES_PER_DEGREE) ** 2


Words = tuple[str, ...]


class Place(NamedTuple):
    """A published place with a house number, as the database gives it."""

    lng: float
    lat: float
    street: str
    number: str
    town: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Ways:
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


def ways_to_write(
    typed: TypedAddress, looked_up: TypedWords | None, answer: bytes | None, *, misspelt: bool
) -> list[Ways] | None:
    """Of each word those that published places have; None where they have one of them not, or only spelt otherwise."""
    last = len(typed.words) - 1
    ways = [Ways(readings_of(word), begun=typed.begun and at == last) for at, word in enumerate(typed.words)]
    if looked_up is None or answer is None:
        return ways
    # More may have been typed beside the address, and more words in it than are looked up.
    wanted = (
        looked_up.understood_of(typed.words, answer)
        if looked_up.has(typed.words)
        else looked_up.understood(answer)
    )
    if wanted is None:
        return None
    # More words than are looked up have to be written rightly.
    for at, word in enumerate(wanted):
        if ways[at].begun and 0 < len(word.sure) < ENDINGS:
            # All that begins so is known: of the index, words are asked for quicker than beginnings.
            ways[at] = Ways(word.sure, begun=False, n=word.n)
        elif word.sure if ways[at].begun else set(ways[at].words).intersection(word.sure):
            ways[at] = replace(ways[at], n=word.n)
        elif misspelt:
            ways[at] = Ways(word.words, begun=False, n=word.n)
        else:
            return None
    return ways


def ask_places(typed: TypedAddress, ways: Sequence[Ways], near: tuple[float, float] | None) -> Question:
    """Ask for addresses of published places that have all of the words, with their positions; of every town some.

    The answer is a JSON array of arrays with the members of a `Place`.
    """
    rarest = min(ways, key=lambda one: one.n)
    first = ""
    if rarest.n > COMMON:
        first = "nearest" if near else "some"
    elif rarest.n > SHARED and len(ways) > 1:
        first = "rarest"
    wanted: dict[str, object] = {
        "words": [one.query for one in ways],
        "wide": 2 * (MAX_ZOOM - TOWN_ZOOM),
    }
    if typed.numbers:
        wanted["numbers"] = " | ".join(typed.numbers)
    if first == "nearest" and near:
        wanted |= {"lng": float(near[0]), "lat": float(near[1])}
    if first == "rarest":
        wanted["rarest"] = rarest.query
    statement = _places_sql(words=len(ways), first=first, numbered=bool(typed.numbers))
    return Question(statement, wanted)


def by_street(
    typed: TypedAddress,
    ways: Sequence[Ways],
    places: Iterable[Place],
    near: tuple[float, float] | None,
) -> Iterator[AddressHit]:
    """One for each street, that of the nearest number; those of a town that was named, and that are nearer, first."""
    streets: dict[tuple[Words, Words], list[list[Place]]] = {}
    # One name is that of many places.
    meant: dict[tuple[str, str], list[list[Place]] | None] = {}
    for place in places:
        names = (place.street, place.town)
        if names not in meant:
            is_meant = is_named(place.street, typed.numbers) and _is_meant(ways, *names)
            key = (words_of(place.street), words_of(place.town))
            meant[names] = streets.setdefault(key, []) if is_meant else None
        known = meant[names]
        if known is None:
            continue
        # Villages of one name are many. How far they are apart can be told on a flat map.
        narrow = math.cos(math.radians(place.lat))
        for there in known:
            first = there[0]
            if ((first.lng - place.lng) * narrow) ** 2 + (first.lat - place.lat) ** 2 < SAME_TOWN_SQUARED:
                there.append(place)
                break
        else:
            known.append([place])
    found = [of_one for of_name in streets.values() for of_one in of_name]
    if near is not None:
        lng, lat = near
        narrow = math.cos(math.radians(lat)) ** 2
        found.sort(key=lambda there: narrow * (there[0].lng - lng) ** 2 + (there[0].lat - lat) ** 2)
    if len(typed.words) > 1:
        found.sort(key=lambda there: not town_is_named(typed, there[0].street, there[0].town))
    # Numbers are read, and how the names are spelt is looked at, only of those that are wanted.
    for there in found:
        hit = _nearest_number(typed, there)
        if hit is not None:
            yield hit if is_spelt_so(typed, hit.street, hit.town) else replace(hit, guessed=True)


def in_one_place(a: AddressHit, b: AddressHit) -> bool:
    """Whether two of one town's name are in one town."""
    return distance_m(a.lng, a.lat, b.lng, b.lat) < SAME_TOWN_M


def _is_meant(ways: Sequence[Ways], street_name: str, town: str) -> bool:
    """Whether the words are those of the street and the town, and not the name of a place that stands in it."""
    street = words_of(street_name or town)
    names = street + words_of(town)
    return all(one.among(names) for one in ways) and any(one.among(street) for one in ways)


def _nearest_number(typed: TypedAddress, places: Sequence[Place]) -> AddressHit | None:
    """The nearest to the number that was typed, without one the one in the middle; None where no place has a number."""
    numbered = [(number, place) for place in places if (number := house_number(place.number))]
    if not numbered:
        return None
    wanted = house_asked(places[0].street, typed.numbers)
    if wanted:
        value = number_value(wanted)
        number, place = min(
            numbered, key=lambda one: (one[0] != wanted, abs(number_value(one[0]) - value), one[0])
        )
    else:
        _, place = sorted(numbered, key=lambda one: (number_value(one[0]), one[0]))[(len(numbered) - 1) // 2]
        number = ""
    return AddressHit(place.street, number.upper(), place.town, place.postcode, place.lng, place.lat)


@functools.cache
def _places_sql(*, words: int, first: str, numbered: bool) -> str:
    """The statement. `first` are those that are looked at before the index gathers all that have the words: those with the
    "rarest" word, the "nearest" or "some" where thousands have each of the words, "" none.
    """
    # A condition for each word: the index is slow to decide all of them as one.
    fits = " AND ".join(f"f.search @@ {_WORD.format(at)}" for at in range(1, words + 1))
    columns = "f.id, f.qk, f.search, f.lng, f.lat, f.address"
    gathered = f"SELECT {columns} FROM published.feature f WHERE {fits} AND f.address IS NOT NULL"  # noqa: S608 - our own constants; values are parameters
    source = f"{gathered} LIMIT {CANDIDATES}"
    if first:
        looked_at = {
            "rarest": "WHERE f.search @@ (SELECT to_tsquery('simple', :rarest))",
            "nearest": _IN_ORDER,
            "some": "ORDER BY f.id",
        }[first]
        # When enough of those that are looked at have the words, no more are.
        source = f"""
        SELECT {columns}
        FROM (SELECT {columns}, {_ALL_FIT} AS fits FROM published.feature f {looked_at} LIMIT {CANDIDATES}) f
        WHERE f.fits AND f.address IS NOT NULL LIMIT {ENOUGH}"""  # noqa: S608 - our own constants; values are parameters
    if first == "rarest":
        source = f"""
        WITH found AS MATERIALIZED ({source})
        SELECT * FROM found UNION ALL ({gathered}
          AND (SELECT count(*) FROM found) < {ENOUGH} AND f.id NOT IN (SELECT id FROM found) LIMIT {CANDIDATES})"""  # noqa: S608 - our own constants; values are parameters
    has_number = "c.search @@ (SELECT to_tsquery('simple', :numbers))" if numbered else "false"
    # Of each neighbourhood one after the other, those with the number first: a street that many towns have is found in
    # all.
    return f"""
SELECT convert_to('[' || coalesce(string_agg('[' || c.lng || ',' || c.lat || ',' || substr(c.address, 2), ',' ORDER BY c.nth), '') || ']', 'UTF8')
FROM (
  SELECT c.lng, c.lat, c.address, row_number() OVER (ORDER BY c.of_town, c.numbered DESC, c.id) AS nth
  FROM (
    SELECT c.*, row_number() OVER (PARTITION BY c.qk >> CAST(:wide AS integer) ORDER BY c.numbered DESC, c.id) AS of_town
    FROM (SELECT c.id, c.qk, c.lng, c.lat, c.address, {has_number} AS numbered FROM ({source}) c) c
  ) c
  ORDER BY nth LIMIT {READ}
) c
"""  # noqa: S608 - our own constants; values are parameters


_WORD: Final = "(SELECT to_tsquery('simple', (CAST(:words AS text[]))[{}]))"
_ALL_FIT: Final = "f.search @@ (SELECT to_tsquery('simple', array_to_string(CAST(:words AS text[]), ' & ')))"
_IN_ORDER: Final = (
    "ORDER BY f.geom <-> ST_SetSRID(ST_MakePoint(CAST(:lng AS float8), CAST(:lat AS float8)), 4326)"
)
