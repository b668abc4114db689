"""Finds a typed address: the streets that its words name, and of each the house with that number or the nearest one."""

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from app.areas.address_loading import OF_TOWN
from app.areas.address_words import TypedAddress, is_kind_only, number_value, street_marks
from app.areas.street_words import MeantWords, readings_of
from app.db import Database, Executor, Question, ask
from geo.bbox import BBox, Position, box_around
from geo.distance import METRES_PER_DEGREE
from geo.names import fold_name
from geo.sounds import slips_between, sound_of
from geo.transliteration import polish_readings

#: So many streets that have the words are compared with each other, and so many of them are looked at more closely.
COMPARED: Final = 2000
MOST: Final = 24
#: What is near an address: half an hour on foot.
NEAR_M: Final = 2500
#: At this distance from where the person is, a street counts half.
HALVING_KM: Final = 15.0
#: What the database answers where it has nothing.
NO_ROWS: Final = b"[]"


@dataclass(frozen=True, slots=True)
class AddressHit:
    """An address that is known. `number` is the one that was asked for or the nearest to it, "" for a street alone.

    `guessed` says that its names are spelt otherwise than those that were typed: it is to be shown as a suggestion.
    """

    street: str
    number: str
    town: str
    postcode: str
    lng: float
    lat: float
    guessed: bool = False

    @property
    def around(self) -> BBox:
        """What is near, for a list and a map."""
        return box_around(Position(self.lng, self.lat), NEAR_M)

    @property
    def name(self) -> str:
        """Street and number, as people write them."""
        return f"{self.street or self.town} {self.number}".strip()

    @property
    def whole(self) -> str:
        """In one line; found again by its own words."""
        return f"{self.name}, {self.town}" if self.street else self.name

    @property
    def with_postcode(self) -> str:
        """In one line, with what tells towns of one name apart."""
        return f"{self.name}, {self.postcode} {self.town}" if self.postcode else self.whole


@dataclass(frozen=True, slots=True)
class KnownAsked:
    """Questions for the imported streets that a typed address may name, and how their answers are read."""

    typed: TypedAddress
    wanted: dict[str, Any]
    misspelt: bool

    @property
    def questions(self) -> tuple[Question, ...]:
        """The first ones, to be asked together."""
        # "Osiedle 11, Warszawa": what says that a street follows may be all of its name.
        kinds = (self._streets_of([self.typed.kinds, *self._readings]),) if self.typed.kinds else ()
        alike = (self._alike.question(),) if self.misspelt else ()
        return (self._streets_of(self._readings), *kinds, *alike)

    def is_empty(self, answers: Sequence[bytes]) -> bool:
        """Whether the answers to `questions` say already that there is no such address, so that nothing more is asked."""
        *streets, alike = answers if self.misspelt else (*answers, b"")
        if any(answer != NO_ROWS for answer in streets):
            return False
        return not alike or self._alike.meant(alike) is None

    async def found(
        self, reader: Database | Executor, answers: Sequence[bytes], *, limit: int
    ) -> list[AddressHit]:
        """The addresses, likeliest first, by the answers to `questions`; asks for their numbers, and for other words."""
        typed, readings = self.typed, self._readings
        first, *meant = answers
        rows = orjson.loads(first)
        if typed.kinds:
            rows += [street for street in orjson.loads(meant.pop(0)) if is_kind_only(street["street"])]
        as_typed = bool(rows)
        others = self._alike.meant(meant[0]) if meant and not rows else None
        if others is not None:
            if any(others):
                [found] = await ask(reader, self._streets_of(_with(readings, others)))
                rows = orjson.loads(found)
            if not rows:
                # A word that somewhere is a street's, or is written so, may be misspelt all the same.
                [found] = await ask(reader, self._alike.question(known_too=True))
                others = self._alike.meant(found) or []
                if any(others):
                    [found] = await ask(reader, self._streets_of(_with(readings, others)))
                    rows = orjson.loads(found)
        streets = [street for street in rows if is_named(street["street"], typed.numbers)]
        numbers = [house_asked(street["street"], typed.numbers) for street in streets]
        houses = await _houses(reader, streets, numbers) if any(numbers) else {}
        hits = []
        for street, number in zip(streets, numbers, strict=True):
            hit = _hit(street, houses.get(street["id"]))
            slips = 0 if as_typed else sum(_slips_by_word(typed, hit.street, hit.town))
            # A street that has the number is meant rather than one that has not; before that, one that is spelt more alike
            # and whose town was named, and after it one whose kind is the one that was typed.
            unasked = sum(mark not in typed.marks for mark in street_marks(hit.street))
            likeness = (
                slips,
                not town_is_named(typed, hit.street, hit.town),
                hit.number.lower() != number,
                marks_missing(typed, hit.street) + unasked,
            )
            hits.append((likeness, replace(hit, guessed=slips > 0)))
        return [hit for _, hit in sorted(hits, key=lambda one: one[0])[: min(limit, MOST)]]

    @property
    def _readings(self) -> list[tuple[str, ...]]:
        return [readings_of(word) for word in self.typed.words]

    @property
    def _alike(self) -> MeantWords:
        return MeantWords(self.typed.words, self.typed.begun)

    def _streets_of(self, words: Sequence[Sequence[str]]) -> Question:
        return Question(_STREETS, self.wanted | {"words": _query(words, begun=self.typed.begun)})


