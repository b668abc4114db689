"""Somebody who looks for one protected place by halving: of a box they ask about both halves, and go on with the one of which more is said.

Every answer is theirs to use: what is listed, in which order, how many there are, and how long it is.
"""

import math
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import httpx2

from geo.tile import tile_at

#: From the corner of a county to less than a metre: half of them from west to east.
HALVINGS: Final = 34
_METRES: Final = 111_320
_COUNTED: Final = re.compile(r'"(?:numberMatched|count)": ?(\d+)')

Ask = Callable[[str], Awaitable[httpx2.Response]]


@dataclass(frozen=True, slots=True)
class Target:
    """What everybody knows of a protected place."""

    id: str
    name: str
    service: str


@dataclass(frozen=True, slots=True)
class Box:
    """A box in degrees (EPSG:4326)."""

    west: float
    south: float
    east: float
    north: float

    @property
    def centre(self) -> tuple[float, float]:
        """The longitude and latitude in its middle."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2

    @property
    def point(self) -> str:
        """The same as it stands in an address."""
        lng, lat = self.centre
        return f"{lng:.7f},{lat:.7f}"

    @property
    def sides(self) -> str:
        """As it stands in an address."""
        return f"{self.west:.7f},{self.south:.7f},{self.east:.7f},{self.north:.7f}"

    @property
    def ring(self) -> str:
        """Its corners, as an area that somebody has drawn."""
        corners = (
            (self.west, self.south),
            (self.east, self.south),
            (self.east, self.north),
            (self.west, self.north),
        )
        return ";".join(f"{lng:.7f},{lat:.7f}" for lng, lat in corners)

    @property
    def radius_m(self) -> int:
        """How far its corners are from its middle, at most."""
        return math.ceil(math.hypot(self.east - self.west, self.north - self.south) / 2 * _METRES) + 1

    @property
    def tile(self) -> str:
        """The part of an address that names the tile in its middle which is about as large."""
        z = min(20, max(0, round(math.log2(360 / (self.east - self.west)))))
        at = tile_at(*self.centre, z)
        return f"{at.z}/{at.x}/{at.y}"

    def halves(self) -> "tuple[Box, Box]":
        """The two of its longer side."""
        lng, lat = self.centre
        if self.east - self.west >= self.north - self.south:
            return Box(self.west, self.south, lng, self.north), Box(lng, self.south, self.east, self.north)
        return Box(self.west, self.south, self.east, lat), Box(self.west, lat, self.east, self.north)

    def holds(self, lng: float, lat: float) -> bool:
        """Whether a position lies in it, as exactly as positions are published."""
        near = 1e-6
        return self.west - near <= lng <= self.east + near and self.south - near <= lat <= self.north + near


Way = Callable[[Box, Target], str]
_LIST: Final = "/api/v1/layers/aid_points/features.geojson"
_TILES: Final = "/api/v1/tiles/aid_points"
#: Each way to ask about a box, or from its middle, with what makes the answer be about the target.
WAYS: Final[tuple[Way, ...]] = (
    lambda box, one: f"{_LIST}?bbox={box.sides}&q={quote(one.name)}&count=true",
    lambda box, one: f"{_LIST}?bbox={box.sides}&service={one.service}&count=true",
    lambda box, one: f"{_LIST}?within={box.ring}&q={quote(one.name)}&count=true",
    lambda box, one: f"{_LIST}?near={box.point}&radius_m={box.radius_m}&q={quote(one.name)}",
    lambda box, one: f"{_LIST}?near={box.point}&service={one.service}&limit=100",
    lambda box, one: f"{_LIST}?near={box.point}&open_at=arrival&hours=unknown&q={quote(one.name)}",
    lambda box, _: f"{_TILES}/{box.tile}.geojson",
    lambda box, one: f"{_TILES}/{box.tile}.geojson?service={one.service}",
    lambda box, one: f"{_TILES}/{box.tile}.geojson?q={quote(one.name)}",
    lambda box, one: f"/pl/?bbox={box.sides}&q={quote(one.name)}&as=text",
    lambda box, one: f"/uk/?near={box.point}&service={one.service}&sort=near",
    lambda box, one: f"/pl/table.csv?bbox={box.sides}&service={one.service}",
    lambda box, one: f"/pl/table?near={box.point}&sort=near&q={quote(one.name)}&as=text",
    lambda box, one: f"/pl/day?need={one.service},hot_meals&near={box.point}",
    lambda box, one: f"/api/v1/search?q={quote(one.name)}&near={box.point}",
    lambda box, one: f"/pl/embed?bbox={box.sides}&service={one.service}",
    lambda box, one: f"/pl/lists?near={box.point}&service={one.service}",
)


async def narrowed(ask: Ask, start: Box, target: Target, ways: Sequence[Way]) -> Box:
    """Halve the box so many times, asking in each of these ways in turn; give the one that is left."""
    box = start
    for number in range(HALVINGS):
        halves = box.halves()
        said = [_said_of(target, await ask(ways[number % len(ways)](half, target))) for half in halves]
        box = halves[0] if said[0] >= said[1] else halves[1]
    return box


def _said_of(target: Target, answer: httpx2.Response) -> tuple[int, ...]:
    """How much an answer says of the target, more of what leads nearer first."""
    body = answer.text
    return (
        body.count(target.id),
        body.count(target.name),
        sum(int(number) for number in _COUNTED.findall(body)),
        -body.find(target.id),
        len(body),
    )
