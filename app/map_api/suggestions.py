"""What typed words may mean: each answer decides what is asked next, and all that can be is asked at once.

A way to the database and back costs the server about as much as a small answer costs the database.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.areas.address_search import AddressHit
from app.areas.address_words import read_address
from app.areas.place_search import PlaceHit, ask_places
from app.db import Database
from app.features.addresses import AddressesAsked, StreetAsked, ask_addresses
from app.features.help_suggested import Way, ask_together
from app.features.search import NOTHING, ask_features
from app.features.typed_words import Wanted, typed_words
from app.taxonomy.search_words import Fit, Match, find_services
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import Position

MOST_SERVICES: Final = 5
MOST_PLACES: Final = 4
MOST_FEATURES: Final = 6
MOST_TOGETHER: Final = 3
MOST_ADDRESSES: Final = 3


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody has typed, in which language they read, where they look, None for everywhere, and the day there.

    `countries` are the ones whose places and addresses are known here (ISO 3166-1).
    """

    text: str
    language: str
    near: Position | None
    countries: tuple[str, ...]
    today: dt.date


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the words may mean, of each kind the best first: `together` help and a place; `features` is a JSON array."""

    together: list[tuple[Way, PlaceHit]]
    services: list[Match]
    places: list[PlaceHit]
    addresses: list[AddressHit]
    features: bytes


async def suggest(database: Database, vocabulary: Vocabulary, typed: Typed) -> Suggestions:
    """Give what may be meant, after two ways to the database; a third one where only an address is left."""
    services = find_services(typed.text, MOST_SERVICES)
    # Where the words name help, a village that is spelt like them is not what is meant: їжа is not Izabelin.
    fit = min((match.fit for match in services), default=Fit.SIMILAR)
    likely = {"exact"} if fit is Fit.EXACT else {"exact", "prefix"} if fit is Fit.PREFIX else None
    understood = await _understood(database, typed, exact=fit is Fit.EXACT)
    of_features = (
        ask_features(
            understood.wanted, vocabulary, language=typed.language, limit=MOST_FEATURES, near=typed.near
        )
        if understood.wanted
        else None
    )
    of_places = ask_places(
        typed.text,
        limit=MOST_PLACES,
        near=typed.near,
        countries=typed.countries,
        misspelt=likely is None and not understood.as_typed,
    )
    of_both = ask_together(typed.text, vocabulary, typed.countries, limit=MOST_TOGETHER, today=typed.today)
    in_street = understood.in_street()
    questions = (
        of_features,
        in_street.question if in_street else None,
        of_places.question if of_places else None,
        *of_both.questions,
    )
    answers = iter(await database.answers(*(question for question in questions if question)))
    features = next(answers) if of_features else NOTHING
    followed_up = (in_street, next(answers)) if in_street else None
    places = of_places.hits(next(answers)) if of_places else []
    together = of_both.found(list(answers))
    is_something_else = bool(services or places or understood.as_typed)
    return Suggestions(
        together,
        services,
        [hit for hit in places if likely is None or hit.match in likely],
        await understood.addresses(database, followed_up, is_something_else=is_something_else),
        features,
    )


@dataclass(frozen=True, slots=True)
class _Understood:
    """What the first answers say: the words as what is published has them, and what an address among them may be.

    `wanted` is None where nothing published has such words. `about_addresses` answers the questions of `of_addresses`; None
    where these wait until it is known what else the words are. `beside` is what was asked for the words and serves both.
    """

    wanted: list[Wanted] | None
    of_addresses: AddressesAsked | None
    about_addresses: Sequence[bytes] | None
    beside: Sequence[bytes]

    @property
    def as_typed(self) -> bool:
        """Whether all words stand in what is published just as they were typed."""
        return self.wanted is not None and all(word.sure for word in self.wanted)

    def in_street(self) -> StreetAsked | None:
        """What an address leaves to be asked next; None where there is none, or it waits."""
        if self.of_addresses is None or self.about_addresses is None:
            return None
        return self.of_addresses.follow_up([*self.about_addresses, *self.beside])

    async def addresses(
        self,
        database: Database,
        followed_up: tuple[StreetAsked, bytes] | None,
        *,
        is_something_else: bool,
    ) -> list[AddressHit]:
        """The addresses; a word that may be a street is asked for only where it is nothing else."""
        asked, answers = self.of_addresses, self.about_addresses
        if asked is None or (answers is None and is_something_else):
            return []
        if answers is None:
            answers = await database.answers(*asked.questions)
        return await asked.found(
            database, [*answers, *self.beside], limit=MOST_ADDRESSES, followed_up=followed_up
        )


async def _understood(database: Database, typed: Typed, *, exact: bool) -> _Understood:
    """Ask what the words stand for, and for what looks like an address; `exact`: they name help as it is written."""
    words = typed_words(typed.text, as_written=exact)
    address = read_address(typed.text)
    of_addresses = (
        ask_addresses(
            address,
            near=typed.near,
            countries=typed.countries,
            misspelt=address.looks_like_one,
            beside=None if exact else words,
        )
        if address
        else None
    )
    at_once = of_addresses.questions if of_addresses and address and address.looks_like_one else ()
    answers = await database.answers(*((words.question,) if words else ()), *at_once)
    of_words = answers.pop(0) if words else None
    return _Understood(
        wanted=words.understood(of_words) if words and of_words is not None else None,
        of_addresses=of_addresses,
        about_addresses=answers if at_once else None,
        beside=[of_words] if of_addresses and of_addresses.asked_beside and of_words is not None else [],
    )
