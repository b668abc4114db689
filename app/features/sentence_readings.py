"""The ways in which a line of words can be read as help, a place, for whom, on which terms and when; the likeliest first.

No database is asked: whether a town of that name is there, whoever reads on finds out.
"""

import datetime as dt
import functools
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from app.areas.towns_named import TownAsked
from app.features.said_times import SaidTime, said_time
from app.features.sentence import (
    BETWEEN,
    MOST_WORDS,
    SAYING_NOTHING,
    Spelling,
    behind_in,
    codes_of,
    named,
    named_among,
    parts,
    runs,
    spelling_of,
    telling,
    without_conditions,
    without_joints,
    without_qualities,
)
from app.taxonomy.everyday_words import everyday_words
from app.taxonomy.search_words import GENERAL, STOPWORDS
from app.taxonomy.vocabulary import Vocabulary
from geo.locatives import nominatives
from geo.names import fold_name

#: A sentence has at most so many.
MOST_WORDS_SAID: Final = 14


@dataclass(frozen=True, slots=True)
class Understood:
    """What typed words are taken for: a place, and the services named beside it.

    `beside` are the words as they were typed, without the place's; `unread` those that were taken for nothing.
    """

    place: str = ""
    services: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    open_now: bool = False
    time: SaidTime | None = None
    beside: str = ""
    unread: str = ""

    @property
    def conditions(self) -> bool:
        """Whether more was said than what and where."""
        return bool(self.audiences or self.access or self.languages or self.open_now or self.time)


@dataclass(frozen=True, slots=True)
class Reading:
    """What words mean where there is such a town; a reading without one is sure."""

    meant: Understood
    town: TownAsked | None = None


def readings(typed: str, vocabulary: Vocabulary, today: dt.date | None = None) -> Iterator[Reading]:
    """Give the ways to read what was typed `today`; without a day no date is read.

    Of a sentence every word has to be understood, but for those that say nothing; or help and a town are, and what is
    left over is told. When somebody wants to come is no part of any name: it is taken out first.
    """
    said = said_time(typed, today=today)
    # A number that may be an hour is one where all else is understood; then the rest may still be read without it.
    for time in dict.fromkeys((said, said and said_time(typed, only_sure=True, today=today))):
        if time is not None:
            yield from _at_a_time(typed, time, vocabulary)
    yield from _of_words(typed, vocabulary)


def _at_a_time(typed: str, time: SaidTime, vocabulary: Vocabulary) -> Iterator[Reading]:
    words = fold_name(typed).split()
    spelt = spelling_of(words, typed)
    if not time.rest:
        if not time.is_bare:
            yield Reading(Understood(time=time, beside=typed))
        return
    rest = fold_name(time.rest).split()
    if services := named_among(rest, spelling_of(rest, time.rest), vocabulary):
        yield Reading(Understood(services=codes_of(services), time=time, beside=typed))
    for reading in _of_words(time.rest, vocabulary):
        meant = reading.meant
        if (meant.unread and not time.sure) or (time.wants_help and not meant.services):
            continue
        town = set(reading.town.words) if reading.town else set()
        beside = spelt([word for word in words if word not in town])
        yield replace(reading, meant=replace(meant, time=time, beside=beside))
    helped = _help_among(time.rest, vocabulary) if time.sure else None
    if helped is not None:
        yield Reading(replace(helped, time=time, beside=typed))


def _help_among(typed: str, vocabulary: Vocabulary) -> Understood | None:
    """The help in a sentence of which not all is understood; None where there is none. Who says when wants no name of a place."""
    words = fold_name(typed).split()
    if len(words) > MOST_WORDS_SAID:
        return None
    spelt = spelling_of(words, typed)
    rest, conditions = _without_conditions_beside(words, spelt, vocabulary)
    return _with_help([rest], under(conditions), spelt, vocabulary)


