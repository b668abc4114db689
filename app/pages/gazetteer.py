"""Places by name for the finder: what is meant where somebody types a town, and the box that shows it."""

import math
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from app.areas.place_search import PlaceHit, find_places
from app.db import Executor
from app.taxonomy.search_words import Fit, find_services
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import BBox, Position
from geo.distance import METRES_PER_DEGREE
from geo.names import fold_name

#: Words of a town's name that may stand behind or before the help that is looked for.
MOST_PLACE_WORDS = 3
MOST_WORDS = 6
#: From so many people on, a name is the town's rather than that of a help point.
KNOWN_TOWN = 1000
#: How far a list looks, in metres from the middle, by the number of people; villages have the way to the next town.
_REACH_M = ((500_000, 12_000), (100_000, 8_000), (20_000, 6_000), (0, 8_000))
_BETWEEN = frozenset(
    ("w", "we", "in", "im", "у", "в", "din", "la", "at", "near", "kolo", "bei", "біля", "возле")
)


@dataclass(frozen=True, slots=True)
class Town:
    """A place of the gazetteer that a question is about. `area_codes` are of the units it lies in."""

    id: str
    name: str
    names: dict[str, str]
    position: Position
    population: int
    area_codes: tuple[str, ...]

    def name_in(self, language: str) -> str:
        """Its name for a reader of a language."""
        return self.names.get(language, self.name)

    @property
    def box(self) -> BBox:
        """What belongs to it for somebody who is looking for help there."""
        return box_around(self.position, self._reach_m)

    @property
    def view(self) -> BBox:
        """What a map shows of it first: the middle, where single places can be told apart."""
        return box_around(self.position, self._reach_m / 2)

    @property
    def _reach_m(self) -> int:
        return next(reach for people, reach in _REACH_M if self.population >= people)


def box_around(position: Position, reach_m: float) -> BBox:
    """The box that reaches so far in each direction."""
    lng, lat = position
    up = reach_m / METRES_PER_DEGREE
    aside = up / math.cos(math.radians(min(abs(lat), 85.0)))
    return BBox(
        round(max(-180.0, lng - aside), 4),
        round(max(-90.0, lat - up), 4),
        round(min(180.0, lng + aside), 4),
        round(min(90.0, lat + up), 4),
    )


@dataclass(frozen=True, slots=True)
class Understood:
    """What typed words are taken for: a place, and the services named beside it."""

    place: str
    services: tuple[str, ...] = ()


async def understand(
    connection: Executor, typed: str, vocabulary: Vocabulary, countries: tuple[str, ...]
) -> Understood | None:
    """Give the place that the words name, with or without help in front of it or behind; None when they name none.

    `Kielce` is a place, `dentysta Kielce` help in a place; `jedzenie` is no place although some village may
    have that name, because help is what people come for.
    """
    words = fold_name(typed).split()
    if not words or len(words) > MOST_WORDS:
        return None
    if any(
        match.fit is Fit.EXACT and match.words == len(words) for match in find_services(typed, 3, vocabulary)
    ):
        return None
    town = await _town(connection, words, countries)
    if town is not None:
        return Understood(town.id)
    for length in range(min(MOST_PLACE_WORDS, len(words) - 1), 0, -1):
        for help_words, place_words in (
            (words[:-length], words[-length:]),
            (words[length:], words[:length]),
        ):
            services = _services(_without_joints(help_words), vocabulary)
            if not services:
                continue
            town = await _town(connection, place_words, countries)
            if town is not None:
                return Understood(town.id, services)
    return None


def _services(words: list[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Codes that all of the words together name."""
    if not words:
        return ()
    exact = [
        m
        for m in find_services(" ".join(words), 4, vocabulary)
        if m.fit is Fit.EXACT and m.words == len(words)
    ]
    return tuple(sorted(match.code for match in exact))


def _without_joints(words: list[str]) -> list[str]:
    """The words without a preposition at either end."""
    while words and words[-1] in _BETWEEN:
        words = words[:-1]
    while words and words[0] in _BETWEEN:
        words = words[1:]
    return words


async def _town(connection: Executor, words: list[str], countries: tuple[str, ...]) -> PlaceHit | None:
    hits = await find_places(connection, " ".join(words), limit=1, countries=countries)
    if not hits or hits[0].match != "exact" or hits[0].population < KNOWN_TOWN:
        return None
    return hits[0]


async def town(connection: Executor, place_id: str) -> Town | None:
    """Give the place with this id; None when there is none."""
    row = (
        await connection.execute(
            text(
                "SELECT id, name, names, lng, lat, population, admin1, area_codes"
                " FROM published.place WHERE id = :id"
            ),
            {"id": place_id},
        )
    ).one_or_none()
    return None if row is None else _known(row)


def _known(row: Row[Any]) -> Town:
    codes = tuple(row.area_codes) or ((row.admin1,) if row.admin1 else ())
    return Town(row.id, row.name, dict(row.names), Position(row.lng, row.lat), row.population, codes)


async def towns_around(connection: Executor, position: Position, *, limit: int = 40) -> list[Town]:
    """Give the nearest towns of the gazetteer from which people would tell the way."""
    rows = await connection.execute(
        text(
            "SELECT id, name, names, lng, lat, population, admin1, area_codes FROM published.place"
            " WHERE kind = 'settlement' AND population >= :known"
            " ORDER BY geom <-> ST_SetSRID(ST_MakePoint(:lng, :lat), 4326), id LIMIT :limit"
        ),
        {"known": KNOWN_TOWN, "lng": position.lng, "lat": position.lat, "limit": limit},
    )
    return [_known(row) for row in rows]
