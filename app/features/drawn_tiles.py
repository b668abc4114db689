"""The clusters of a tile within a drawn area: what lies in the middle is counted by cells, the edge place by place.

In cells that are wholly in the area no position is compared with its sides. Down to the deepest zoom of the pyramid they
are read from it, where it has what is asked for.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from app.features.filters import LIES_IN_DRAWN, Filter, conditions
from app.features.published import FENCE
from app.features.pyramid import CELL_DEPTH, DEEPEST_ZOOM, FAMILIES, counted_zoom
from app.features.statement import Statement
from app.features.tile_cells import CELL, COUNTED, IN_RANGES, drawn_cell, scale
from app.taxonomy.vocabulary import Vocabulary
from geo.cover import cover
from geo.geojson import feature_collection_sql
from geo.quadkey import MAX_ZOOM, cell_range, tile_range
from geo.ring import Ring
from geo.tile import Tile

Range = tuple[int, int]


def drawn_tile(
    layer: str,
    at: Tile,
    wanted: Filter,
    drawn: Ring,
    vocabulary: Vocabulary,
    facets: Sequence[str] | None,
) -> Statement:
    """Give the FeatureCollection of a tile of clusters of what is `wanted` and lies in `drawn`.

    `facets` are those of the pyramid that together count what is wanted without the area; None where it cannot.
    """
    others = replace(wanted, drawn=None)
    sql, values = conditions(others, vocabulary, placed=True)
    covered = cover(drawn)
    values |= scale(at) | {"layer": layer, "drawn": drawn.wkt}
    counted = facets is not None and at.z <= DEEPEST_ZOOM
    deep = [cell for cell in covered.inside if not counted or cell[0] > DEEPEST_ZOOM + CELL_DEPTH]
    values |= _bounds("inside", _ranges(at, deep)) | _bounds("edge", _ranges(at, covered.edge))
    if counted:
        values |= {"z": at.z, "facets": list(facets or ())}
        values |= _pyramid_ranges(at, covered.inside)
    return Statement(_sql(tuple(sql), counted=counted), values, planned_once=others.by_codes)


def _ranges(at: Tile, cells: Iterable[tuple[int, int]]) -> list[Range]:
    """The ranges of keys of cells, as far as they lie in a tile; those that follow on each other as one."""
    first, end = tile_range(at)
    ranges: list[Range] = []
    for zoom, code in cells:
        lo, hi = cell_range(code, zoom)
        lo, hi = max(lo, first), min(hi, end)
        if lo >= hi:
            continue
        if ranges and ranges[-1][1] == lo:
            lo = ranges.pop()[0]
        ranges.append((lo, hi))
    return ranges


def _bounds(name: str, ranges: Sequence[Range]) -> dict[str, str]:
    return {f"{name}_los": _array(lo for lo, _ in ranges), f"{name}_his": _array(hi for _, hi in ranges)}


def _array(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL writes an array of them; as a list each would be asked what it is."""
    return f"{{{','.join(map(str, numbers))}}}"


def _pyramid_ranges(at: Tile, cells: Iterable[tuple[int, int]]) -> dict[str, str]:
    """Where the pyramid has counted the cells: zooms of its tiles, and ranges of cells at that zoom.

    Cells larger than those of the tile are read at the tile's own zoom, or the next that is counted.
    """
    by_zoom: dict[int, list[tuple[int, int]]] = {}
    for zoom, code in cells:
        if zoom <= DEEPEST_ZOOM + CELL_DEPTH:
            by_zoom.setdefault(counted_zoom(max(at.z, zoom - CELL_DEPTH)), []).append((zoom, code))
    found = [
        (z, lo >> shift, hi >> shift)
        for z, of_zoom in sorted(by_zoom.items())
        for shift in (2 * (MAX_ZOOM - z - CELL_DEPTH),)
        for lo, hi in _ranges(at, of_zoom)
    ]
    return {
        "zooms": _array(z for z, _, _ in found),
        "firsts": _array(first for _, first, _ in found),
        "ends": _array(end for _, _, end in found),
    }


@functools.lru_cache(maxsize=512)
def _sql(sql: tuple[str, ...], *, counted: bool) -> str:
    parts = [_scanned("inside", sql), _scanned("edge", (*sql, LIES_IN_DRAWN))]
    if counted:
        parts.append(_COUNTED_BEFORE)
    families = ", ".join(f"sum(p.families[{i + 1}])" for i in range(FAMILIES))
    # Where one feature is all there is, the keys of its part leave it or little more.
    lone = " AND ".join(["f.layer = :layer", "f.qk >= c.lo", "f.qk < c.hi", *sql, LIES_IN_DRAWN])
    drawn = drawn_cell(lone, lng="c.lng / c.n", lat="c.lat / c.n")
    return feature_collection_sql(
        f"""
        SELECT {drawn} AS feature
        FROM (SELECT p.cell, CAST(sum(p.n) AS bigint) AS n, ARRAY[{families}] AS families,
                     sum(p.lng) AS lng, sum(p.lat) AS lat, min(p.lo) AS lo, min(p.hi) AS hi
              FROM ({" UNION ALL ".join(parts)}) p GROUP BY p.cell) c
        """  # noqa: S608 - program text
    )


def _scanned(name: str, sql: tuple[str, ...]) -> str:
    """SELECT of the cells of features in ranges of keys; between `lo` and `hi` are the keys of each."""
    where = " AND ".join([IN_RANGES, *sql])
    return f"""
        SELECT {CELL} AS cell, {COUNTED}, min(f.qk) AS lo, max(f.qk) + 1 AS hi
        FROM unnest(CAST(:{name}_los AS bigint[]), CAST(:{name}_his AS bigint[])) AS r (lo, hi)
        CROSS JOIN LATERAL (
          SELECT f.qk, f.family, f.lng, f.lat FROM published.feature f WHERE {where} {FENCE}) f
        GROUP BY 1
        """  # noqa: S608 - program text


#: The same of what the pyramid has counted, its cells as large as the tile's or smaller.
_COUNTED_BEFORE: Final = f"""
        SELECT c.cell >> (2 * (r.z - CAST(:z AS integer))) AS cell, c.n, c.families, c.sum_lng / CAST(1e6 AS float8) AS lng,
               c.sum_lat / CAST(1e6 AS float8) AS lat, c.cell << (2 * ({MAX_ZOOM - CELL_DEPTH} - r.z)) AS lo,
               (c.cell + 1) << (2 * ({MAX_ZOOM - CELL_DEPTH} - r.z)) AS hi
        FROM unnest(CAST(:zooms AS integer[]), CAST(:firsts AS bigint[]), CAST(:ends AS bigint[])) AS r (z, first, stop)
        CROSS JOIN LATERAL (
          SELECT c.cell, c.n, c.families, c.sum_lng, c.sum_lat FROM published.cell c
          WHERE c.layer = :layer AND c.facet = ANY(CAST(:facets AS text[])) AND c.z = r.z
            AND c.cell >= r.first AND c.cell < r.stop {FENCE}) c
        """  # noqa: S608 - constants of this package
