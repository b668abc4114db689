"""Which units a point lies in: for one point, for many at once, and for one just outside."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.areas.units import HIERARCHY, OVERLAPPING

#: Boundaries are simplified: a pier or a house on the border may lie this far outside all of them.
BOUNDARY_TOLERANCE_M = 500.0
_RANK = {level: rank for rank, level in enumerate((*HIERARCHY, *OVERLAPPING))}


@dataclass(frozen=True, slots=True)
class AreaRef:
    """A unit that something lies in."""

    code: str
    level: str
    name: str


@dataclass(frozen=True, slots=True)
class KnownArea:
    """A unit and the codes of those above it, nearest first; `is_union`: its places are those of the units it is made of."""

    ref: AreaRef
    ancestors: tuple[str, ...]
    is_union: bool = False


INSIDE = text(
    """
    SELECT p.i - 1 AS i, array_agg(DISTINCT s.area_code) AS codes
    FROM unnest(CAST(:lngs AS float8[]), CAST(:lats AS float8[])) WITH ORDINALITY AS p(lng, lat, i)
    JOIN published.area_part s ON ST_Intersects(s.geom, ST_SetSRID(ST_MakePoint(p.lng, p.lat), 4326))
    GROUP BY p.i
    """
)
# As one array of codes: either of two conditions would be looked for through the whole table.
DETAILS = text(
    """
    SELECT code, level, name, ancestors, level = 'metropolis' OR members IS NOT NULL AS is_union
    FROM published.area
    WHERE code = ANY(ARRAY(
      SELECT unnest(a.ancestors || a.code) FROM published.area a WHERE a.code = ANY(:codes)))
    """
)
# The box in degrees finds candidates by index, metres on the spheroid decide.
NEAREST = text(
    """
    SELECT DISTINCT ON (p.i) p.i - 1 AS i, n.area_code, n.distance_m
    FROM unnest(CAST(:lngs AS float8[]), CAST(:lats AS float8[])) WITH ORDINALITY AS p(lng, lat, i),
    LATERAL (
        SELECT s.area_code, a.level,
               ST_Distance(CAST(s.geom AS geography),
                           CAST(ST_SetSRID(ST_MakePoint(p.lng, p.lat), 4326) AS geography)) AS distance_m
        FROM published.area_part s
        JOIN published.area a ON a.code = s.area_code
        WHERE s.geom && ST_MakeEnvelope(
                  p.lng - :tolerance_m / (111320 * greatest(cos(radians(p.lat)), 0.01)),
                  p.lat - :tolerance_m / 110540.0,
                  p.lng + :tolerance_m / (111320 * greatest(cos(radians(p.lat)), 0.01)),
                  p.lat + :tolerance_m / 110540.0, 4326)
          AND a.level = ANY(:levels)
    ) n
    WHERE n.distance_m <= :tolerance_m
    ORDER BY p.i, round(CAST(n.distance_m AS numeric), 3), array_position(:levels, n.level), n.area_code
    """
)


# A metropolis is a union of gminas, and so is any area that is made of units: what lies in one of those lies in it, however the two outlines were drawn.
METROPOLISES = text(
    """
    SELECT g.code AS gmina, array_agg(DISTINCT m.code) AS codes
    FROM published.area m
    JOIN published.area_part s ON s.area_code = m.code
    JOIN published.area g ON ST_Intersects(s.geom, g.label)
    WHERE (m.level = 'metropolis' OR m.members IS NOT NULL) AND g.code = ANY(:gminas)
    GROUP BY g.code
    """
)
#: The smallest units, of which metropolises are made.
MEMBERS = ("gmina", "uat")


async def units_of_points(
    session: AsyncSession | AsyncConnection,
    points: Sequence[tuple[float, float]],
    *,
    tolerance_m: float = 0,
) -> list[list[AreaRef]]:
    """The units that each point (lng, lat; EPSG:4326) lies in, smallest first.

    One statement for all of them. On a border the smallest code of the lowest level counts, and the
    levels above are that unit's own, so that a point is never in one gmina and another powiat; so are
    its metropolises. A point outside everything has none, or with `tolerance_m` those of the nearest unit within it.
    """
    if not points:
        return []
    inside: dict[int, list[str]] = {row.i: row.codes for row in await session.execute(INSIDE, _axes(points))}
    known = await _details(session, {code for codes in inside.values() for code in codes})
    if tolerance_m > 0:
        missing = [
            i
            for i in range(len(points))
            if all(known[code].ref.level in OVERLAPPING for code in inside.get(i, ()))
        ]
        nearest = await _nearest(session, [points[i] for i in missing], tolerance_m)
        for i, (code, _) in nearest.items():
            inside[missing[i]] = [*inside.get(missing[i], ()), code]
        known |= await _details(session, {code for code, _ in nearest.values()} - known.keys())
    chains = [chain(inside.get(i, ()), known) for i in range(len(points))]
    unions = {code for code, area in known.items() if area.is_union}
    return await _in_metropolises(session, chains, unions)


async def areas_of_points(
    session: AsyncSession | AsyncConnection,
    points: Sequence[tuple[float, float]],
    *,
    tolerance_m: float = 0,
) -> list[list[str]]:
    """The codes of the units that each point lies in, smallest first; as `units_of_points`."""
    chains = await units_of_points(session, points, tolerance_m=tolerance_m)
    return [[ref.code for ref in chain] for chain in chains]


def chain(codes: Collection[str], known: Mapping[str, KnownArea]) -> list[AreaRef]:
    """The units of a point out of all that it touches: one of each level, those of one branch."""
    by_level: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        by_level[known[code].ref.level].append(code)
    chosen: dict[str, str] = {}
    for level in HIERARCHY:
        if level in chosen or level not in by_level:
            continue
        code = min(by_level[level])
        chosen[level] = code
        for ancestor in known[code].ancestors:
            if ancestor in known:
                chosen.setdefault(known[ancestor].ref.level, ancestor)
    overlapping = [code for level in OVERLAPPING for code in sorted(by_level[level])]
    refs = [known[code].ref for code in (*chosen.values(), *overlapping)]
    return sorted(refs, key=lambda ref: _RANK[ref.level])


async def _in_metropolises(
    session: AsyncSession | AsyncConnection, chains: list[list[AreaRef]], unions: Collection[str]
) -> list[list[AreaRef]]:
    """The chains with the unions of their gmina in place of those (`unions`) whose outline touches the point."""
    gminas = {ref.code for refs in chains for ref in refs if ref.level in MEMBERS}
    if not gminas:
        return chains
    rows = await session.execute(METROPOLISES, {"gminas": list(gminas)})
    of_gmina: dict[str, list[str]] = {row.gmina: row.codes for row in rows}
    known = await _details(session, {code for codes in of_gmina.values() for code in codes})
    return [_with_metropolises(refs, of_gmina, known, unions) for refs in chains]


def _with_metropolises(
    refs: list[AreaRef],
    of_gmina: Mapping[str, Sequence[str]],
    known: Mapping[str, KnownArea],
    unions: Collection[str],
) -> list[AreaRef]:
    gmina = next((ref.code for ref in refs if ref.level in MEMBERS), None)
    if gmina is None:
        return refs
    others = [ref for ref in refs if ref.code not in unions]
    return sorted(
        [*others, *(known[code].ref for code in sorted(of_gmina.get(gmina, ())))],
        key=lambda ref: _RANK[ref.level],
    )


async def _details(session: AsyncSession | AsyncConnection, codes: Collection[str]) -> dict[str, KnownArea]:
    if not codes:
        return {}
    rows = await session.execute(DETAILS, {"codes": list(codes)})
    return {
        row.code: KnownArea(AreaRef(row.code, row.level, row.name), tuple(row.ancestors), row.is_union)
        for row in rows
    }


async def _nearest(
    session: AsyncSession | AsyncConnection, points: Sequence[tuple[float, float]], tolerance_m: float
) -> dict[int, tuple[str, float]]:
    if not points:
        return {}
    rows = await session.execute(
        NEAREST, _axes(points) | {"tolerance_m": float(tolerance_m), "levels": list(HIERARCHY)}
    )
    return {row.i: (row.area_code, row.distance_m) for row in rows}


def _axes(points: Sequence[tuple[float, float]]) -> dict[str, list[float]]:
    return {"lngs": [float(lng) for lng, _ in points], "lats": [float(lat) for _, lat in points]}
