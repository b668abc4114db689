"""Help and a place in one line of words: `dentysta Kielce`, `їжа Краків`, `Kraków nocleg`."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.areas.place_search import PlaceHit, find_places
from app.db import Database, Executor
from app.taxonomy.search_words import Fit, Match, find_services
from app.taxonomy.vocabulary import Vocabulary
from geo.names import fold_name

#: Words of a town's name that may stand behind or before the help that is looked for.
MOST_PLACE_WORDS = 3
MOST_WORDS = 6
#: From so many people on, a name is the town's rather than that of a help point.
KNOWN_TOWN = 1000
_BETWEEN = frozenset(
    ("w", "we", "in", "im", "у", "в", "din", "la", "at", "near", "kolo", "bei", "біля", "возле")
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What typed words are taken for: a place, and the services named beside it."""

    place: str
    services: tuple[str, ...] = ()


async def understand(
    reader: Database | Executor, typed: str, vocabulary: Vocabulary, countries: tuple[str, ...]
) -> Understood | None:
    """Give the place that the words name, with or without help in front of it or behind; None when they name none.

    `Kielce` is a place, `dentysta Kielce` help in a place; `jedzenie` is no place although some village may
    have that name, because help is what people come for.
    """
    words = fold_name(typed).split()
    if not words or len(words) > MOST_WORDS or _named(words, vocabulary):
        return None
    town = await _town(reader, words, countries)
    if town is not None:
        return Understood(town.id)
    for help_words, place_words in _parts(words):
        services = _named(_without_joints(help_words), vocabulary)
        if not services:
            continue
        town = await _town(reader, place_words, countries)
        if town is not None:
            return Understood(town.id, tuple(sorted(match.code for match in services)))
    return None


def named_help(typed: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The codes of the help that the words, all of them together, are a name of; empty when they are none."""
    words = fold_name(typed).split()
    if len(words) > MOST_WORDS:
        return ()
    return tuple(sorted(match.code for match in _named(words, vocabulary)))


async def suggested(
    reader: Database | Executor, typed: str, vocabulary: Vocabulary, countries: tuple[str, ...], *, limit: int
) -> list[tuple[Match, PlaceHit]]:
    """Give help in places that the words name or begin to: `dentysta Kiel` is a dentist in Kielce."""
    words = fold_name(typed).split()
    if not 1 < len(words) <= MOST_WORDS or _named(words, vocabulary):
        return []
    for help_words, place_words in _parts(words):
        services = _named(_without_joints(help_words), vocabulary)
        if not services:
            continue
        hits = await find_places(
            reader, " ".join(place_words), limit=limit, countries=countries, misspelt=False
        )
        found = [(services[0], hit) for hit in hits if hit.population >= KNOWN_TOWN]
        if found:
            return found
    return []


def _parts(words: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The words as help and a place, the longest names of places first."""
    for length in range(min(MOST_PLACE_WORDS, len(words) - 1), 0, -1):
        yield words[:-length], words[-length:]
        yield words[length:], words[:length]


def _named(words: list[str], vocabulary: Vocabulary) -> list[Match]:
    """The services and groups that all of the words together name, the best first."""
    if not words:
        return []
    matches = find_services(" ".join(words), 4, vocabulary)
    return [match for match in matches if match.fit is Fit.EXACT and match.words == len(words)]


def _without_joints(words: list[str]) -> list[str]:
    """The words without a preposition at either end."""
    while words and words[-1] in _BETWEEN:
        words = words[:-1]
    while words and words[0] in _BETWEEN:
        words = words[1:]
    return words


async def _town(reader: Database | Executor, words: list[str], countries: tuple[str, ...]) -> PlaceHit | None:
    hits = await find_places(reader, " ".join(words), limit=1, countries=countries)
    if not hits or hits[0].match != "exact" or hits[0].population < KNOWN_TOWN:
        return None
    return hits[0]