def ask_known_addresses(
    typed: TypedAddress,
    *,
    near: tuple[float, float] | None = None,
    countries: Collection[str],
    misspelt: bool = True,
) -> KnownAsked:
    """Ask for the imported addresses that a typed one may be.

    `near` (lng, lat) prefers what is not far, `countries` are ISO codes. Words in Cyrillic letters are read as Polish.
    Where no street has them all, words that sound like them are looked for, unless without `misspelt`.
    """
    lng, lat = near or (0.0, 0.0)
    wanted = {
        "countries": list(countries),
        "postcode": typed.postcode,
        "lng": float(lng),
        "lat": float(lat),
        "nearness": METRES_PER_DEGREE / 1000 / HALVING_KM if near else 0.0,
        "compared": COMPARED,
        "limit": MOST,
    }
    return KnownAsked(typed, wanted, misspelt)


async def find_known_addresses(
    reader: Database | Executor,
    typed: TypedAddress,
    *,
    limit: int,
    near: tuple[float, float] | None = None,
    countries: Collection[str],
    misspelt: bool = True,
) -> list[AddressHit]:
    """Give the imported addresses that a typed one may be, likeliest first, as `ask_known_addresses` says."""
    asked = ask_known_addresses(typed, near=near, countries=countries, misspelt=misspelt)
    return await asked.found(reader, await ask(reader, *asked.questions), limit=limit)


