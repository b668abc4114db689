"""Geocodes an address by the gazetteer and the boundaries alone: to its settlement, its gmina or its powiat.

Streets and house numbers are not in the gazetteer, so a settlement is the best that this ever gives.
It never chooses between equals: an address that could be in two places is put into the unit that
holds both when one was named, or has no position.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, text

from app.areas.geonames_codes import VOIVODESHIPS
from app.areas.unit_names import unit_code, unit_kind, unit_name
from app.db import Executor
from geo.names import fold_name

#: What the position is the middle of, in the words of every geocoder: a settlement, a gmina, a powiat.
Level = Literal["locality", "municipality", "county"]

# Confidence: how sure it is that the address lies in the place or unit that the result names. How far
# the point may be off is said by the level: a settlement's centre, or a point in the gmina or powiat.
#: The gmina was named (its powiat, or nothing else of that name, besides); the place lies in it.
IN_NAMED_GMINA = 0.95
#: The only place, or gmina, of that name in the powiat that was named; or that powiat itself.
IN_NAMED_POWIAT = 0.85
#: The only one in the voivodeship (or Romanian county) that was named.
IN_NAMED_VOIVODESHIP = 0.75
#: The only one in the whole gazetteer, which does not know every village.
ONLY_ONE = 0.6
#: No unit was named; the others of that name are villages beside this town.
BY_FAR_THE_LARGEST = 0.5
#: From so many people on, and so many times the next one's, a town is meant where only its name is given.
TOWN = 20_000
LARGER_BY = 20

GAZETTEER_SOURCE = "geonames"


@dataclass(frozen=True, slots=True)
class GeocodeResult:
    """A position (EPSG:4326) for an address: how exact it is, how sure, from whose data, and of what."""

    lng: float
    lat: float
    level: Level
    confidence: float
    source: str
    label: str


@dataclass(frozen=True, slots=True)
class _Units:
    """The units that the address names, narrowed by one another. Empty: not named, or not known."""

    gminas: tuple[Row[Any], ...]
    powiats: tuple[Row[Any], ...]
    voivodeships: frozenset[str]


NAMED_UNITS = text(
    """
    SELECT code, stable_code, level, kind, name, folded, ancestors, source,
           ST_X(label) AS lng, ST_Y(label) AS lat
    FROM published.area
    WHERE country = ANY(:countries)
      AND level IN ('gmina', 'uat', 'powiat', 'county', 'voivodeship')
      AND (folded = ANY(:names) OR stable_code = ANY(:codes))
    ORDER BY code
    """
)
NAMED_PLACES = text(
    """
    SELECT p.id, p.name, p.lng, p.lat, p.population, p.area_codes, p.admin1, n.own
    FROM published.place_name n
    JOIN published.place p ON p.id = n.place_id
    WHERE n.folded = :name AND p.country = ANY(:countries)
    ORDER BY p.population DESC, p.id
    """
)


async def geocode_address(
    connection: Executor,
    *,
    postcode: str | None = None,
    city: str | None = None,
    street: str | None = None,
    house_number: str | None = None,
    gmina: str | None = None,
    powiat: str | None = None,
    voivodeship: str | None = None,
    countries: Collection[str] = ("PL",),
) -> GeocodeResult | None:
    """The best position for an address that has none; None when there is none, or more than one.

    Units are given by name ("Będzin", "powiat będziński"), by TERYT code or, Romanian counties, by
    their letters. The smallest unit that is known decides: a settlement of that name elsewhere is
    not taken, the unit itself is. The constants of this module are the scale of confidence.
    """
    # The gazetteer has no streets and no postcodes; they stand in the signature because every
    # geocoder takes the same address.
    del postcode, street, house_number
    units = await _named_units(connection, gmina, powiat, voivodeship, countries)
    places = await _named_places(connection, city, countries)
    if not (units.gminas or units.powiats or units.voivodeships):
        return _anywhere(places, units_given=bool(gmina or powiat or voivodeship))
    return _inside(places, units) or _unit_itself(units)


async def _named_units(
    connection: Executor,
    gmina: str | None,
    powiat: str | None,
    voivodeship: str | None,
    countries: Collection[str],
) -> _Units:
    given = [words for words in (gmina, powiat, voivodeship) if words and words.strip()]
    if not given:
        return _Units((), (), frozenset())
    rows = (
        await connection.execute(
            NAMED_UNITS,
            {
                "countries": list(countries),
                "names": [unit_name(words) for words in given],
                "codes": [code for words in given for code in _codes(words, countries)],
            },
        )
    ).all()

    def meant(words: str | None, *levels: str) -> list[Row[Any]]:
        if not words:
            return []
        name, codes = unit_name(words), _codes(words, countries)
        return [
            row for row in rows if row.level in levels and (row.folded == name or row.stable_code in codes)
        ]

    voivodeships = frozenset(row.code for row in meant(voivodeship, "voivodeship", "county"))
    if not voivodeships and voivodeship:
        name = unit_name(voivodeship)
        voivodeships = frozenset(code for code, known in VOIVODESHIPS.items() if fold_name(known) == name)
    powiats = _within(meant(powiat, "powiat"), voivodeships)
    gminas = _within(meant(gmina, "gmina", "uat"), {row.code for row in powiats} or voivodeships)
    kind = unit_kind(gmina or "")
    if kind is not None:
        gminas = tuple(row for row in gminas if row.kind == kind) or gminas
    return _Units(gminas, powiats, voivodeships)


def _codes(words: str, countries: Collection[str]) -> list[str]:
    letters = words.strip().upper()
    if letters.isascii() and letters.isalpha() and len(letters) <= 2:
        return [f"{country}-{letters}" for country in countries]
    code = unit_code(words)
    return [] if code is None else [code]


def _within(rows: Sequence[Row[Any]], upper: Collection[str]) -> tuple[Row[Any], ...]:
    return tuple(row for row in rows if not upper or any(code in upper for code in row.ancestors))


async def _named_places(connection: Executor, city: str | None, countries: Collection[str]) -> list[Row[Any]]:
    """The places of the first way to read the words that the gazetteer knows."""
    whole = city or ""
    # "Com. Florești"; "Zabrze, Biskupice" and "Kraków - Podgórze", where the town stands first.
    for name in dict.fromkeys(
        (fold_name(whole), unit_name(whole), fold_name(whole.split(",")[0]), fold_name(whole.split(" - ")[0]))
    ):
        if places := await _places_named(connection, name, countries):
            return places
    # "Warszawa-Mokotów" is a town and its district. A village "Krasne-Lasocice" is not in Krasne.
    first = fold_name(whole.split("-")[0])
    return [place for place in await _places_named(connection, first, countries) if place.population >= TOWN]


async def _places_named(connection: Executor, name: str, countries: Collection[str]) -> list[Row[Any]]:
    if not name:
        return []
    rows = await connection.execute(NAMED_PLACES, {"name": name, "countries": list(countries)})
    return list(rows)


def _inside(places: Sequence[Row[Any]], units: _Units) -> GeocodeResult | None:
    """The only place in the smallest units that are known."""
    if units.gminas:
        codes = {row.code for row in units.gminas}
        confidence = _confidence_of_gmina(units)
    elif units.powiats:
        codes = {row.code for row in units.powiats}
        confidence = IN_NAMED_POWIAT if len(codes) == 1 else IN_NAMED_VOIVODESHIP
    else:
        codes, confidence = set(units.voivodeships), IN_NAMED_VOIVODESHIP
    inside = _own_first([p for p in places if codes & {*p.area_codes, *filter(None, [p.admin1])}])
    return _of_place(inside[0], confidence) if len(inside) == 1 else None


def _confidence_of_gmina(units: _Units) -> float:
    if len(units.gminas) == 1:
        return IN_NAMED_GMINA
    return IN_NAMED_POWIAT if len(units.powiats) == 1 else IN_NAMED_VOIVODESHIP


def _unit_itself(units: _Units) -> GeocodeResult | None:
    """The smallest unit that was named, where it is the only one of its name and has a boundary."""
    found: Sequence[Row[Any]] = units.gminas or units.powiats
    if len(found) != 1 or found[0].lng is None:
        return None
    unit = found[0]
    is_gmina = bool(units.gminas)
    return GeocodeResult(
        lng=unit.lng,
        lat=unit.lat,
        level="municipality" if is_gmina else "county",
        confidence=IN_NAMED_GMINA if is_gmina else IN_NAMED_POWIAT,
        source=unit.source,
        label=unit.name,
    )


def _anywhere(places: Sequence[Row[Any]], *, units_given: bool) -> GeocodeResult | None:
    """The only place of that name, or the one town among villages."""
    candidates = _own_first(places)
    if len(candidates) == 1:
        return _of_place(candidates[0], ONLY_ONE)
    if units_given or not candidates:
        return None
    first, second = candidates[0], candidates[1]
    if first.population >= TOWN and first.population >= LARGER_BY * max(second.population, 1):
        return _of_place(first, BY_FAR_THE_LARGEST)
    return None


def _own_first(places: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Those that bear the name in their own language, or all where none does."""
    return [place for place in places if place.own] or list(places)


def _of_place(place: Row[Any], confidence: float) -> GeocodeResult:
    return GeocodeResult(place.lng, place.lat, "locality", confidence, GAZETTEER_SOURCE, place.name)
