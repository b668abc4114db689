"""A typed address as a position: by the imported addresses, else by those of the published places themselves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import orjson

from app.areas.address_search import (
    MOST,
    AddressHit,
    KnownAsked,
    ask_known_addresses,
    house_asked,
    marks_missing,
)
from app.areas.address_words import TypedAddress, read_address
from app.areas.street_words import readings_of
from app.db import Database, Executor, Question, ask
from app.features.street_places import Place, Ways, ask_places, by_street, in_one_place, ways_to_write
from app.features.typed_words import TypedWords, typed_words
from geo.bbox import Position
from geo.distance import distance_m
from geo.names import fold_name

#: Farther than this from what its words name, an address is not where somebody says that it is.
SAME_M: Final = 100


@dataclass(frozen=True, slots=True)
class StreetAsked:
    """A question for the published places in whose address words stand that may be written in these ways."""

    ways: list[Ways]
    question: Question


@dataclass(frozen=True, slots=True)
class AddressesAsked:
    """Questions for the addresses that a typed one may be, and how their answers are read.

    What the words may stand for is the last of the answers, also where it is `asked_beside`.
    """

    known: KnownAsked
    looked_up: TypedWords | None
    near: tuple[float, float] | None
    asked_beside: bool = False

    @property
    def questions(self) -> tuple[Question, ...]:
        """The first ones, to be asked together."""
        if self.looked_up is None or self.asked_beside:
            return self.known.questions
        return (*self.known.questions, self.looked_up.question)

    def follow_up(self, answers: Sequence[bytes]) -> StreetAsked | None:
        """What the answers to `questions` leave to be asked next, where they leave one thing only.

        Of a street that no import has brought, the published places that stand in it give the nearest number that is known.
        """
        known, words = self._parted(answers)
        return self._in_street(words) if self.known.is_empty(known) else None

    async def found(
        self,
        reader: Database | Executor,
        answers: Sequence[bytes],
        *,
        limit: int,
        followed_up: tuple[StreetAsked, bytes] | None = None,
    ) -> list[AddressHit]:
        """The addresses, likeliest first, by the answers to `questions`; asks on for what follows from these.

        `followed_up` is what `follow_up` gave, and the answer to its question: then nothing is asked any more.
        """
        if followed_up is None:
            known, words = self._parted(answers)
            if known_hits := await self.known.found(reader, known, limit=limit):
                return known_hits
            asked = self._in_street(words)
            if asked is None:
                return []
            followed_up = asked, (await ask(reader, asked.question))[0]
        asked, places = followed_up
        misspelt = self.known.misspelt
        found = (Place(*place) for place in orjson.loads(places))
        hits = by_street(self.known.typed, asked.ways, found, self.near)
        return list(islice((hit for hit in hits if misspelt or not hit.guessed), limit))

    def _parted(self, answers: Sequence[bytes]) -> tuple[Sequence[bytes], bytes | None]:
        """The answers about the imported addresses, and the one about the words of what is published."""
        return (answers[:-1], answers[-1]) if self.looked_up else (answers, None)

    def _in_street(self, words: bytes | None) -> StreetAsked | None:
        typed, misspelt = self.known.typed, self.known.misspelt
        ways = ways_to_write(typed, self.looked_up, words, misspelt=misspelt)
        return None if ways is None else StreetAsked(ways, ask_places(typed, ways, self.near))


def ask_addresses(
    typed: TypedAddress,
    *,
    near: tuple[float, float] | None = None,
    countries: Collection[str],
    misspelt: bool = True,
    beside: TypedWords | None = None,
) -> AddressesAsked:
    """Ask for the addresses that a typed one may be; without `misspelt` only those that are spelt so.

    `beside` is asked for at the same time: what it asks for is not asked twice.
    """
    known = ask_known_addresses(typed, near=near, countries=countries, misspelt=misspelt)
    if beside is not None and beside.has(typed.words):
        return AddressesAsked(known, beside, near, asked_beside=True)
    return AddressesAsked(known, typed_words(" ".join(typed.words)), near)


async def find_addresses(
    reader: Database | Executor,
    typed: TypedAddress,
    *,
    limit: int,
    near: tuple[float, float] | None = None,
    countries: Collection[str],
    misspelt: bool = True,
) -> list[AddressHit]:
    """Give the addresses that a typed one may be, likeliest first, as `ask_addresses` says."""
    asked = ask_addresses(typed, near=near, countries=countries, misspelt=misspelt)
    return await asked.found(reader, await ask(reader, *asked.questions), limit=limit)


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
    missing = marks_missing(typed, best.street)
    rivals = [
        hit
        for hit in hits
        if _named_part(typed, hit) >= likely
        and not _in_one_town(hit, best)
        and marks_missing(typed, hit.street) <= missing
    ]
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
    return fold_name(a.town) == fold_name(b.town) and in_one_place(a, b)


async def address_at(
    reader: Database | Executor, words: str, position: Position, countries: Collection[str]
) -> AddressHit | None:
    """Give the address that these words name, if it is where somebody says; None when it is not, or not known."""
    typed = read_address(words)
    if typed is None:
        return None
    hits = await find_addresses(reader, typed, limit=8, near=position, countries=countries, misspelt=False)
    return next((hit for hit in hits if distance_m(*position, hit.lng, hit.lat) < SAME_M), None)
