"""From what people type to services and groups, in all six languages at once."""

import enum
import functools
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from app.taxonomy.everyday_words import everyday_words
from app.taxonomy.terms import Service, ServiceGroup
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary
from geo.names import edits_within, fold_name, trigrams

#: Longer text is no name of a service; its beginning is enough to see that.
LONGEST_QUERY = 100
#: Words of a sentence that are looked at.
MOST_TOKENS = 6
#: Shorter beginnings fit nearly everything, shorter typing errors cannot be told from other words.
SHORTEST_PREFIX = 2
SHORTEST_PREFIX_IN_SENTENCE = 4
SHORTEST_SIMILAR = 4
#: Share of common trigrams, as in pg_trgm; lower finds more and worse.
SIMILAR = 0.42
#: Of longer words a wrong letter leaves enough trigrams. So near is a word with one slip to the right one.
LONGEST_ONE_SLIP = 10
ONE_SLIP = 0.8

#: Words of a sentence that name no help, by language; folded before use.
_STOPWORDS_OF = {
    "pl": "a albo bez blisko czy dla do gdzie i jak jest który ma mam mi mnie mogę na nie o od po pobliżu "
    "potrzebuję proszę przy są się szukam u w z za ze",
    "uk": "а але без біля в від де для до є з за знайти й і к мені можна можу на не по поруч потрібен потрібна "
    "потрібно та у хочу шукаю як",
    "en": "a an and any are at can could find for from get help i in is me my near need of on or the to want "
    "where with",
    "de": "am auf bei brauche das der die ein eine für ich im in ist kann mit oder suche und von wo zu",
    "ro": "aici am caut cu de din este eu în la lângă lui mi nevoie o pe pentru pot sau și un unde vreau",
    "ru": "а без в где для за и как мне могу можно на найти нет нужен нужна нужно от по рядом с у хочу ищу",
}
STOPWORDS = frozenset(fold_name(word) for words in _STOPWORDS_OF.values() for word in words.split())
#: What all of them are about: beside another word it names no help of its own, as in "pomoc prawna".
GENERAL = frozenset(
    fold_name(word)
    for word in [
        "pomoc",
        "pomocy",
        "допомога",
        "допомоги",
        "допомогу",
        "help",
        "aid",
        "care",
        "hilfe",
        "ajutor",
        "помощь",
        "помощи",
        "opieka",
    ]
)
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

    `kind` is `service` or `group`; `words` is how many words of the text it stands on; `score` orders
    matches of one fit, higher is better; `word` is our search word, for logs and tests, not for people.
    """

    kind: str
    code: str
    words: int
    fit: Fit
    score: float
    word: str

    @property
    def rank(self) -> tuple[int, Fit, float]:
        """Smaller is better: more words of the text before the better fit, that before the score."""
        return -self.words, self.fit, -self.score


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a search word of a language leads to. `weight`: 1 for a name, less for a part of a name and for a synonym."""

    kind: str
    code: str
    order: int
    weight: float
    word: str
    language: str


def find_services(text: str, limit: int = 8, vocabulary: Vocabulary | None = None) -> list[Match]:
    """The services and groups that a text means, best first: exact words, then beginnings, then similar words.

    Where the whole text is none of our words, its phrases and words are looked at, longest first, so that
    "dentysta Kraków" finds dentists. An empty list says that the text names no help; it may still name a
    place or an organisation.
    """
    words = _index(vocabulary or load_vocabulary())
    folded = fold_name(text[:LONGEST_QUERY])
    tokens = folded.split()
    found = list(words.exact(folded, len(tokens), spelt=text))
    if len(folded) >= SHORTEST_PREFIX:
        found += words.beginning_with(folded, len(tokens))
    if not found and len(tokens) > 1:
        found = list(_of_phrases(words, tokens[:MOST_TOKENS]))
    if not found:
        telling = [token for token in tokens[:MOST_TOKENS] if token not in STOPWORDS]
        found = [match for part in {folded, *telling} for match in words.similar_to(part)]
    return _best(found)[:limit]


def find_named(text: str, vocabulary: Vocabulary | None = None) -> list[Match]:
    """The services and groups that a whole text names, best first; what it only begins is not among them."""
    folded = fold_name(text[:LONGEST_QUERY])
    return _best(_index(vocabulary or load_vocabulary()).exact(folded, len(folded.split()), spelt=text))


def search_words(vocabulary: Vocabulary) -> Iterator[str]:
    """All words that name a service or group, as they are written, in all languages."""
    for entries in _index(vocabulary).by_word.values():
        yield from dict.fromkeys(entry.word for entry in entries)


def _of_phrases(words: "_WordIndex", tokens: list[str]) -> Iterator[Match]:
    """Matches of all runs of words in a sentence, the whole of it left out."""
    for length in range(len(tokens) - 1, 0, -1):
        for start in range(len(tokens) - length + 1):
            run = tokens[start : start + length]
            if run[0] in STOPWORDS or run[-1] in STOPWORDS or (length == 1 and run[0] in GENERAL):
                continue
            phrase = " ".join(run)
            yield from words.exact(phrase, length)
            if len(phrase) >= SHORTEST_PREFIX_IN_SENTENCE:
                yield from words.beginning_with(phrase, length)


