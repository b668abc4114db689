"""Help in places as somebody types: `dentysta Kiel` is a dentist in Kielce, `їжа для дітей Варшава` food for children in Warsaw."""

import datetime as dt
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from app.areas.place_search import PlaceHit, PlacesAsked, ask_places
from app.areas.towns_named import KNOWN_TOWN
from app.db import Question
from app.features.said_times import SaidTime, said_time
from app.features.sentence import (
    BETWEEN,
    MOST_WORDS,
    Spelling,
    behind_in,
    named,
    named_among,
    parts,
    spelling_of,
    without_conditions,
    without_joints,
    without_qualities,
)
from app.taxonomy.discretion import asks_discreetly, is_other_help
from app.taxonomy.search_words import STOPWORDS, Match
from app.taxonomy.vocabulary import Vocabulary
from geo.names import fold_name

#: A sentence of more words is read when it is sent.
MOST_WORDS_SUGGESTED: Final = 10


@dataclass(frozen=True, slots=True)
class Way:
    """Words read as help and a place. `words` are those without the place where they say more than the help.

    `conditions` are kinds and codes of what more they say, `time` is when.
    """

    match: Match
    asked: PlacesAsked
    words: str = ""
    conditions: tuple[tuple[str, str], ...] = ()
    time: SaidTime | None = None


@dataclass(frozen=True, slots=True)
class TogetherAsked:
    """Ways to read words as help and a place, the likeliest first, each with a question for the place."""

    ways: tuple[Way, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """One for each way."""
        return tuple(way.asked.question for way in self.ways)

    def found(self, answers: Sequence[bytes]) -> list[tuple[Way, PlaceHit]]:
        """Help in places, by the first way that gives any."""
        for way, answer in zip(self.ways, answers, strict=True):
            hits = [(way, hit) for hit in way.asked.hits(answer) if hit.population >= KNOWN_TOWN]
            if hits:
                return hits
        return []


def ask_together(
    typed: str,
    vocabulary: Vocabulary,
    countries: tuple[str, ...],
    *,
    limit: int,
    today: dt.date | None = None,
) -> TogetherAsked:
    """Ask for help in places that the words name or begin to, also in a sentence that says for whom, on which terms or when.

    Without `today` no date is read.
    """
    words = fold_name(typed).split()
    spelt = spelling_of(words, typed)
    if not 1 < len(words) <= MOST_WORDS_SUGGESTED or named(words, spelt, vocabulary):
        return TogetherAsked(())
    plain = without_qualities(words, spelt, vocabulary)
    time = said_time(typed, only_sure=True, today=today)
    rest, conditions = without_conditions(fold_name(time.rest).split() if time else words)
    more = set(words) - set(rest)
    ways = list(_ways(plain, more, spelt, vocabulary, countries, limit)) if len(plain) <= MOST_WORDS else []
    of_refuge = bool(conditions) and asks_discreetly(vocabulary, text=typed)
    if not ways and len(rest) <= MOST_WORDS:
        for match, asked, said in _ways_of_sentence(words, rest, spelt, vocabulary, countries, limit):
            if not of_refuge or is_other_help([match.code], vocabulary):
                ways.append(Way(match, asked, said, tuple(sorted(conditions)), time))
    return TogetherAsked(tuple(ways))


def _ways(
    words: list[str],
    more: AbstractSet[str],
    spelt: Spelling,
    vocabulary: Vocabulary,
    countries: tuple[str, ...],
    limit: int,
) -> Iterator[Way]:
    """Help and a place, and no other word; of what may say `more` nothing is a place."""
    for help_words, place_words in parts(words):
        if not more.isdisjoint(place_words):
            continue
        services = named(without_joints(help_words), spelt, vocabulary)
        asked = services and _asked(help_words, place_words, countries, limit)
        if asked:
            yield Way(services[0], asked)


def _ways_of_sentence(
    words: list[str],
    rest: list[str],
    spelt: Spelling,
    vocabulary: Vocabulary,
    countries: tuple[str, ...],
    limit: int,
) -> Iterator[tuple[Match, PlacesAsked, str]]:
    """Help and a place in the `rest` of a sentence, with the words of the whole that are not the place's.

    Whoever takes one asks for all of these words: what is found nowhere is left out as of a sentence that was sent. Beside
    words that may mean a refuge nothing is suggested.
    """
    for help_words, place_words in parts(rest):
        if place_words[0] in STOPWORDS - BETWEEN:
            continue
        services = named_among(help_words, spelt, vocabulary)
        asked = services and _asked(help_words, place_words, countries, limit)
        if asked:
            said = spelt(without_joints(_without(words, without_joints(place_words))))
            yield services[0], asked, said


def _asked(
    help_words: list[str], place_words: list[str], countries: tuple[str, ...], limit: int
) -> PlacesAsked | None:
    return ask_places(
        " ".join(place_words),
        limit=limit,
        countries=countries,
        misspelt=False,
        also=behind_in(help_words, place_words),
    )


def _without(words: list[str], some: list[str]) -> list[str]:
    """The words without some that stand together among them."""
    for at in range(len(words) - len(some) + 1):
        if words[at : at + len(some)] == some:
            return words[:at] + words[at + len(some) :]
    return words
