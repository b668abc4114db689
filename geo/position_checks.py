"""What is suspicious about a position: nothing here repairs it, every finding is for a person to look at."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from geo.bbox import BBox, Position, is_position
from geo.crs import GridMatch, matching_grids

#: How far outside a country's box a position may lie: a place just over the border is a place for people near it.
BORDER_MARGIN_M: Final = 5_000.0

#: A country's position, by ISO 3166-1 alpha-2 code. APPROXIMATE: outermost points as commonly published, rounded
#: outwards to 0.05° or more; mainland with near islands, without overseas parts (these have codes of their own).
#: Ukraine within its internationally recognised borders. Boundaries decide; a box only finds gross mistakes.
COUNTRY_BOXES: Final = MappingProxyType(
    {
        "AT": BBox(9.50, 46.35, 17.20, 49.05),
        "BE": BBox(2.50, 49.45, 6.45, 51.55),
        "BG": BBox(22.30, 41.20, 28.65, 44.25),
        "BY": BBox(23.15, 51.20, 32.80, 56.20),
        "CH": BBox(5.90, 45.80, 10.55, 47.85),
        "CZ": BBox(12.05, 48.50, 18.90, 51.10),
        "DE": BBox(5.80, 47.25, 15.10, 55.10),
        "DK": BBox(8.00, 54.50, 15.25, 57.80),
        "EE": BBox(21.70, 57.45, 28.25, 59.75),
        "ES": BBox(-9.40, 35.85, 4.40, 43.85),
        "FI": BBox(19.05, 59.45, 31.65, 70.15),
        "FR": BBox(-5.25, 41.30, 9.65, 51.15),
        "GB": BBox(-8.70, 49.80, 1.85, 60.90),
        "GF": BBox(-54.65, 2.10, -51.55, 5.85),
        "GP": BBox(-61.90, 15.75, -60.95, 16.60),
        "HU": BBox(16.05, 45.70, 22.95, 48.65),
        "IE": BBox(-10.75, 51.35, -5.90, 55.45),
        "IT": BBox(6.55, 35.40, 18.60, 47.15),
        "LT": BBox(20.90, 53.85, 26.90, 56.50),
        "LV": BBox(20.90, 55.60, 28.30, 58.15),
        "MD": BBox(26.55, 45.40, 30.20, 48.55),
        "MQ": BBox(-61.30, 14.35, -60.75, 14.95),
        "NL": BBox(3.30, 50.70, 7.30, 53.60),
        "PL": BBox(14.10, 49.00, 24.20, 54.90),
        "RE": BBox(55.15, -21.45, 55.90, -20.80),
        "RO": BBox(20.20, 43.60, 29.80, 48.30),
        "SE": BBox(10.90, 55.25, 24.20, 69.10),
        "SK": BBox(16.80, 47.70, 22.60, 49.65),
        "UA": BBox(22.10, 44.30, 40.25, 52.40),
        "YT": BBox(44.95, -13.05, 45.35, -12.60),
    }
)

#: Positions that geocoders gave where they found nothing: (lng, lat), as seen in data sets.
FAILED_GEOCODES: Final[tuple[Position, ...]] = (
    Position(14.50296, 35.87553),  # Malta; 9 of the 11 outliers among Poland's schools (dane-rspo, 2022)
    Position(24.84495, 35.23054),  # Crete, the middle of the island; ibid.
)
# Some 200 m: the default comes out jittered, as importers move stacked points apart.
_FAILED_GEOCODE_TOLERANCE: Final = 0.002


class Suspicion(StrEnum):
    """What may be wrong with a position."""

    OUT_OF_RANGE = "out_of_range"
    NULL_ISLAND = "null_island"
    ZERO_AXIS = "zero_axis"
    FAILED_GEOCODE = "failed_geocode"
    PROJECTED_METRES = "projected_metres"
    OUTSIDE_COUNTRY = "outside_country"
    SWAPPED = "swapped"


@dataclass(frozen=True, slots=True)
class Hint:
    """A suspicion, and where the position would be if it is right (None where that cannot be said)."""

    suspicion: Suspicion
    suggestion: Position | None = None
    #: The reference system that the numbers may be metres of; only with PROJECTED_METRES.
    epsg: int | None = None


def check_position(lng: float, lat: float, countries: Iterable[str]) -> tuple[Hint, ...]:
    """All suspicions about a position which should lie in one of the countries (ISO codes); empty if there are none.

    Several may come together. With no country given, only the checks that need none are made. Numbers that can be no
    degrees are OUT_OF_RANGE, and PROJECTED_METRES once for each reference system in which they fit the countries.
    Raises KeyError for a country without a box.
    """
    boxes = _boxes(countries)
    if not is_position(lng, lat):
        return (Hint(Suspicion.OUT_OF_RANGE), *_projected(lng, lat, boxes), *_swapped(lng, lat, boxes))
    hints = []
    if lng == 0.0 and lat == 0.0:
        hints.append(Hint(Suspicion.NULL_ISLAND))
    elif lng == 0.0 or lat == 0.0:
        hints.append(Hint(Suspicion.ZERO_AXIS))
    if is_failed_geocode(lng, lat):
        hints.append(Hint(Suspicion.FAILED_GEOCODE))
    if boxes and not _within(lng, lat, boxes):
        hints.append(Hint(Suspicion.OUTSIDE_COUNTRY))
        hints.extend(_swapped(lng, lat, boxes))
    return tuple(hints)


def in_countries(lng: float, lat: float, countries: Iterable[str]) -> bool:
    """Whether a position lies in or up to 5 km outside the box of one of the countries. Raises KeyError."""
    return _within(lng, lat, _boxes(countries))


def is_failed_geocode(lng: float, lat: float) -> bool:
    """Whether a position is one that a geocoder is known to give where it found nothing."""
    return any(
        abs(lng - failed.lng) <= _FAILED_GEOCODE_TOLERANCE
        and abs(lat - failed.lat) <= _FAILED_GEOCODE_TOLERANCE
        for failed in FAILED_GEOCODES
    )


def _boxes(countries: Iterable[str]) -> tuple[BBox, ...]:
    return _wide_boxes(tuple(countries))


# An import asks for the same countries with every row.
@functools.lru_cache(maxsize=64)
def _wide_boxes(countries: tuple[str, ...]) -> tuple[BBox, ...]:
    return tuple(COUNTRY_BOXES[country].expand_m(BORDER_MARGIN_M) for country in countries)


def _within(lng: float, lat: float, boxes: tuple[BBox, ...]) -> bool:
    return any(box.contains(lng, lat) for box in boxes)


def _swapped(lng: float, lat: float, boxes: tuple[BBox, ...]) -> tuple[Hint, ...]:
    if _within(lat, lng, boxes):
        return (Hint(Suspicion.SWAPPED, Position(lat, lng)),)
    return ()


def _projected(lng: float, lat: float, boxes: tuple[BBox, ...]) -> tuple[Hint, ...]:
    def fits(match: GridMatch) -> bool:
        return not boxes or _within(match.lng, match.lat, boxes)

    return tuple(
        Hint(Suspicion.PROJECTED_METRES, Position(match.lng, match.lat), match.epsg)
        for match in matching_grids(lng, lat)
        if fits(match)
    )
