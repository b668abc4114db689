"""Finds administrative units by name: as written, as begun, misspelt, and by the name of a place that lies in them."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Row, text

from app.areas.place_search import LONGEST, SHORTEST, find_places
from app.areas.unit_endonyms import polish_of
from app.areas.units import HIERARCHY, IN_A_FILE, MOST_IN_A_FILE, OVERLAPPING
from app.db import Executor
from geo.bbox import BBox
from geo.names import fold_name
from geo.transliteration import polish_readings

MOST = 12
#: Words before a name that say which level is meant, folded.
_LEVELS: Final = {
    **dict.fromkeys(("gmina", "gm", "commune", "гмина", "гміна", "gemeinde"), ("gmina", "uat")),
    **dict.fromkeys(("powiat", "pow", "county", "повіт", "повят", "kreis"), ("powiat", "county")),
    **dict.fromkeys(("wojewodztwo", "woj", "voivodeship", "воєводство", "воеводство"), ("voivodeship",)),
    **dict.fromkeys(("judet", "judetul", "jud"), ("county",)),
    **dict.fromkeys(("comuna", "com", "orasul", "oras", "municipiul", "mun"), ("uat",)),
    **dict.fromkeys(("metropolia", "metropolis"), ("metropolis",)),
}
#: From this likeness on a misspelt name is taken for the unit's, and from this on a unit is offered at all.
ALIKE: Final = 0.45
REMOTELY_ALIKE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Region:
    """A unit above another."""

    level: str
    kind: str | None
    name: str
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class UnitHit:
    """A unit that a text may mean. `regions` are the units above it, nearest first.

    `alike`: neither it nor a place in it has the name; it is only spelt like it.
    """

    code: str
    level: str
    kind: str | None
    name: str
    names: dict[str, str]
    regions: tuple[Region, ...]
    exact: bool
    alike: bool = False


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit with the box that it lies in (EPSG:4326; None without a boundary) and the code of the one above it.

    `in_a_file`: it has few enough places for a file to take along.
    """

    code: str
    level: str
    kind: str | None
    name: str
    names: dict[str, str]
    parent_code: str | None
    box: BBox | None
    in_a_file: bool = False


_AT = text(
    """
    SELECT a.code FROM published.area_part s JOIN published.area a ON a.code = s.area_code
    WHERE ST_Intersects(s.geom, ST_SetSRID(ST_MakePoint(:lng, :lat), 4326)) AND a.level = ANY(:levels)
    ORDER BY cardinality(a.ancestors) DESC, a.code LIMIT 1
    """
)
_COLUMNS = """
    a.code, a.level, a.kind, a.name, a.names, a.folded, a.parent_code,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(b.level, b.kind, b.name, b.names)
                               ORDER BY array_position(a.ancestors, b.code)), '[]')
     FROM published.area b WHERE b.code = ANY(a.ancestors)) AS regions
"""
# As in place_search, the operators of text_pattern_ops let the index serve a parameter.
_NAMED = text(
    f"""
    SELECT {_COLUMNS},
           a.folded = ANY(CAST(:texts AS text[])) OR a.folded_others && CAST(:texts AS text[]) AS exact
    FROM published.area a
    WHERE a.country = ANY(:countries) AND (:levels = '{{}}'::text[] OR a.level = ANY(:levels)) AND a.offered
      AND a.code IN (
        SELECT b.code FROM unnest(CAST(:texts AS text[])) AS t(prefix)
        JOIN published.area b ON b.folded ~>=~ t.prefix AND b.folded ~<~ (t.prefix || U&'\\+10FFFF')
        UNION ALL
        SELECT b.code
        FROM published.area b, unnest(b.folded_others) AS o(name), unnest(CAST(:texts AS text[])) AS t(prefix)
        WHERE b.folded_others <> '{{}}' AND starts_with(o.name, t.prefix)
      )
    ORDER BY exact DESC, a.population DESC NULLS LAST, cardinality(a.ancestors), a.folded, a.code
    LIMIT :limit
    """  # noqa: S608 - program text
)
_ALIKE = text(
    f"""
    SELECT {_COLUMNS}, false AS exact
    FROM published.area a
    WHERE a.country = ANY(:countries) AND (:levels = '{{}}'::text[] OR a.level = ANY(:levels)) AND a.offered
      AND similarity(a.folded, :text) >= :alike
    ORDER BY similarity(a.folded, :text) DESC, a.code
    LIMIT :limit
    """  # noqa: S608 - program text
)
# People name a metropolis by any word of its name, or by the letters of its code: there are few of them.
_UNIONS = text(
    f"""
    SELECT {_COLUMNS}, lower(substr(a.code, 4)) = :text AS exact
    FROM published.area a
    WHERE a.country = ANY(:countries) AND a.level = ANY(:overlapping) AND a.offered
      AND (:levels = '{{}}'::text[] OR a.level = ANY(:levels))
      AND (lower(substr(a.code, 4)) = :text OR strpos(' ' || a.folded, ' ' || :text) > 0)
    ORDER BY exact DESC, a.folded, a.code
    LIMIT :limit
    """  # noqa: S608 - program text
)
_METROPOLISES = text(
    f"""
    SELECT {_COLUMNS}, false AS exact
    FROM published.area a
    WHERE a.country = ANY(:countries) AND a.level = 'metropolis' AND a.offered
    ORDER BY a.folded, a.code
    LIMIT :limit
    """  # noqa: S608 - program text
)
_OF_CODES = text(
    f"""
    SELECT {_COLUMNS}, false AS exact
    FROM published.area a WHERE a.code = ANY(:codes) ORDER BY array_position(CAST(:codes AS text[]), a.code)
    """  # noqa: S608 - program text
)
_ONE = text(
    """
    SELECT code, level, kind, name, names, parent_code,
           ST_XMin(geom) AS west, ST_YMin(geom) AS south, ST_XMax(geom) AS east, ST_YMax(geom) AS north,
           CASE WHEN kept THEN (
             SELECT count(*) FROM (SELECT FROM published.feature f WHERE f.area_codes @> ARRAY[a.code] LIMIT :enough) AS few
           ) END AS places
    FROM published.area a WHERE code = :code AND offered
    """
)


