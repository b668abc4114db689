"""Which of several names are those of towns: one question for all of them, one more for those that may be misspelt."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.areas.place_search import PlaceHit, ask_likeliest
from app.db import Database, Executor, ask
from geo.names import fold_name

#: From so many people on, a name is the town's rather than that of a help point.
KNOWN_TOWN: Final = 1000
#: So long is a beginning of a town's name that is taken for it, and so large the town.
SHORTEST_BEGUN, LARGE_TOWN = 3, 20_000
#: A shorter word is written like too many towns.
SHORTEST_MISSPELT: Final = 5
#: Letters too many or too few.
MOST_LETTERS_OFF: Final = 2


@dataclass(frozen=True, slots=True)
class TownAsked:
    """Folded words that may be the name of a town; `also` are other names that it may have.

    With `begun` they may be the beginning of a large one's, with `misspelt` be written like it.
    """

    words: tuple[str, ...]
    also: tuple[str, ...] = ()
    begun: bool = False
    misspelt: bool = False

    @property
    def name(self) -> str:
        """The words in one."""
        return " ".join(self.words)


async def towns_named(
    reader: Database | Executor, asked: Sequence[TownAsked], countries: Collection[str]
) -> Mapping[TownAsked, PlaceHit]:
    """Give the towns that are meant by the names that name one.

    Two questions at most: the second one is asked only where no name is written rightly.
    """
    written = await _likeliest(reader, [one for one in asked if one.name], countries, misspelt=False)
    found = {one: hit for one in asked if (hit := written.get(_key(one))) and _is_meant(one, hit)}
    misspelt = [one for one in asked if one.misspelt and len(one.name) >= SHORTEST_MISSPELT]
    if found or not misspelt:
        return found
    unknown = [one for one in misspelt if _key(one) not in written]
    alike = written | await _likeliest(reader, unknown, countries, misspelt=True)
    return {one: hit for one in misspelt if (hit := alike.get(_key(one))) and _is_meant(one, hit)}


_Key = tuple[str, tuple[str, ...]]


def _key(one: TownAsked) -> _Key:
    return one.name, one.also


async def _likeliest(
    reader: Database | Executor, asked: Sequence[TownAsked], countries: Collection[str], *, misspelt: bool
) -> dict[_Key, PlaceHit]:
    """The likeliest place of each name, all of them by one question."""
    names = list(dict.fromkeys(map(_key, asked)))
    if not names:
        return {}
    likeliest = ask_likeliest(names, countries=countries, misspelt=misspelt)
    return dict(likeliest.hits((await ask(reader, likeliest.question))[0]))


def _is_meant(asked: TownAsked, hit: PlaceHit) -> bool:
    if hit.match == "exact":
        return hit.population >= KNOWN_TOWN
    if asked.misspelt:
        return _is_as_long(asked.name, hit) and hit.population >= LARGE_TOWN
    is_begun = asked.begun and hit.match == "prefix" and len(asked.name) >= SHORTEST_BEGUN
    return is_begun and hit.population >= LARGE_TOWN


def _is_as_long(typed: str, hit: PlaceHit) -> bool:
    """Whether a name of the town is about as long: else some of the words are other ones."""
    names = (hit.name, *hit.names.values())
    return any(abs(len(fold_name(name)) - len(typed)) <= MOST_LETTERS_OFF for name in names)
