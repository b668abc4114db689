"""The words of a sentence: how they were spelt, which help they name, which of them say nothing, or on which terms."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from app.taxonomy.everyday_words import everyday_words
from app.taxonomy.search_words import GENERAL, STOPWORDS, Match, find_named
from app.taxonomy.vocabulary import Vocabulary
from geo.locatives import nominatives
from geo.names import fold_name

#: So many words are looked at as a name of help.
MOST_WORDS: Final = 6
#: One word may be a name of so many services and groups.
MOST_NAMED: Final = 4
#: Words of a town's name that may stand behind or before the help that is looked for.
MOST_PLACE_WORDS: Final = 3
#: What stands before a town.
BETWEEN: Final = frozenset(
    ("w", "we", "in", "im", "у", "в", "din", "la", "at", "near", "kolo", "bei", "біля", "возле")
)
SAYING_NOTHING: Final = STOPWORDS | GENERAL | BETWEEN

#: What help is like, where some town is called so too: "nowe ubrania" are no clothes near the town of Nowe.
_QUALITIES_OF = {
    "pl": "nowe nowy nowa nową nowego nowych stare stary stara starą dobre dobry dobra dobrą ciepłe ciepły ciepła "
    "ciepłą małe mały mała małą duże duży duża dużą suche sucha białe biała czyste czysta świeże świeża wysokie wysoka",
    "uk": "нові новий нова нове нову теплі теплий тепла теплу добрий добра",
    "en": "new warm good",
    "de": "neue neuer neues warme",
    "ro": "noi nou nouă calde caldă",
    "ru": "новые новый новая новое новую тёплые тёплая",
}
_QUALITIES = frozenset(fold_name(word) for words in _QUALITIES_OF.values() for word in words.split())

#: A word with its apostrophes.
_WORD = re.compile(r"[\w'’ʼ]+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """Folded words as they were typed, which may tell two apart; empty where one does not stand by itself there."""

    of: Mapping[str, str]

    def __call__(self, words: Sequence[str]) -> str:
        """The words as they were typed."""
        return " ".join(self.of.get(word, word) for word in words)


def spelling_of(words: Sequence[str], typed: str) -> Spelling:
    """How folded words stand in the text that they are of."""
    as_typed = _WORD.findall(typed)
    same = [fold_name(word) for word in as_typed] == list(words)
    return Spelling(dict(zip(words, as_typed, strict=True)) if same else {})


def named_help(typed: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The codes of the help that the words, all of them together, are a name of; empty when they are none."""
    words = fold_name(typed).split()
    return codes_of(named(words, spelling_of(words, typed), vocabulary)) if len(words) <= MOST_WORDS else ()


def codes_of(matches: Sequence[Match]) -> tuple[str, ...]:
    """The codes of what was named."""
    return tuple(sorted(match.code for match in matches))


def named(words: Sequence[str], spelt: Spelling, vocabulary: Vocabulary) -> list[Match]:
    """The services and groups that all of the words together name, the best first."""
    return find_named(spelt(words), vocabulary)[:MOST_NAMED] if words else []


def named_among(words: list[str], spelt: Spelling, vocabulary: Vocabulary) -> list[Match]:
    """The help that the words name without those at the ends that say nothing, as few of these left out as can be.

    In "I want to find my family" they are a part of the name.
    """
    first = next((at for at, word in enumerate(words) if word not in STOPWORDS), len(words))
    for start in range(first + 1):
        rest = words[start:]
        while rest:
            if services := named(rest, spelt, vocabulary):
                return services
            if rest[-1] not in STOPWORDS:
                break
            rest = rest[:-1]
    return []


def telling(words: list[str], nothing: AbstractSet[str] = STOPWORDS) -> list[str]:
    """The words without those at the ends that say nothing."""
    while words and words[-1] in nothing:
        words = words[:-1]
    while words and words[0] in nothing:
        words = words[1:]
    return words


def without_joints(words: list[str]) -> list[str]:
    """The words without a preposition at either end."""
    return telling(words, BETWEEN)


def without_qualities(words: list[str], spelt: Spelling, vocabulary: Vocabulary) -> list[str]:
    """The words without those that say of the help behind them what it is like."""

    def is_quality(at: int) -> bool:
        if words[at] not in _QUALITIES:
            return False
        following = (words[at + 1 : end] for end in range(at + 2, len(words) + 1))
        return any(named(behind, spelt, vocabulary) for behind in following)

    return [word for at, word in enumerate(words) if not is_quality(at)]


def without_conditions(words: list[str], *, of_more: bool = False) -> tuple[list[str], set[tuple[str, str]]]:
    """The words that are left, and the conditions that the others say, the longest phrases first.

    All of the words are none, unless they are `of_more`: whoever types only "women" looks for that word.
    """
    known = everyday_words()
    rest, found = list(words), set()
    for length in range(known.longest_condition, 0, -1):
        at = 0
        while at + length <= len(rest):
            condition = known.conditions.get(" ".join(rest[at : at + length]))
            if condition is None or (length == len(words) and not of_more):
                at += 1
                continue
            found.add(condition)
            del rest[at : at + length]
    return rest, found


def parts(words: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The words as help and a place, the longest names of places first."""
    for length in range(min(MOST_PLACE_WORDS, len(words) - 1), 0, -1):
        yield words[:-length], words[-length:]
        yield words[length:], words[:length]


def runs(words: list[str]) -> Iterator[tuple[int, int]]:
    """Every part of the words, by where it begins and ends, that neither begins nor ends with one that says nothing."""
    for first, word in enumerate(words):
        if word not in STOPWORDS:
            for last in range(first + 1, min(len(words), first + MOST_WORDS) + 1):
                if words[last - 1] not in STOPWORDS:
                    yield first, last


def behind_in(help_words: list[str], place_words: list[str]) -> tuple[str, ...]:
    """What a town may be called that stands behind "in", in any order with the help: `apteka w Kielcach`."""
    if place_words[0] in BETWEEN:
        place = " ".join(place_words[1:])
        return (place, *nominatives(place)) if place else ()
    return nominatives(" ".join(place_words)) if help_words[-1:] and help_words[-1] in BETWEEN else ()