async def find_units(
    connection: Executor, typed: str, *, limit: int, countries: Collection[str]
) -> list[UnitHit]:
    """Give the units that a text may mean: exact names, then beginnings, then units of a town of that name.

    "gmina Górno", "powiat kielecki" and "woj. śląskie" name the level as well. A town that is a county of its own
    is offered once. A metropolis is found by any word of its name and by its code. Fewer than two letters find nothing.
    """
    levels, name = _with_level(fold_name(typed[:LONGEST]))
    limit = min(limit, MOST)
    if len(name) < SHORTEST or limit < 1:
        return []
    values: dict[str, Any] = {"countries": list(countries), "levels": list(levels), "limit": 2 * limit}
    rows = await connection.execute(
        _NAMED, values | {"texts": list(dict.fromkeys((name, *polish_readings(name), *polish_of(name))))}
    )
    hits = _without_doubles(rows.all())
    if not any(hit.exact for hit in hits):
        given = values | {"text": name, "overlapping": list(OVERLAPPING)}
        hits += [_hit(row) for row in await connection.execute(_UNIONS, given)]
        hits += await _of_towns(connection, name, levels, limit, countries)
    if not hits:
        return await _alike(connection, values | {"text": name, "alike": ALIKE}, limit)
    return list({hit.code: hit for hit in hits}.values())[:limit]


def names_level(typed: str) -> bool:
    """Whether a text begins with what a unit is: "powiat kielecki", "gmina Górno"."""
    return bool(_with_level(fold_name(typed[:LONGEST]))[0])


async def nearest_units(
    connection: Executor, typed: str, *, limit: int, countries: Collection[str]
) -> list[UnitHit]:
    """Give the units whose names are the most like a text that names none, the likeliest first."""
    levels, name = _with_level(fold_name(typed[:LONGEST]))
    values = {"countries": list(countries), "levels": list(levels), "limit": 2 * limit}
    return await _alike(connection, values | {"text": name, "alike": REMOTELY_ALIKE}, limit)


async def find_unit(connection: Executor, code: str) -> KnownUnit | None:
    """Give the unit of a code; None when we know none."""
    row = (await connection.execute(_ONE, {"code": code, "enough": MOST_IN_A_FILE + 1})).one_or_none()
    if row is None:
        return None
    box = None if row.west is None else BBox(row.west, row.south, row.east, row.north)
    fits = row.level in IN_A_FILE if row.places is None else row.places <= MOST_IN_A_FILE
    return KnownUnit(row.code, row.level, row.kind, row.name, dict(row.names), row.parent_code, box, fits)


async def unit_at(connection: Executor, lng: float, lat: float) -> str:
    """Give the code of the smallest unit in which a position (EPSG:4326) lies; "" when it is in none."""
    row = await connection.execute(_AT, {"lng": lng, "lat": lat, "levels": list(HIERARCHY)})
    return str(row.scalar_one_or_none() or "")


async def metropolises(connection: Executor, *, limit: int, countries: Collection[str]) -> list[UnitHit]:
    """Give the metropolises of these countries, by name."""
    rows = await connection.execute(_METROPOLISES, {"countries": list(countries), "limit": limit})
    return [_hit(row) for row in rows]


async def any_units(connection: Executor) -> bool:
    """Whether any boundaries were imported."""
    found = await connection.execute(text("SELECT EXISTS (SELECT FROM published.area)"))
    return bool(found.scalar_one())


def _with_level(folded: str) -> tuple[tuple[str, ...], str]:
    """The levels that the first word names, and the rest; no levels when it names none or nothing follows."""
    first, _, rest = folded.partition(" ")
    return (_LEVELS[first], rest) if rest and first in _LEVELS else ((), folded)


async def _alike(connection: Executor, values: dict[str, Any], limit: int) -> list[UnitHit]:
    rows = await connection.execute(_ALIKE, values)
    return [replace(hit, alike=True) for hit in _without_doubles(rows.all())][:limit]


async def _of_towns(
    connection: Executor, name: str, levels: tuple[str, ...], limit: int, countries: Collection[str]
) -> list[UnitHit]:
    """The smallest units of places that have the name: a village stands for its gmina, Кельце for Kielce."""
    places = await find_places(connection, name, limit=limit, countries=countries)
    codes = [place.area_codes[0] for place in places if place.match == "exact" and place.area_codes]
    if not codes:
        return []
    rows = (await connection.execute(_OF_CODES, {"codes": codes})).all()
    return [_hit(row) for row in rows if not levels or row.level in levels]


def _without_doubles(rows: Collection[Row[Any]]) -> list[UnitHit]:
    """Units without those that are the same as the one above them: the gmina of a town that is its own powiat."""
    named = {(row.code, row.folded) for row in rows}
    return [_hit(row) for row in rows if (row.parent_code, row.folded) not in named]


def _hit(row: Row[Any]) -> UnitHit:
    return UnitHit(
        code=row.code,
        level=row.level,
        kind=row.kind,
        name=row.name,
        names=dict(row.names),
        regions=tuple(Region(*region) for region in row.regions),
        exact=bool(row.exact),
    )
