"""Places by name for the finder: what is meant where somebody types a town, and the box that shows it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from app.areas.towns_named import KNOWN_TOWN
from app.db import Executor
from geo.bbox import BBox, Position, box_around

#: How far a list looks, in metres from the middle, by the number of people; villages have the way to the next town.
_REACH_M = ((500_000, 12_000), (100_000, 8_000), (20_000, 6_000), (0, 8_000))


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