def _with(readings: Sequence[Sequence[str]], others: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    return [(*ways, *meant) for ways, meant in zip(readings, others, strict=True)]


def _hit(street: Mapping[str, Any], house: Mapping[str, Any] | None) -> AddressHit:
    at = house or street
    number = house["number"].upper() if house else ""
    return AddressHit(street["street"], number, street["town"], street["postcode"], at["lng"], at["lat"])


def is_spelt_so(typed: TypedAddress, street: str, town: str) -> bool:
    """Whether the names have the words that were typed, or in Cyrillic letters words that sound the same."""
    return not any(_slips_by_word(typed, street, town))


def _slips_by_word(typed: TypedAddress, street: str, town: str) -> Iterator[int]:
    names = words_of(street) + words_of(town)
    last = len(typed.words) - 1
    for at, word in enumerate(typed.words):
        begun = typed.begun and at == last
        if any(
            reading in names or (begun and any(name.startswith(reading) for name in names))
            for reading in readings_of(word)
        ):
            yield 0
            continue
        heard = sound_of(word)
        slips = [slips_between(sound_of(name), heard, begun=begun) for name in names]
        least = min((n for n in slips if n is not None), default=len(word))
        # Latin letters are those of the name, and one of them is wrong.
        yield least if word != _latin(word) else max(least, 1)


def _latin(word: str) -> str:
    """The likeliest reading: of a word in Latin letters itself."""
    return polish_readings(word)[0]


def _query(readings: Sequence[Sequence[str]], *, begun: bool) -> str:
    """The words for `tsquery`: each in the street or in the town, one of them in the street at least.

    Folded words are letters and digits only.
    """
    end = len(readings) - 1

    def in_any(words: Sequence[str], at: int, *marks: str) -> str:
        ending = ":*" if begun and at == end else ""
        return " | ".join(f"'{mark}{word}'{ending}" for word in words for mark in marks)

    in_street = " | ".join(in_any(words, at, "") for at, words in enumerate(readings))
    everywhere = (f"({in_any(words, at, '', OF_TOWN)})" for at, words in enumerate(readings))
    return " & ".join([f"({in_street})", *everywhere])


# Streets and towns are asked for again and again, and an answer looks at each of them several times.
@functools.lru_cache(maxsize=1024)
def words_of(name: str) -> tuple[str, ...]:
    """The folded words of the name of a street or a town."""
    return tuple(fold_name(name).split())


def is_named(street: str, numbers: Sequence[str]) -> bool:
    """Whether a street may be meant: "3 Maja" is not where "1 Maja" was typed."""
    return not numbers or all(word in numbers for word in words_of(street) if word[0].isdigit())


def town_is_named(typed: TypedAddress, street: str, town: str) -> bool:
    """Whether the whole name of the town was typed: with "Opole" Opole is meant rather than Opole Lubelskie."""
    left = set(words_of(town)).difference(words_of(street))
    return bool(left) and left.issubset(reading for word in typed.words for reading in readings_of(word))


def marks_missing(typed: TypedAddress, street: str) -> int:
    """How many of the typed kinds and letters a street has not: fewer of two streets that are alike otherwise."""
    has = street_marks(street)
    return sum(mark not in has for mark in typed.marks)


def house_asked(street: str, numbers: Sequence[str]) -> str:
    """The number that is not a part of the street's name, as in "3 Maja 5"; "" when there is none."""
    left = list(numbers)
    # Each once: the house of "3 Maja 3" has the number of the street.
    for word in words_of(street):
        if word in left:
            left.remove(word)
    return left[-1] if left else ""


async def _houses(
    reader: Database | Executor, streets: Sequence[dict[str, Any]], numbers: Sequence[str]
) -> dict[int, dict[str, Any]]:
    asked = [(street["id"], number) for street, number in zip(streets, numbers, strict=True) if number]
    wanted = {
        "ids": [id_ for id_, _ in asked],
        "numbers": [number for _, number in asked],
        "values": [number_value(number) for _, number in asked],
    }
    [found] = await ask(reader, Question(_HOUSES, wanted))
    return {row["id"]: row for row in orjson.loads(found)}


# A street with words that nobody typed is further from what is meant; a long one is meant more often.
_STREETS: Final = """
SELECT convert_to(coalesce(json_agg(json_build_object(
         'id', b.id, 'street', b.street, 'town', b.town, 'postcode', b.postcode, 'lng', b.lng, 'lat', b.lat)
       ORDER BY b.same_postcode DESC, b.score DESC, b.id), '[]')::text, 'UTF8')
FROM (
  SELECT s.*, :postcode <> '' AND s.postcode = :postcode AS same_postcode,
         log(s.addresses + 10) / length(s.words) / (1 + CAST(:nearness AS float8) * sqrt(
           ((s.lng - CAST(:lng AS float8)) * cos(radians(CAST(:lat AS float8)))) ^ 2
           + (s.lat - CAST(:lat AS float8)) ^ 2)) AS score
  FROM (
    SELECT * FROM published.street s
    WHERE s.words @@ CAST(:words AS tsquery) AND s.country = ANY(CAST(:countries AS text[])) LIMIT :compared
  ) s
  ORDER BY same_postcode DESC, score DESC, s.id LIMIT :limit
) b
"""
# The number itself, else the nearest one on the same side of the street, else the nearest.
_HOUSES: Final = """
SELECT convert_to(coalesce(json_agg(json_build_object(
         'id', t.id, 'number', h.number, 'lng', h.lng, 'lat', h.lat)), '[]')::text, 'UTF8')
FROM unnest(CAST(:ids AS bigint[]), CAST(:numbers AS text[]), CAST(:values AS integer[])) AS t (id, number, value)
CROSS JOIN LATERAL (
  SELECT a.number, a.lng, a.lat FROM published.address a WHERE a.street_id = t.id
  ORDER BY a.number <> t.number, abs(a.value - t.value) + (abs(a.value - t.value) % 2) * 2, a.number LIMIT 1
) h
"""
