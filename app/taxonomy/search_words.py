"""From what people type to services and groups, in all six languages at once."""

import enum
import functools
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.taxonomy.terms import Service, ServiceGroup
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary
from geo.names import fold_name, trigrams

#: Longer text is no name of a service; its beginning is enough to see that.
LONGEST_QUERY = 100
#: Words looked at one by one, when the whole text is none of ours.
MOST_TOKENS = 6
#: Shorter beginnings fit nearly everything, shorter typing errors cannot be told from other words.
SHORTEST_PREFIX = 2
SHORTEST_SIMILAR = 4
#: Share of common trigrams, as in pg_trgm; lower finds more and worse.
SIMILAR = 0.42

#: Joints inside our names: "Ubrania i buty" is found by "buty" as by a whole word.
_JOINTS = frozenset(("i", "та", "і", "й", "and", "or", "und", "și", "или", "и", "або", "lub", "чи"))


class Fit(enum.IntEnum):
    """How well a word fits, best first."""

    EXACT = 0
    PREFIX = 1
    SIMILAR = 2


@dataclass(frozen=True, slots=True)
class Match:
    """A service or group that a text means.

    `kind` is `service` or `group`; `word` is our word that fitted, for logs and tests and not for
    people; `score` orders matches of one fit, higher is better.
    """

    kind: str
    code: str
    fit: Fit
    score: float
    word: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a search word leads to. `weight`: 1 for a name, less for a part of a name and for a synonym."""

    kind: str
    code: str
    order: int
    weight: float
    word: str


def find_services(text: str, limit: int = 8, vocabulary: Vocabulary | None = None) -> list[Match]:
    """The services and groups that a text means, best first: exact words, then beginnings, then similar words.

    The whole text is tried first, then its words one by one, so that "dentysta Kraków" finds dentists.
    An empty list says that the text names no help; it may still name a place or an organisation.
    """
    words = _index(vocabulary or load_vocabulary())
    folded = fold_name(text[:LONGEST_QUERY])
    if not folded:
        return []
    found = _best(words.matches(folded))
    tokens = folded.split()
    if len(tokens) > 1 and not any(match.fit < Fit.SIMILAR for match in found):
        found = _by_tokens(words, tokens) or found
    return sorted(found, key=lambda match: (match.fit, -match.score))[:limit]


def _by_tokens(words: "_WordIndex", tokens: list[str]) -> list[Match]:
    """Matches of single words; those that several words mean stand before others of the same fit."""
    hits: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for token in tokens[:MOST_TOKENS]:
        for match in _best(words.matches(token)):
            hits[match.kind, match.code].append(match)
    merged = []
    for matches in hits.values():
        first = min(matches, key=lambda match: (match.fit, -match.score))
        score = first.score + len(matches) - 1
        merged.append(Match(first.kind, first.code, first.fit, score, first.word))
    return merged


def _best(matches: Iterable[Match]) -> list[Match]:
    """Of several matches of one term, the best."""
    best: dict[tuple[str, str], Match] = {}
    for match in matches:
        key = match.kind, match.code
        other = best.get(key)
        if other is None or (match.fit, -match.score) < (other.fit, -other.score):
            best[key] = match
    return list(best.values())


class _WordIndex:
    """Folded words → terms; sorted beginnings; trigrams."""

    def __init__(self, entries: Iterable[_Entry]) -> None:
        self.by_word: dict[str, list[_Entry]] = defaultdict(list)
        for entry in entries:
            folded = fold_name(entry.word)
            if folded:
                self.by_word[folded].append(entry)
        # A phrase is found by the beginning of any of its words: "do dentysty" by "dentys".
        self.starts = sorted({pair for word in self.by_word for pair in _starts(word)})
        self.words = list(self.by_word)
        self.sizes = [len(trigrams(word)) for word in self.words]
        self.by_trigram: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self.words):
            for trigram in trigrams(word):
                self.by_trigram[trigram].append(number)

    def matches(self, text: str) -> Iterator[Match]:
        """Matches of one folded text: similar words only where nothing fits better."""
        yield from self._matches_of(text, Fit.EXACT, 1.0)
        found = text in self.by_word
        if len(text) >= SHORTEST_PREFIX:
            for word in self._beginning_with(text):
                found = True
                yield from self._matches_of(word, Fit.PREFIX, len(text) / len(word))
        if not found and len(text) >= SHORTEST_SIMILAR:
            for word, similarity in self._similar_to(text):
                yield from self._matches_of(word, Fit.SIMILAR, similarity)

    def _matches_of(self, word: str, fit: Fit, nearness: float) -> Iterator[Match]:
        for entry in self.by_word.get(word, ()):
            # The order of the vocabulary decides between equals.
            score = nearness * entry.weight - entry.order * 1e-5
            yield Match(entry.kind, entry.code, fit, score, entry.word)

    def _beginning_with(self, text: str) -> set[str]:
        found = set()
        for start, word in self.starts[bisect_left(self.starts, (text, "")) :]:
            if not start.startswith(text):
                break
            if word != text:
                found.add(word)
        return found

    def _similar_to(self, text: str) -> Iterator[tuple[str, float]]:
        wanted = trigrams(text)
        common = Counter(number for trigram in wanted for number in self.by_trigram.get(trigram, ()))
        for number, shared in common.items():
            similarity = shared / (len(wanted) + self.sizes[number] - shared)
            if similarity >= SIMILAR:
                yield self.words[number], similarity


@functools.cache
def _index(vocabulary: Vocabulary) -> _WordIndex:
    terms: tuple[ServiceGroup | Service, ...] = (*vocabulary.groups.values(), *vocabulary.services.values())
    return _WordIndex(
        entry for order, term in enumerate(terms) if not term.retired for entry in _entries(term, order)
    )


def _entries(term: ServiceGroup | Service, order: int) -> Iterator[_Entry]:
    for name in term.names.values():
        yield _Entry(term.kind, term.code, order, 1.0, name)
        for part in _parts(name):
            yield _Entry(term.kind, term.code, order, 0.9, part)
    if isinstance(term, Service):
        for synonyms in term.synonyms.values():
            for word in synonyms:
                yield _Entry(term.kind, term.code, order, 0.95, word)


def _parts(name: str) -> Iterator[str]:
    """The parts of a name between commas and joints, when there are several."""
    part: list[str] = []
    parts = []
    for word in name.replace(",", " , ").split():
        if word == "," or word in _JOINTS:
            parts.append(" ".join(part))
            part = []
        else:
            part.append(word)
    parts.append(" ".join(part))
    if len(parts) > 1:
        yield from filter(None, parts)


def _starts(word: str) -> Iterator[tuple[str, str]]:
    """The phrase from each of its words on, with the phrase."""
    yield word, word
    for at, sign in enumerate(word):
        if sign == " ":
            yield word[at + 1 :], word
