"""Coordinates as people and data sets write them: decimal comma, degrees and minutes, hemispheres, any order.

Read generously, but never repaired: what looks wrong comes back as it was written, with hints for a person.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from geo.bbox import is_position
from geo.errors import GeoError
from geo.position_checks import Hint, Suspicion, check_position

#: No way to write a position is longer; longer texts are not looked at.
MAX_CHARACTERS: Final = 100

_MINUS = str.maketrans({"−": "-", "‒": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " "})
_DEGREE_SIGNS = "°º˚"
_MINUTE_SIGNS = "'′’‘ʹ´`"
_SECOND_SIGNS = '"″”“ʺ'

_NUMBER = r"[0-9]{1,10}(?:[.,][0-9]{1,20})?"
_WHOLE_OR_POINT = r"[+-]?[0-9]{1,10}(?:\.[0-9]{1,20})?"
_PLAIN = re.compile(rf"[+-]?{_NUMBER}\Z")
# "52°13′45,5″ N", "N 52° 13.75'", "52,1 N": one axis with a sign of degrees or a hemisphere.
_AXIS = re.compile(
    rf"""(?P<before>[NSEW])?\s*
    (?P<plus_minus>[+-])?
    (?P<degrees>{_NUMBER})\s*(?P<degree_sign>[{_DEGREE_SIGNS}])?\s*
    (?:(?P<minutes>{_NUMBER})\s*[{_MINUTE_SIGNS}](?![{_MINUTE_SIGNS}])\s*)?
    (?:(?P<seconds>{_NUMBER})\s*(?:[{_SECOND_SIGNS}]|[{_MINUTE_SIGNS}]{{2}})\s*)?
    (?P<after>[NSEW])?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[,;/|]?\s*")
# How two plain numbers are kept apart, most telling first. A comma stands between them only where it cannot be a
# decimal comma: beside a space, between two numbers with points or none, or as the second of three.
_PAIRS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"([+-]?{_NUMBER})\s*[;/|]\s*([+-]?{_NUMBER})\Z",
        rf"([+-]?{_NUMBER})(?:\s+,\s*|,\s+|\s+)([+-]?{_NUMBER})\Z",
        rf"({_WHOLE_OR_POINT}),({_WHOLE_OR_POINT})\Z",
        r"([+-]?[0-9]{1,10},[0-9]{1,20}),([+-]?[0-9]{1,10},[0-9]{1,20})\Z",
    )
)


class CoordinatesError(GeoError):
    """No position can be read. Two numbers are expected, for example 52.2297, 21.0122."""

    code = "coordinates_unreadable"


class CoordinatesTooLongError(CoordinatesError):
    """A position is not that long. Two numbers are expected, for example 52.2297, 21.0122."""

    code = "coordinates_too_long"


class SameAxisError(CoordinatesError):
    """Both numbers are given as latitudes, or both as longitudes."""

    code = "coordinates_same_axis"


class MinutesOutOfRangeError(CoordinatesError):
    """Minutes and seconds lie between 0 and 60."""

    code = "coordinates_minutes"


class SignAndHemisphereError(CoordinatesError):
    """A minus sign together with N, S, E or W has two meanings."""

    code = "coordinates_sign_and_hemisphere"


class AxisOrder(StrEnum):
    """Which number comes first where nothing says so. People and map sites write latitude first, GeoJSON does not."""

    LAT_LNG = "lat_lng"
    LNG_LAT = "lng_lat"


@dataclass(frozen=True, slots=True)
class ParsedPosition:
    """A position as it was written, in WGS 84 degrees unless a hint says otherwise, and what is suspicious about it."""

    lng: float
    lat: float
    hints: tuple[Hint, ...] = ()

    @property
    def in_range(self) -> bool:
        """Whether the two numbers can be degrees at all. What is not in range must not be stored."""
        return is_position(self.lng, self.lat)

    def hint(self, suspicion: Suspicion) -> Hint | None:
        """The first hint of that kind, if there is one."""
        return next((hint for hint in self.hints if hint.suspicion is suspicion), None)


