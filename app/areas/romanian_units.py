"""Romanian units: communes, towns and sectors by their SIRUTA code, and the counties made of them."""

import re
from collections import defaultdict
from collections.abc import Iterable

import shapely
from shapely import MultiPolygon, Polygon

from app.areas.units import Unit

#: First words of `natLevName`.
KINDS = {
    "comuna": "commune",
    "oras": "town",
    "oraș": "town",
    "municipiu": "municipality",
    "sectoarele": "sector",
}
#: The cedilla letters of old encodings and the letters with a comma that Romanian has.
COMMA_BELOW = str.maketrans("şŞţŢ", "șȘțȚ")


def is_siruta(code: str) -> bool:
    """Whether it can be a SIRUTA code."""
    return re.fullmatch(r"[1-9]\d{1,5}", code) is not None and code.isascii()


def is_county(code: str) -> bool:
    """Whether it can be the car-plate code of a county, or B for Bucharest."""
    return re.fullmatch(r"[A-Z]{1,2}", code) is not None


def kind_of(level_name: str) -> str | None:
    """The kind of a unit from the register's name of its level; None when it is not known."""
    words = level_name.lower().split()
    return KINDS.get(words[0].rstrip(",")) if words else None


def romanian_name(name: str) -> str:
    """The name with commas, not cedillas, below its letters and single blanks."""
    return " ".join(name.translate(COMMA_BELOW).split())


def counties(units: Iterable[Unit], county_names: dict[str, str]) -> list[Unit]:
    """The counties, each the union of its units. `county_names` is by the county's code (`RO-CJ`).

    A hole is filled where no unit of any county lies in it: it is a unit whose boundary is missing
    (or a sliver between two simplified boundaries), not an enclave like Bucharest in Ilfov. The
    population is the sum, None when that of one unit is not known.
    """
    of_county: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.level == "uat" and unit.parent_code:
            of_county[unit.parent_code].append(unit)
    outlines = [u.geometry for members in of_county.values() for u in members if u.geometry is not None]
    index = shapely.STRtree(outlines)
    made = []
    for code, members in sorted(of_county.items()):
        parts = [unit.geometry for unit in members if unit.geometry is not None]
        people = [unit.population for unit in members]
        made.append(
            Unit(
                code=code,
                stable_code=code,
                country="RO",
                level="county",
                name=county_names[code],
                origin=members[0].origin,
                population=None if None in people else sum(p or 0 for p in people),
                geometry=_without_gaps(shapely.union_all(parts), index) if parts else None,
            )
        )
    return made


def _without_gaps(outline: shapely.Geometry, units: shapely.STRtree) -> MultiPolygon:
    polygons = [part for part in shapely.get_parts(outline) if isinstance(part, Polygon)]
    kept = []
    for polygon in polygons:
        holes = [ring for ring in polygon.interiors if _is_enclave(Polygon(ring), units)]
        kept.append(Polygon(polygon.exterior, holes))
    return MultiPolygon(kept)


def _is_enclave(hole: Polygon, units: shapely.STRtree) -> bool:
    return len(units.query(hole.representative_point(), predicate="within")) > 0
