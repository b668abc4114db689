"""Help and a place in one line of words: `dentysta Kielce`, `їжа Краків`, `Kraków nocleg`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from app.areas.place_search import PlaceHit, PlacesAsked, ask_places, find_places
from app.db import Database, Executor, Question
from app.taxonomy.everyday_words import everyday_words
from app.taxonomy.search_words import GENERAL, STOPWORDS, Match, find_named
from app.taxonomy.vocabulary import Vocabulary
from geo.locatives import nominatives
from geo.names import fold_name

#: Words of a town's name that may stand behind or before the help that is looked for.
MOST_PLACE_WORDS = 3
MOST_WORDS = 6
#: A sentence has more of them.
MOST_WORDS_SAID = 10
#: So long is a beginning of a town's name that is taken for it, and so large the town.
SHORTEST_BEGUN, LARGE_TOWN = 3, 20_000
#: A shorter word is written like too many towns.
SHORTEST_MISSPELT = 5
#: Letters too many or too few.
MOST_LETTERS_OFF = 2
#: One word may be a name of so many services and groups.
MOST_NAMED = 4
#: From so many people on, a name is the town's rather than that of a help point.
KNOWN_TOWN = 1000
_BETWEEN = frozenset(
    ("w", "we", "in", "im", "у", "в", "din", "la", "at", "near", "kolo", "bei", "біля", "возле")
)


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
    beside: str = ""
    unread: str = ""
    town_words: tuple[str, ...] = ()

    @property
    def conditions(self) -> bool:
        """Whether more was said than what and where."""
        return bool(self.audiences or self.access or self.languages or self.open_now)


async def understand(
    reader: Database | Executor, typed: str, vocabulary: Vocabulary, countries: tuple[str, ...]
) -> Understood | None:
    """Give what the words name: a place, help in front of it or behind, for whom, on which terms; None when they name none.

    `Kielce` is a place, `dentysta Kielce` help in a place; `jedzenie` is no place although some village may
    have that name, because help is what people come for. Of a sentence every word has to be understood, but for those
    that say nothing: `gdzie zjeść w Krakowie`, `їжа для дітей Варшава`, `food open now`.
    """
    words = fold_name(typed).split()
    spelt = _spelling_of(words, typed)
    if not words or len(words) > MOST_WORDS_SAID or _named(words, spelt, vocabulary):
        return None
    plain = _without_qualities(words, spelt, vocabulary)
    if plain != words:
        words = plain
        if services := _named(words, spelt, vocabulary):
            return Understood(services=_codes(services))
    if len(words) <= MOST_WORDS and (
        found := await _help_in_town(reader, words, spelt, vocabulary, countries)
    ):
        return found
    said = await _said(reader, words, spelt, vocabulary, countries)
    if said is None:
        said = await _gist(reader, words, spelt, vocabulary, countries)
    if said is None:
        return None
    beside = [spelt.get(word, word) for word in words if word not in said.town_words]
    return replace(said, beside=" ".join(beside))


async def _help_in_town(
    reader: Database | Executor,
    words: list[str],
    spelt: Mapping[str, str],
    vocabulary: Vocabulary,
    countries: tuple[str, ...],
) -> Understood | None:
    """A place, or help and a place, and no other word."""
    town = await _town(reader, words, countries, _behind_in([], words))
    if town is not None:
        return Understood(town.id)
    for help_words, place_words in _parts(words):
        services = _named(_without_joints(help_words), spelt, vocabulary)
        if not services:
            continue
        town = await _town(reader, place_words, countries, _behind_in(help_words, place_words))
        if town is not None:
            return Understood(town.id, tuple(sorted(match.code for match in services)))
    return None


async def _said(
    reader: Database | Executor,
    words: list[str],
    spelt: Mapping[str, str],
    vocabulary: Vocabulary,
    countries: tuple[str, ...],
) -> Understood | None:
    """What a sentence says, all of whose words are help, a town, for whom, on which terms, or nothing.

    For whom may be a part of the name of help: "приют для женщин" is no shelter for everybody that welcomes women.
    """
    if found := await _help_and_town(reader, words, Understood(), spelt, vocabulary, countries):
        return found
    rest, conditions = _without_conditions(words)
    if not conditions:
        return None
    said = _under(conditions)
    rest = _telling(rest, STOPWORDS | GENERAL)
    if not rest:
        return said
    if found := await _help_and_town(reader, rest, said, spelt, vocabulary, countries):
        return found
    town = await _town(reader, _without_joints(rest), countries, _behind_in([], rest))
    return None if town is None else replace(said, place=town.id, town_words=tuple(rest))


def _under(conditions: AbstractSet[tuple[str, str]]) -> Understood:
    """What the conditions say: their kinds and codes."""

    def codes(wanted: str) -> tuple[str, ...]:
        return tuple(sorted(code for kind, code in conditions if kind == wanted))

    return Understood(
        audiences=codes("audience"),
        access=codes("access"),
        languages=codes("language"),
        open_now=("open", "now") in conditions,
    )


async def _gist(
    reader: Database | Executor,
    words: list[str],
    spelt: Mapping[str, str],
    vocabulary: Vocabulary,
    countries: tuple[str, ...],
) -> Understood | None:
    """Help and a town in a sentence that has other words, too: `jedzenie w sobotę Warszawa`; None without both.

    The town stands behind "in", or at an end; a large one may be misspelt. What is not understood is told, not forgotten.
    """
    rest, conditions = _without_conditions(words)
    ways = list(_where_towns_stand(rest))
    for (start, end), misspelt in ((way, misspelt) for misspelt in (False, True) for way in ways):
        behind_in = start > 0 and rest[start - 1] in _BETWEEN
        name = rest[start:end]
        if _named_among(name, spelt, vocabulary):
            continue
        also = nominatives(" ".join(name)) if behind_in else ()
        town = await _town(reader, name, countries, also, misspelt=misspelt)
        if town is None:
            continue
        others = [rest[: start - behind_in], rest[end:]]
        runs = [
            (run, part)
            for part, of in enumerate(others)
            for run in _runs(of)
            if _named_among(of[run[0] : run[1]], spelt, vocabulary)
        ]
        if not runs:
            continue
        (first, last), part = max(runs, key=lambda found: found[0][1] - found[0][0])
        services = _named_among(others[part][first:last], spelt, vocabulary)
        others[part] = others[part][:first] + others[part][last:]
        nothing = STOPWORDS | GENERAL | _BETWEEN
        unread = [spelt.get(word, word) for of in others for word in of if word not in nothing]
        return replace(
            _under(conditions),
            place=town.id,
            services=_codes(services),
            town_words=tuple(name),
            unread=" ".join(unread),
        )
    return None


def _where_towns_stand(words: list[str]) -> Iterator[tuple[int, int]]:
    """Where a name of a town may begin and end, the likeliest first: behind "in", at the end, at the beginning."""
    size = len(words)
    behind = [at + 1 for at, word in enumerate(words) if word in _BETWEEN and at + 1 < size]
    places = [(at, at + length) for at in behind for length in (2, 1) if at + length <= size]
    places += [(size - 2, size), (size - 1, size), (0, 1)] if size > 2 else [(size - 1, size), (0, 1)]
    yield from dict.fromkeys(place for place in places if place[0] >= 0)


def _runs(words: list[str]) -> Iterator[tuple[int, int]]:
    """Every part of the words, by where it begins and ends, that neither begins nor ends with one that says nothing."""
    for first, word in enumerate(words):
        if word not in STOPWORDS:
            for last in range(first + 1, min(len(words), first + MOST_WORDS) + 1):
                if words[last - 1] not in STOPWORDS:
                    yield first, last


async def _help_and_town(
    reader: Database | Executor,
    words: list[str],
    said: Understood,
    spelt: Mapping[str, str],
    vocabulary: Vocabulary,
    countries: tuple[str, ...],
) -> Understood | None:
    """Help that all telling words name, alone or beside a town; what was said besides stays."""
    if services := _named_among(words, spelt, vocabulary):
        return replace(said, services=_codes(services))
    for help_words, place_words in _parts(words):
        services = _named_among(help_words, spelt, vocabulary)
        if not services and _telling(help_words):
            continue
        also = _behind_in(help_words, place_words)
        town = await _town(reader, _without_joints(place_words), countries, also, begun=bool(services))
        if town is not None and (services or said.conditions or also or _is_all(words, place_words)):
            return replace(
                said, place=town.id, services=_codes(services), town_words=tuple(_without_joints(place_words))
            )
    return None


def _is_all(words: list[str], place: list[str]) -> bool:
    """Whether beside the place nothing stands but what says nothing."""
    return not [word for word in _telling(words) if word not in place]


def _without_conditions(words: list[str]) -> tuple[list[str], set[tuple[str, str]]]:
    """The words that are left, and the conditions that the others say, the longest phrases first."""
    known = everyday_words()
    rest, found = list(words), set()
    for length in range(known.longest_condition, 0, -1):
        at = 0
        while at + length <= len(rest):
            condition = known.conditions.get(" ".join(rest[at : at + length]))
            if condition is None or length == len(words):
                at += 1
                continue
            found.add(condition)
            del rest[at : at + length]
    return rest, found


def _telling(words: list[str], nothing: AbstractSet[str] = STOPWORDS) -> list[str]:
    """The words without those at the ends that say nothing."""
    while words and words[-1] in nothing:
        words = words[:-1]
    while words and words[0] in nothing:
        words = words[1:]
    return words


def _named_among(words: list[str], spelt: Mapping[str, str], vocabulary: Vocabulary) -> list[Match]:
    """The help that the words name without those at the ends that say nothing, as few of these left out as can be.

    In "I want to find my family" they are a part of the name.
    """
    first = next((at for at, word in enumerate(words) if word not in STOPWORDS), len(words))
    for start in range(first + 1):
        rest = words[start:]
        while rest:
            if services := _named(rest, spelt, vocabulary):
                return services
            if rest[-1] not in STOPWORDS:
                break
            rest = rest[:-1]
    return []


def _codes(matches: Sequence[Match]) -> tuple[str, ...]:
    return tuple(sorted(match.code for match in matches))


def named_help(typed: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The codes of the help that the words, all of them together, are a name of; empty when they are none."""
    words = fold_name(typed).split()
    if len(words) > MOST_WORDS:
        return ()
    return tuple(sorted(match.code for match in _named(words, _spelling_of(words, typed), vocabulary)))


