"""An area that somebody has drawn: one simple ring of a few corners, and how it is read from an address."""

from dataclasses import dataclass
from typing import Final

from shapely import Polygon

from geo.bbox import BBox, Position, parse_position
from geo.errors import GeoError

LEAST_CORNERS: Final = 3
MOST_CORNERS: Final = 50
#: As wide and as high as a country; Poland has 690 km.
MOST_M: Final = 1_000_000.0


class RingError(GeoError):
    """Not a usable area."""

    code = "ring_unusable"


class RingCornersError(RingError):
    """An area has 3 to 50 corners."""

    code = "ring_corners"


class RingCrossesItselfError(RingError):
    """The sides of an area meet at its corners only."""

    code = "ring_crosses_itself"


class RingTooLargeError(RingError):
    """An area is at most 1,000 km wide and high."""

    code = "ring_too_large"


@dataclass(frozen=True, slots=True)
class Ring:
    """The corners of an area in WGS 84, each once, in the order in which they are joined.

    Raises a subclass of RingError, or of BBoxError, for each way of not being one.
    """

    corners: tuple[Position, ...]

    def __post_init__(self) -> None:
        if not LEAST_CORNERS <= len(self.corners) <= MOST_CORNERS:
            raise RingCornersError
        box = self.box
        if max(box.width_m, box.height_m) > MOST_M:
            raise RingTooLargeError
        if not Polygon(self.corners).is_valid:
            raise RingCrossesItselfError

    @property
    def box(self) -> BBox:
        """The smallest box around it."""
        lngs, lats = [c.lng for c in self.corners], [c.lat for c in self.corners]
        return BBox(min(lngs), min(lats), max(lngs), max(lats))

    @property
    def wkt(self) -> str:
        """The area as well-known text, its first corner again at the end."""
        return f"POLYGON(({','.join(f'{lng!r} {lat!r}' for lng, lat in (*self.corners, self.corners[0]))}))"


def parse_ring(text: str) -> Ring:
    """The area of "lng,lat;lng,lat;…": 3 to 50 positions; the first may come again at the end.

    Raises a subclass of RingError, BBoxError, PositionError or DecimalError; its `code` names the cause.
    """
    parts = text.split(";", maxsplit=MOST_CORNERS + 1)
    if len(parts) > MOST_CORNERS + 1:
        raise RingCornersError
    corners = [parse_position(part) for part in parts]
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    return Ring(tuple(corners))
