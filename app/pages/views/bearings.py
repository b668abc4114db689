"""Where a place lies from the middle of a town: in words, and as a sketch of two points and an arrow."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.i18n import N_, Translator
from app.pages.gazetteer import Town
from app.templating.filters import distance
from geo.bbox import Position
from geo.distance import distance_m

#: Clockwise from north.
_WINDS = (
    *(N_("to the north"), N_("to the north-east"), N_("to the east"), N_("to the south-east")),
    *(N_("to the south"), N_("to the south-west"), N_("to the west"), N_("to the north-west")),
)
#: Nearer than this is in the middle of a town.
_MIDDLE_M = 300
#: The sketch in units of its own: as wide and as high, and how far the two points stay from its edges.
WIDTH, HEIGHT = 180, 90
_MARGIN = 26
#: A letter of the town's name is no wider, in those units, where the name is written largest (slip.css).
_LETTER = 10.5
#: The name stays so far from the edges.
_NAME_MARGIN = 3


@dataclass(frozen=True, slots=True)
class Sketch:
    """The two points on the sketch: `town` and `here`, in its units, y downwards.

    The town's name has its middle at `name_x`, and is drawn together to `name_length` where it is too long.
    """

    town: tuple[float, float]
    here: tuple[float, float]
    name_x: float
    name_length: float | None


@dataclass(frozen=True, slots=True)
class Bearing:
    """The way from the middle of a town. `sketch` is None where there is no way to draw."""

    town: str
    words: str
    distance: str
    sketch: Sketch | None


def chosen_town(position: Position, towns: Sequence[Town]) -> Town | None:
    """The town that people would name: near, and the larger the better known from afar."""

    def strangeness(town: Town) -> float:
        return distance_m(*position, *town.position) / math.sqrt(max(town.population, 1))

    return min(towns, key=strangeness, default=None)


def bearing(position: Position, town: Town, texts: Translator) -> Bearing:
    """Describe the way from the town's middle to the position."""
    metres = distance_m(*town.position, *position)
    name = town.name_in(texts.language)
    if metres < _MIDDLE_M:
        return Bearing(name, texts.gettext("In the centre: %(town)s", town=name), "", None)
    far = distance(texts.language, metres)
    aside = (position.lng - town.position.lng) * math.cos(math.radians(position.lat))
    up = position.lat - town.position.lat
    wind = texts.gettext(_WINDS[round(math.atan2(aside, up) / (math.pi / 4)) % 8])
    words = texts.gettext(
        "From the centre (%(town)s): %(distance)s %(wind)s", town=name, distance=far, wind=wind
    )
    return Bearing(name, words, far, _sketch(aside, up, name))


def _sketch(aside: float, up: float, name: str) -> Sketch:
    """Both points as far from each other as the sketch allows, north above; the name below its town, and whole."""
    length = math.hypot(aside, up)
    x, y = aside / length, -up / length
    reach = min(
        (WIDTH / 2 - _MARGIN) / abs(x) if x else math.inf, (HEIGHT / 2 - _MARGIN) / abs(y) if y else math.inf
    )
    middle = (WIDTH / 2, HEIGHT / 2)
    here = (round(middle[0] + x * reach, 1), round(middle[1] + y * reach, 1))
    town = (round(2 * middle[0] - here[0], 1), round(2 * middle[1] - here[1], 1))
    room = WIDTH - 2 * _NAME_MARGIN
    length = min(len(name) * _LETTER, room)
    least = _NAME_MARGIN + length / 2
    name_x = min(max(town[0], least), WIDTH - least)
    return Sketch(town, here, round(name_x, 1), room if len(name) * _LETTER > room else None)