@dataclass(frozen=True, slots=True)
class TogetherAsked:
    """Ways to read words as help and a place, the likeliest first, each with a question for the place."""

    ways: tuple[tuple[Match, PlacesAsked], ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """One for each way."""
        return tuple(asked.question for _, asked in self.ways)

    def found(self, answers: Sequence[bytes]) -> list[tuple[Match, PlaceHit]]:
        """Help in places, by the first way that gives any."""
        for (match, asked), answer in zip(self.ways, answers, strict=True):
            hits = [(match, hit) for hit in asked.hits(answer) if hit.population >= KNOWN_TOWN]
            if hits:
                return hits
        return []


def ask_together(
    typed: str, vocabulary: Vocabulary, countries: tuple[str, ...], *, limit: int
) -> TogetherAsked:
    """Ask for help in places that the words name or begin to: `dentysta Kiel` is a dentist in Kielce."""
    words = fold_name(typed).split()
    spelt = _spelling_of(words, typed)
    words = _without_qualities(words, spelt, vocabulary)
    if not 1 < len(words) <= MOST_WORDS or _named(words, spelt, vocabulary):
        return TogetherAsked(())
    ways = []
    for help_words, place_words in _parts(words):
        services = _named(_without_joints(help_words), spelt, vocabulary)
        if not services:
            continue
        asked = ask_places(
            " ".join(place_words),
            limit=limit,
            countries=countries,
            misspelt=False,
            also=_behind_in(help_words, place_words),
        )
        if asked is not None:
            ways.append((services[0], asked))
    return TogetherAsked(tuple(ways))


def _parts(words: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The words as help and a place, the longest names of places first."""
    for length in range(min(MOST_PLACE_WORDS, len(words) - 1), 0, -1):
        yield words[:-length], words[-length:]
        yield words[length:], words[:length]


def _spelling_of(words: list[str], typed: str) -> Mapping[str, str]:
    """Each folded word as it was typed, which may tell two apart; empty where it does not stand by itself there."""
    as_typed = _WORD.findall(typed)
    return dict(zip(words, as_typed, strict=True)) if [fold_name(word) for word in as_typed] == words else {}


def _named(words: list[str], spelt: Mapping[str, str], vocabulary: Vocabulary) -> list[Match]:
    """The services and groups that all of the words together name, the best first."""
    if not words:
        return []
    return find_named(" ".join(spelt.get(word, word) for word in words), vocabulary)[:MOST_NAMED]


def _without_joints(words: list[str]) -> list[str]:
    """The words without a preposition at either end."""
    while words and words[-1] in _BETWEEN:
        words = words[:-1]
    while words and words[0] in _BETWEEN:
        words = words[1:]
    return words


def _without_qualities(words: list[str], spelt: Mapping[str, str], vocabulary: Vocabulary) -> list[str]:
    """The words without those that say of the help behind them what it is like."""

    def is_quality(at: int) -> bool:
        if words[at] not in _QUALITIES:
            return False
        following = (words[at + 1 : end] for end in range(at + 2, len(words) + 1))
        return any(_named(named, spelt, vocabulary) for named in following)

    return [word for at, word in enumerate(words) if not is_quality(at)]


def _behind_in(help_words: list[str], place_words: list[str]) -> tuple[str, ...]:
    """What a town may be called that stands behind "in", in any order with the help: `apteka w Kielcach`."""
    if place_words[0] in _BETWEEN:
        place = " ".join(place_words[1:])
        return (place, *nominatives(place)) if place else ()
    return nominatives(" ".join(place_words)) if help_words[-1:] and help_words[-1] in _BETWEEN else ()


def _is_as_long(typed: str, hit: PlaceHit) -> bool:
    """Whether a name of the town is about as long: else some of the words are other ones."""
    names = (hit.name, *hit.names.values())
    return any(abs(len(fold_name(name)) - len(typed)) <= MOST_LETTERS_OFF for name in names)


async def _town(
    reader: Database | Executor,
    words: list[str],
    countries: tuple[str, ...],
    also: tuple[str, ...],
    *,
    begun: bool = False,
    misspelt: bool = False,
) -> PlaceHit | None:
    """The town that the words name, or with `begun` begin to; with `misspelt` a large one that is written like them."""
    typed = " ".join(words)
    if not typed:
        return None
    hits = await find_places(reader, typed, limit=1, countries=countries, also=also)
    if not hits:
        return None
    hit = hits[0]
    if hit.match == "exact":
        return hit if hit.population >= KNOWN_TOWN else None
    if misspelt and len(typed) >= SHORTEST_MISSPELT and _is_as_long(typed, hit):
        return hit if hit.population >= LARGE_TOWN else None
    is_begun = begun and hit.match == "prefix" and len(typed) >= SHORTEST_BEGUN
    return hit if is_begun and hit.population >= LARGE_TOWN else None
