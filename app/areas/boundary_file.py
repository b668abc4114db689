"""Reads boundaries from a GeoJSON file: which unit each feature is, and what is wrong with it.

Files are known by their properties: the TERYT code of Polish sets (`terc`, or `JPT_KOD_JE` of the
state register of boundaries), the SIRUTA code of Romanian ones (`natcode`), or `code` and `name` of
an operator's own areas.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from app.areas import polish_units, romanian_units
from app.areas.outlines import UnusableFeatureError, outline
from app.areas.units import OVERLAPPING, Origin, Unit
from app.errors import MalformedInput
from geo.position_checks import COUNTRY_BOXES

TERYT_KEYS = ("terc", "teryt", "JPT_KOD_JE")
POLISH_NAME_KEYS = ("name", "nazwa", "JPT_NAZWA_")
POPULATION_KEYS = ("population", "ludnosc", "pop2015", "pop2014", "pop2013", "pop2012", "pop2011")
WGS84_CRS = frozenset({"CRS84", "4326"})
#: What the code of every area begins with that is made at the desk, after the country.
PREFIX = "local_"


class UnreadableBoundaries(MalformedInput):
    """This is not a GeoJSON file of boundaries."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one feature. `row` counts from 1; `unit` is its code or name, "" when it has none."""

    row: int
    unit: str
    code: str
    message: str


@dataclass(slots=True)
class Boundaries:
    """What a file holds.

    `units` are usable. `problems` are features that are not. `repaired` are units whose outline was
    invalid and has been mended; `without_geometry` those that the file gives no outline for; both
    are among `units`.
    """

    units: list[Unit] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    repaired: list[Problem] = field(default_factory=list)
    without_geometry: list[Unit] = field(default_factory=list)


def read_boundaries(
    path: Path, origin: Origin, *, country: str | None = None, level: str | None = None
) -> Boundaries:
    """Read a file of boundaries. Raises UnreadableBoundaries when it is no GeoJSON in WGS 84.

    `country` is only needed for an operator's own areas (`metropolis`, `custom`), `level` likewise;
    given for a register's file, features of another country or level are problems.
    """
    found = Boundaries()
    county_names: dict[str, str] = {}
    seen: set[str] = set()
    for row, feature in enumerate(_features(path), start=1):
        try:
            properties = _properties(feature)
            unit = _unit(properties, origin, country, level)
            _check_first(unit, seen)
            unit, fault = _with_outline(unit, feature.get("geometry"))
        except UnusableFeatureError as error:
            found.problems.append(Problem(row, _label(feature), error.code, str(error)))
            continue
        found.units.append(unit)
        if unit.geometry is None:
            found.without_geometry.append(unit)
        if fault:
            found.repaired.append(Problem(row, unit.code, "repaired", fault))
        if unit.level == "uat" and unit.parent_code:
            county_names[unit.parent_code] = romanian_units.romanian_name(_text(properties, ("county",)))
    if county_names:
        found.units.extend(romanian_units.counties(found.units, county_names))
    return found


def _features(path: Path) -> Iterable[Any]:
    try:
        document = orjson.loads(path.read_bytes())
    except OSError as error:
        raise UnreadableBoundaries("The file could not be opened. Check its path.") from error
    except ValueError as error:
        raise UnreadableBoundaries("The file is not JSON.") from error
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise UnreadableBoundaries
    crs = document.get("crs")
    if crs is not None and not any(name in str(crs) for name in WGS84_CRS):
        raise UnreadableBoundaries(
            "The file is not in longitude and latitude. Convert it to EPSG:4326 first."
        )
    features = document.get("features")
    if not isinstance(features, list):
        raise UnreadableBoundaries
    return features


def _properties(feature: object) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise UnusableFeatureError(
            "not_a_feature", "This member of the file is not a Feature with properties."
        )
    return properties


def _check_first(unit: Unit, seen: set[str]) -> None:
    if unit.stable_code in seen:
        raise UnusableFeatureError("code_twice", "Another feature of the file has the same code.")
    seen.add(unit.stable_code)


def _unit(properties: Mapping[str, Any], origin: Origin, country: str | None, level: str | None) -> Unit:
    if teryt := _text(properties, TERYT_KEYS):
        unit = _polish(teryt, properties, origin)
    elif siruta := _text(properties, ("natcode",)):
        unit = _romanian(siruta, properties, origin)
    else:
        unit = _own(properties, origin, country, level)
    if country is not None and unit.country != country:
        raise UnusableFeatureError("other_country", "The unit is not of the country that was asked for.")
    if level is not None and unit.level != level:
        raise UnusableFeatureError("other_level", "The unit is not of the level that was asked for.")
    return unit