def _best(matches: Iterable[Match]) -> list[Match]:
    """The best match of each term, best first."""
    best: dict[tuple[str, str], Match] = {}
    for match in sorted(matches, key=lambda match: match.rank):
        best.setdefault((match.kind, match.code), match)
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
        self.one_less: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            if SHORTEST_SIMILAR <= len(word) <= LONGEST_ONE_SLIP:
                for less in _one_less(word):
                    self.one_less[less].append(word)
        self.by_trigram: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self.words):
            for trigram in trigrams(word):
                self.by_trigram[trigram].append(number)

    def exact(self, text: str, words: int, *, spelt: str = "") -> Iterator[Match]:
        """What a folded text means as it is; `spelt` as somebody typed it. `words` goes into the matches."""
        entries = self.by_word.get(text, ())
        return _matches(_as_spelt(entries, _spelling(spelt), text), words, Fit.EXACT, 1.0)

    def beginning_with(self, text: str, words: int) -> Iterator[Match]:
        """What the phrases mean of which one word, or more from there on, begins with a folded text."""
        seen = {text}
        for at in range(bisect_left(self.starts, (text, "")), len(self.starts)):
            start, phrase = self.starts[at]
            if not start.startswith(text):
                return
            if phrase not in seen:
                seen.add(phrase)
                yield from _matches(self.by_word[phrase], words, Fit.PREFIX, len(text) / len(phrase))

    # As somebody types, the words before the last are asked for again with every letter.
    @functools.lru_cache(maxsize=1024)  # noqa: B019 - there is one index of each vocabulary, which lives as long
    def similar_to(self, text: str) -> tuple[Match, ...]:
        """What the words mean that look like a folded text: typing errors, and other endings."""
        return tuple(self._similar_to(text)) if len(text) >= SHORTEST_SIMILAR else ()

    def _similar_to(self, text: str) -> Iterator[Match]:
        # Short words with one wrong letter share hardly any trigrams: Artz, їджа, жыльё.
        if len(text) <= LONGEST_ONE_SLIP:
            near = {word for less in (text, *_one_less(text)) for word in self.one_less.get(less, ())}
            near |= {
                less for less in _one_less(text) if len(less) >= SHORTEST_SIMILAR - 1 and less in self.by_word
            }
            for word in near:
                if _is_one_slip(word, text):
                    yield from _matches(self.by_word[word], 1, Fit.SIMILAR, ONE_SLIP)
        wanted = trigrams(text)
        common = Counter(chain.from_iterable(self.by_trigram.get(trigram, ()) for trigram in wanted))
        # Most share a trigram or two, which is too little whatever else they have.
        size, least = len(wanted), SIMILAR * len(wanted)
        for number, shared in [one for one in common.items() if one[1] >= least]:
            similarity = shared / (size + self.sizes[number] - shared)
            if similarity >= SIMILAR:
                yield from _matches(self.by_word[self.words[number]], 1, Fit.SIMILAR, similarity)


def _one_less(word: str) -> Iterator[str]:
    """The word without one of its letters: two words with one slip between them have such a form in common."""
    yield from {word[:at] + word[at + 1 :] for at in range(len(word))}


def _is_one_slip(meant: str, typed: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two have changed places."""
    if edits_within(meant, typed, 1) is not None:
        return True
    differ = [at for at, (a, b) in enumerate(zip(meant, typed, strict=False)) if a != b]
    return (
        len(meant) == len(typed)
        and len(differ) == 2
        and differ[1] == differ[0] + 1
        and meant[differ[0]] == typed[differ[1]]
        and meant[differ[1]] == typed[differ[0]]
    )


def _matches(entries: Iterable[_Entry], words: int, fit: Fit, nearness: float) -> Iterator[Match]:
    for entry in entries:
        # The order of the vocabulary decides between equals.
        score = nearness * entry.weight - entry.order * 1e-5
        yield Match(entry.kind, entry.code, words, fit, score, entry.word)


def _as_spelt(entries: Sequence[_Entry], spelling: str, folded: str) -> Sequence[_Entry]:
    """Without those that are told apart by their diacritics: in Polish "leki" are medicines and "lęki" fears.

    Whoever leaves diacritics out may still mean a word of another language than the one that is spelt without: "sad"
    is English, and what some write for "sąd".
    """
    languages = {entry.language for entry in entries if _spelling(entry.word) == spelling}
    if not languages:
        return entries
    return [
        entry
        for entry in entries
        if _spelling(entry.word) == spelling or (spelling == folded and entry.language not in languages)
    ]


def _spelling(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@functools.lru_cache(maxsize=2)
def _index(vocabulary: Vocabulary) -> _WordIndex:
    terms: tuple[ServiceGroup | Service, ...] = (*vocabulary.groups.values(), *vocabulary.services.values())
    return _WordIndex(
        entry for order, term in enumerate(terms) if not term.retired for entry in _entries(term, order)
    )


def _entries(term: ServiceGroup | Service, order: int) -> Iterator[_Entry]:
    for language, name in term.names.items():
        yield _Entry(term.kind, term.code, order, 1.0, name, language)
        for part in _parts(name):
            yield _Entry(term.kind, term.code, order, 0.9, part, language)
    for language, word in everyday_words().help.get((term.kind, term.code), ()):
        yield _Entry(term.kind, term.code, order, 0.95, word, language)
    if isinstance(term, Service):
        for language, synonyms in term.synonyms.items():
            for word in synonyms:
                yield _Entry(term.kind, term.code, order, 0.95, word, language)


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
