"""Areas that are unions of units: a metropolis of gminas, declared by the codes of its members.

The file is TOML, one `[[area]]` each: `code` (letters of our own), `country`, `name`, `members` (register codes without the
country, a gmina's without its last digit, which changes with its kind), and where wanted `level` (`metropolis`, or
`custom`), `names` by language, and `basis`, the act that it rests on. What it says is kept with the area, so that the file is
not needed again.
"""

import asyncio
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import shapely
from shapely import MultiPolygon, Polygon
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.boundary_file import is_own_code
from app.areas.importing import AreaImport, import_units
from app.areas.units import HIERARCHY, OVERLAPPING, Origin, Unit
from app.errors import MalformedInput

#: The metropolises that exist by law in the countries we know.
KNOWN: Final = Path(__file__).parent / "data" / "metropolises.toml"


class UnreadableUnions(MalformedInput):
    """This is not a file of areas with their members: code, country, name and members are needed of each, every code once."""


@dataclass(frozen=True, slots=True)
class Union:
    """An area as it is declared; `members` are stable codes (PL-246901)."""

    code: str
    country: str
    level: str
    name: str
    members: tuple[str, ...]
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Composed:
    """Areas with their outlines; of those with members that are not there or have no outline, those, by the area's code."""

    units: list[Unit]
    missing: dict[str, list[str]]


def read_unions(path: Path) -> list[Union]:
    """Read a file of areas. Raises UnreadableUnions."""
    try:
        declared = tomllib.loads(path.read_text(encoding="utf-8"))["area"]
        found = [_union(given) for given in declared]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableUnions from error
    if not found or len({union.code for union in found}) < len(found):
        raise UnreadableUnions
    return found


async def compose(session: AsyncSession, unions: Sequence[Union]) -> Composed:
    """Give each area its outline out of those of its members that are imported, and what they have in common.

    Its ancestors are the units that all members lie in; its population is known where that of every member is.
    """
    done = Composed([], {})
    for union in unions:
        rows = (
            await session.execute(_MEMBERS, {"codes": list(union.members), "levels": list(HIERARCHY)})
        ).all()
        missing = sorted(set(union.members) - {row.stable_code for row in rows})
        if missing:
            done.missing[union.code] = missing
        else:
            # Hundreds of outlines are joined in seconds, while others are served.
            done.units.append(await asyncio.to_thread(_unit, union, rows))
    return done


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of unions after an import of units: the `report` on those made anew, the `missing` members of others,
    which are as they were, and codes of areas of the same countries that overlap units and have an outline of their own.
    """

    report: AreaImport
    missing: dict[str, list[str]]
    others: list[str]


async def follow(session: AsyncSession, declared: Sequence[Union], countries: Collection[str]) -> Followed:
    """Make the unions anew that are in the database, in the transaction in which units of `countries` were written.

    Of what they are made of they know themselves; those that are `declared` are made as it says there, which a new
    version of the program may say otherwise.
    """
    rows = (await session.execute(_THERE, {"levels": list(OVERLAPPING), "countries": list(countries)})).all()
    by_code = {union.code: union for union in declared}
    unions = [by_code.get(row.code) or _kept(row) for row in rows if row.code in by_code or row.members]
    composed = await compose(session, unions)
    report = await import_units(session, composed.units) if composed.units else AreaImport()
    await settle(session)
    others = {row.code for row in rows} - {union.code for union in unions}
    return Followed(report, composed.missing, sorted(others))


async def settle(session: AsyncSession) -> None:
    """Say of areas with outlines of their own, that the desk keeps, in which units they lie."""
    await session.execute(_LIE_IN, {"levels": list(HIERARCHY), "within": WITHIN})


def _kept(row: Row[Any]) -> Union:
    return Union(row.code, row.country, row.level, row.name, tuple(row.members), dict(row.names))


def _union(given: dict[str, Any]) -> Union:
    country, code, name = str(given["country"]), str(given["code"]), " ".join(str(given["name"]).split())
    level = str(given.get("level", "metropolis"))
    members = [str(member) for member in given["members"]]
    plain = all(member.isascii() and member.isalnum() for member in members)
    if not (
        is_own_code(code) and len(country) == 2 and name and members and plain and level in OVERLAPPING
    ) or len(set(members)) < len(members):
        raise UnreadableUnions
    return Union(
        code=f"{country}-{code}",
        country=country,
        level=level,
        name=name,
        members=tuple(f"{country}-{member}" for member in members),
        names={str(language): str(words) for language, words in given.get("names", {}).items()},
    )


_THERE = text(
    """
    SELECT code, country, level, name, names, members
    FROM published.area
    WHERE level = ANY(:levels) AND country = ANY(:countries)
    ORDER BY code
    """
)
#: An outline of one's own lies in a unit with so much of it: nobody draws a district just along the border of the town.
WITHIN: Final = 0.99
# Areas with outlines of their own that the desk keeps lie in the units as they are now.
_LIE_IN = text(
    """
    UPDATE published.area a SET (ancestors, parent_code) = (found.codes, found.codes[1])
    FROM (
      SELECT k.code, coalesce(array_agg(u.code ORDER BY cardinality(u.ancestors) DESC, u.code)
                              FILTER (WHERE u.code IS NOT NULL), '{}') AS codes
      FROM published.area k
      LEFT JOIN published.area u ON u.level = ANY(:levels) AND u.country = k.country AND u.geom && k.geom
        AND ST_Area(ST_Intersection(u.geom, k.geom)) >= :within * ST_Area(k.geom)
      WHERE k.kept AND k.members IS NULL AND k.geom IS NOT NULL
      GROUP BY k.code
    ) found
    WHERE a.code = found.code AND a.ancestors IS DISTINCT FROM found.codes
    """
)
# A gmina's and its powiat's codes are of different lengths, so that one stable code is one unit.
_MEMBERS = text(
    """
    SELECT stable_code, ancestors, population, year, source, licence, ST_AsBinary(geom) AS wkb
    FROM published.area
    WHERE stable_code = ANY(:codes) AND level = ANY(:levels) AND geom IS NOT NULL
    ORDER BY stable_code
    """
)


def _unit(union: Union, rows: Sequence[Row[Any]]) -> Unit:
    outline = shapely.union_all([shapely.from_wkb(bytes(row.wkb)) for row in rows])
    parts = [part for part in shapely.get_parts(outline) if isinstance(part, Polygon)]
    populations = [row.population for row in rows]
    years = {row.year for row in rows}
    return Unit(
        code=union.code,
        stable_code=union.code,
        country=union.country,
        level=union.level,
        name=union.name,
        names=union.names,
        ancestors=_in_all([row.ancestors for row in rows]),
        population=None if None in populations else sum(populations),
        geometry=MultiPolygon(parts),
        members=union.members,
        origin=Origin(
            _joined(row.source for row in rows),
            _joined(row.licence for row in rows),
            max(years) if None not in years else None,
        ),
    )


def _in_all(lists: Sequence[Sequence[str]]) -> tuple[str, ...]:
    first, *others = lists
    return tuple(code for code in first if all(code in other for other in others))


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(sorted(set(texts)))