def parse_coordinates(
    text: str, countries: Iterable[str] = (), *, order: AxisOrder = AxisOrder.LAT_LNG
) -> ParsedPosition:
    """The position in a text such as "52.1, 21.0", "52,1 21,0", "52°13′45″N 21°0′42″E" or "N52.1 E21.0".

    Hemispheres decide which number is which; without them `order` does. `countries` (ISO codes) are those in which
    the position is expected. Raises a subclass of CoordinatesError.
    """
    if len(text) > MAX_CHARACTERS:
        raise CoordinatesTooLongError
    text = text.translate(_MINUS).strip()
    if len(text) > 1 and text[0] + text[-1] in {"()", "[]"}:
        text = text[1:-1].strip()
    pair = _plain_pair(text)
    if pair is None:
        pair = _axis_pair(text, order)
    elif order is AxisOrder.LAT_LNG:
        pair = pair[::-1]
    return _with_hints(*pair, countries)


def parse_columns(lng_text: str, lat_text: str, countries: Iterable[str] = ()) -> ParsedPosition:
    """The position in two cells of a table, each a number with point or comma or an angle such as 52°13′45″N.

    A hemisphere must be one of the cell's own axis. Raises a subclass of CoordinatesError.
    """
    return _with_hints(_one_axis(lng_text, "EW"), _one_axis(lat_text, "NS"), countries)


def _with_hints(lng: float, lat: float, countries: Iterable[str]) -> ParsedPosition:
    # Adding 0.0 turns -0.0 into 0.0.
    return ParsedPosition(lng + 0.0, lat + 0.0, check_position(lng, lat, countries))


def _plain_pair(text: str) -> tuple[float, float] | None:
    for pattern in _PAIRS:
        if match := pattern.match(text):
            return _number(match[1]), _number(match[2])
    return None


def _axis_pair(text: str, order: AxisOrder) -> tuple[float, float]:
    """(lng, lat) of two angles."""
    first = _AXIS.match(text)
    if first is None:
        raise CoordinatesError
    if first["before"] and first["after"]:
        # "N52.1 E21.0": the E has been read as a second letter of the first angle, but begins the second one.
        start = first.start("after")
        first, second = _AXIS.fullmatch(text, 0, start), _AXIS.fullmatch(text, start)
    else:
        between = _BETWEEN.match(text, first.end())
        second = _AXIS.fullmatch(text, between.end() if between else first.end())
    # Numbers alone, such as 1,2,3, have been refused as a plain pair and are not read here by guessing.
    if first is None or second is None or not (_is_angle(first) or _is_angle(second)):
        raise CoordinatesError
    (a, axis_a), (b, axis_b) = _angle(first), _angle(second)
    if axis_a is not None and axis_a == axis_b:
        raise SameAxisError
    lat_first = order is AxisOrder.LAT_LNG if axis_a is axis_b else axis_a == "lat" or axis_b == "lng"
    return (b, a) if lat_first else (a, b)


def _one_axis(text: str, hemispheres: str) -> float:
    if len(text) > MAX_CHARACTERS:
        raise CoordinatesTooLongError
    text = text.translate(_MINUS).strip()
    if _PLAIN.match(text):
        return _number(text)
    match = _AXIS.fullmatch(text)
    if match is None:
        raise CoordinatesError
    angle, axis = _angle(match)
    if axis is not None and (axis == "lng") != (hemispheres == "EW"):
        raise SameAxisError
    return angle


def _is_angle(match: re.Match[str]) -> bool:
    return any(match[group] for group in ("before", "after", "degree_sign"))


def _angle(match: re.Match[str]) -> tuple[float, str | None]:
    """(signed degrees, "lat", "lng" or None)."""
    letters = {match[group].upper() for group in ("before", "after") if match[group]}
    if len(letters) > 1:
        raise CoordinatesError
    letter = letters.pop() if letters else None
    if letter and match["plus_minus"] == "-":
        raise SignAndHemisphereError
    minutes = _number(match["minutes"] or "0")
    seconds = _number(match["seconds"] or "0")
    if minutes >= 60.0 or seconds >= 60.0:
        raise MinutesOutOfRangeError
    angle = _number(match["degrees"]) + minutes / 60.0 + seconds / 3600.0
    if match["plus_minus"] == "-" or letter in {"S", "W"}:
        angle = -angle
    if letter is None:
        return angle, None
    return angle, "lat" if letter in {"N", "S"} else "lng"


def _number(text: str) -> float:
    return float(text.replace(",", "."))