def _of_words(typed: str, vocabulary: Vocabulary) -> Iterator[Reading]:
    words = fold_name(typed).split()
    spelt = spelling_of(words, typed)
    if not words or len(words) > MOST_WORDS_SAID or named(words, spelt, vocabulary):
        return
    plain = without_qualities(words, spelt, vocabulary)
    if plain != words:
        words = plain
        if services := named(words, spelt, vocabulary):
            yield Reading(Understood(services=codes_of(services)))
            return
    if everyday_words().conditions.get(" ".join(words)) == ("open", "now") and len(words) > 1:
        yield Reading(Understood(open_now=True, beside=typed))
        return
    for reading in _every_reading(words, spelt, vocabulary):
        town = set(reading.town.words) if reading.town else set()
        beside = spelt([word for word in words if word not in town])
        yield replace(reading, meant=replace(reading.meant, beside=beside))


def _every_reading(words: list[str], spelt: Spelling, vocabulary: Vocabulary) -> Iterator[Reading]:
    if len(words) <= MOST_WORDS:
        yield from _help_in_town(words, spelt, vocabulary)
    yield from _said(words, spelt, vocabulary)
    yield from _gist(words, spelt, vocabulary)


def _help_in_town(words: list[str], spelt: Spelling, vocabulary: Vocabulary) -> Iterator[Reading]:
    """A place, or help and a place, and no other word."""
    yield Reading(Understood(), TownAsked(tuple(words), behind_in([], words)))
    for help_words, place_words in parts(words):
        if services := named(without_joints(help_words), spelt, vocabulary):
            town = TownAsked(tuple(place_words), behind_in(help_words, place_words))
            yield Reading(Understood(services=codes_of(services)), town)


def _said(words: list[str], spelt: Spelling, vocabulary: Vocabulary) -> Iterator[Reading]:
    """What a sentence says, all of whose words are help, a town, for whom, on which terms, or nothing.

    For whom may be a part of the name of help: "приют для женщин" is no shelter for everybody that welcomes women.
    """
    yield from _help_and_town(words, Understood(), spelt, vocabulary)
    rest, conditions = without_conditions(words)
    if not conditions:
        return
    said = under(conditions)
    rest = telling(rest, STOPWORDS | GENERAL)
    if not rest:
        yield Reading(said)
        return
    yield from _help_and_town(rest, said, spelt, vocabulary)
    if place := tuple(without_joints(rest)):
        yield Reading(said, TownAsked(place, behind_in([], rest)))


def under(conditions: AbstractSet[tuple[str, str]]) -> Understood:
    """What the conditions say: their kinds and codes."""

    def codes(wanted: str) -> tuple[str, ...]:
        return tuple(sorted(code for kind, code in conditions if kind == wanted))

    return Understood(
        audiences=codes("audience"),
        access=codes("access"),
        languages=codes("language"),
        open_now=("open", "now") in conditions,
    )


def _help_and_town(
    words: list[str], said: Understood, spelt: Spelling, vocabulary: Vocabulary
) -> Iterator[Reading]:
    """Help that all telling words name, alone or beside a town; what was said besides stays."""
    if services := named_among(words, spelt, vocabulary):
        yield Reading(replace(said, services=codes_of(services)))
    for help_words, place_words in parts(words):
        services = named_among(help_words, spelt, vocabulary)
        if not services and telling(help_words):
            continue
        also = behind_in(help_words, place_words)
        place = tuple(without_joints(place_words))
        if place and (services or said.conditions or also or _is_all(words, place_words)):
            town = TownAsked(place, also, begun=bool(services))
            yield Reading(replace(said, services=codes_of(services)), town)


def _is_all(words: list[str], place: list[str]) -> bool:
    """Whether beside the place nothing stands but what says nothing."""
    return not [word for word in telling(words) if word not in place]