def _polish(code: str, properties: Mapping[str, Any], origin: Origin) -> Unit:
    if not polish_units.is_teryt(code):
        raise UnusableFeatureError("bad_teryt", "A TERYT code has 2, 4 or 7 digits.")
    return Unit(
        code=f"PL-{code}",
        stable_code=polish_units.stable_code_of(code),
        country="PL",
        level=polish_units.level_of(code),
        kind=polish_units.kind_of(code),
        name=polish_units.polish_name(_name(properties, POLISH_NAME_KEYS), code),
        ancestors=polish_units.ancestors_of(code),
        population=_population(properties),
        origin=origin,
    )


def _romanian(code: str, properties: Mapping[str, Any], origin: Origin) -> Unit:
    county = _text(properties, ("countyMn",))
    if not romanian_units.is_siruta(code) or not romanian_units.is_county(county):
        raise UnusableFeatureError("bad_siruta", "The SIRUTA code or the county's letters are not usable.")
    return Unit(
        code=f"RO-{code}",
        stable_code=f"RO-{code}",
        country="RO",
        level="uat",
        kind=romanian_units.kind_of(_text(properties, ("natLevName",))),
        name=romanian_units.romanian_name(_name(properties, ("name",))),
        ancestors=(f"RO-{county}",),
        population=_population(properties),
        origin=origin,
    )


def _own(properties: Mapping[str, Any], origin: Origin, country: str | None, level: str | None) -> Unit:
    if country is None or level not in OVERLAPPING:
        raise UnusableFeatureError(
            "unknown_unit",
            "The feature has no TERYT or SIRUTA code. For areas of your own, say the country and the level"
            " (metropolis or custom), and give each feature the properties code and name.",
        )
    code = f"{country}-{_text(properties, ('code',)).removeprefix(f'{country}-')}"
    if not is_own_code(code[3:]):
        raise UnusableFeatureError(
            "bad_code",
            "A code of your own has 3 to 40 letters, digits, - and _, and starts with a letter.",
        )
    names = properties.get("names")
    return Unit(
        code=code,
        stable_code=code,
        country=country,
        level=level,
        name=_name(properties, ("name",)),
        names={str(k): str(v) for k, v in names.items()} if isinstance(names, dict) else {},
        population=_population(properties),
        origin=origin,
    )


def is_own_code(letters: str) -> bool:
    """Whether it can be the code, without the country, of an operator's own area."""
    # A letter, so that it is never taken for the code of a register; three, so that it is no county's; and the desk
    # gives codes of its own.
    plain = 3 <= len(letters) <= 40 and letters[0].isalpha() and _is_plain(letters)
    return plain and not letters.startswith(PREFIX)


def _with_outline(unit: Unit, geometry: object) -> tuple[Unit, str | None]:
    if geometry is None:
        return unit, None
    if not isinstance(geometry, dict):
        raise UnusableFeatureError("unreadable_geometry", "The coordinates of the geometry cannot be read.")
    usable = outline(geometry)
    box = COUNTRY_BOXES.get(unit.country)
    if box is not None:
        west, south, east, north = usable.geometry.bounds
        # The outline's middle: its edge may well reach over the box, which is an approximate one.
        if not box.contains((west + east) / 2, (south + north) / 2):
            raise UnusableFeatureError(
                "outside_country",
                "The boundary lies outside its country. Are longitude and latitude swapped?",
            )
    return replace(unit, geometry=usable.geometry), usable.repaired


def _label(feature: object) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return ""
    return _text(properties, (*TERYT_KEYS, "natcode", "code", "name"))[:60]


def _name(properties: Mapping[str, Any], keys: Iterable[str]) -> str:
    name = " ".join(_text(properties, keys).split())
    if not name or len(name) > 200:
        raise UnusableFeatureError("no_name", "The unit has no usable name.")
    return name


def _text(properties: Mapping[str, Any], keys: Iterable[str]) -> str:
    for key in keys:
        value = properties.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def _population(properties: Mapping[str, Any]) -> int | None:
    for key in POPULATION_KEYS:
        value = properties.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
    return None


def _is_plain(text: str) -> bool:
    return text.isascii() and all(sign.isalnum() or sign in "-_" for sign in text)