def _gist(words: list[str], spelt: Spelling, vocabulary: Vocabulary) -> Iterator[Reading]:
    """Help and a town in a sentence that has other words, too: `jedzenie dla psa Warszawa`.

    The town stands behind "in", or at an end; a large one may be misspelt. What is not understood is told, not forgotten.
    """
    rest, conditions = _without_conditions_beside(words, spelt, vocabulary)
    ways = list(_where_towns_stand(rest))
    for (start, end), misspelt in ((way, misspelt) for misspelt in (False, True) for way in ways):
        is_behind_in = start > 0 and rest[start - 1] in BETWEEN
        name = rest[start:end]
        if named_among(name, spelt, vocabulary) or (
            misspelt and not _of_languages(vocabulary).isdisjoint(name)
        ):
            continue
        others = [rest[: start - is_behind_in], rest[end:]]
        meant = _with_help(others, under(conditions), spelt, vocabulary)
        if meant is None:
            continue
        also = nominatives(" ".join(name)) if is_behind_in else ()
        yield Reading(meant, TownAsked(tuple(name), also, misspelt=misspelt))


@functools.lru_cache(maxsize=2)
def _of_languages(vocabulary: Vocabulary) -> frozenset[str]:
    """The names of languages: "Polish" is not the town of Police, misspelt."""
    return frozenset(
        fold_name(name) for term in vocabulary.languages.values() for name in term.names.values()
    )


def _with_help(
    others: list[list[str]], said: Understood, spelt: Spelling, vocabulary: Vocabulary
) -> Understood | None:
    """What was said with the help that stands among the other words, by the longest name; None where there is none.

    Words that say the same help again are none that nobody understands: "zjeść ciepły posiłek".
    """
    found = [(run, part) for part, of in enumerate(others) for run in _named_runs(of, spelt, vocabulary)]
    if not found:
        return None
    (first, last), part = max(found, key=lambda one: one[0][1] - one[0][0])
    services = codes_of(named_among(others[part][first:last], spelt, vocabulary))
    left = [*others[:part], others[part][:first], others[part][last:], *others[part + 1 :]]
    asked = vocabulary.expand(services)

    def says_it_again(word: str) -> bool:
        return not asked.isdisjoint(vocabulary.expand(codes_of(named([word], spelt, vocabulary))))

    unread = [word for of in left for word in of if word not in SAYING_NOTHING and not says_it_again(word)]
    return replace(said, services=services, unread=spelt(unread))


def _named_runs(words: list[str], spelt: Spelling, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    return [run for run in runs(words) if named_among(words[run[0] : run[1]], spelt, vocabulary)]


def _without_conditions_beside(
    words: list[str], spelt: Spelling, vocabulary: Vocabulary
) -> tuple[list[str], set[tuple[str, str]]]:
    """The words without the conditions, but for those in the longest name of help: "schronisko dla bezdomnych"."""
    found = [
        run
        for run in _named_runs(words, spelt, vocabulary)
        if telling(without_conditions(words[run[0] : run[1]], of_more=True)[0])
    ]
    first, last = max(found, key=lambda run: run[1] - run[0], default=(0, 0))
    if first == last:
        return without_conditions(words)
    before, said_before = without_conditions(words[:first], of_more=True)
    behind, said_behind = without_conditions(words[last:], of_more=True)
    return [*before, *words[first:last], *behind], said_before | said_behind


def _where_towns_stand(words: list[str]) -> Iterator[tuple[int, int]]:
    """Where a name of a town may begin and end, the likeliest first: behind "in", at the end, at the beginning.

    Numbers at either end are no part of it: whoever adds a house, a postcode or a bus to a town still means the town.
    """
    named_at = [at for at, word in enumerate(words) if not word.isdigit()]
    first, end = (named_at[0], named_at[-1] + 1) if named_at else (0, 0)
    behind = [at + 1 for at, word in enumerate(words[:end]) if word in BETWEEN and at + 1 < end]
    places = [(at, at + length) for at in behind for length in (2, 1) if at + length <= end]
    places += [(end - 2, end)] if end - first > 2 else []
    places += [(end - 1, end), (first, first + 1)]
    yield from dict.fromkeys(place for place in places if first <= place[0] < place[1])
