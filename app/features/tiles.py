"""The tiles of the map: clusters where it shows much, the features themselves where it shows little."""

import functools
from dataclasses import replace

from app.features.drawn_tiles import drawn_tile
from app.features.filters import Filter, conditions
from app.features.pyramid import CELL_DEPTH, DEEPEST_ZOOM, FAMILIES, counted_zoom
from app.features.statement import Statement
from app.features.tile_cells import CELL, COUNTED, IN_RANGE, drawn_cell, scale
from app.features.welcome import asked_facets
from app.taxonomy.vocabulary import Vocabulary
from geo.geojson import feature_collection_sql
from geo.quadkey import MAX_ZOOM, tile_range
from geo.tile import Tile

#: From this zoom a tile gives every feature; two of them are 64 px apart when 20 m lie between them.
POINTS_ZOOM = 16
#: More features than this on one such tile are no map any more; the list has them all.
MOST_POINTS = 5000


def tile(layer: str, at: Tile, wanted: Filter, vocabulary: Vocabulary) -> Statement:
    """Give the FeatureCollection of a map tile.

    Up to zoom 10 and with at most one facet, or an audience in modes, the clusters come from the pyramid; otherwise they
    are grouped from the covering index. A cluster has `count` and `families`, how many of each of the six; a
    lone feature is given as it is, and from `POINTS_ZOOM` on every feature.
    """
    if at.z >= POINTS_ZOOM:
        return _points_tile(layer, at, wanted, vocabulary)
    facets = _facets(wanted)
    if wanted.drawn is not None:
        return drawn_tile(layer, at, wanted, wanted.drawn, vocabulary, facets)
    if at.z <= DEEPEST_ZOOM and facets is not None:
        return _pyramid_tile(layer, at, wanted, facets, vocabulary)
    return _grouped_tile(layer, at, wanted, vocabulary)


def _facets(wanted: Filter) -> tuple[str, ...] | None:
    """The facets of the pyramid that together count what is wanted, whatever area is drawn; None where it cannot."""
    plain = Filter(wanted.services, wanted.audiences, wanted.languages, audience_modes=wanted.audience_modes)
    facet = wanted.single_facet
    if facet is None or replace(wanted, drawn=None) != plain:
        return None
    if facet.startswith("a:") or (facet == "" and wanted.audience_modes):
        return asked_facets(facet.removeprefix("a:"), wanted.audience_modes)
    return None if wanted.audience_modes else (facet,)


def _points_tile(layer: str, at: Tile, wanted: Filter, vocabulary: Vocabulary) -> Statement:
    sql, values = conditions(wanted, vocabulary, placed=True)
    lo, hi = tile_range(at)
    values |= {"layer": layer, "lo": lo, "hi": hi}
    return Statement(_points_sql(tuple(sql)), values, planned_once=wanted.by_codes)


@functools.lru_cache(maxsize=512)
def _points_sql(sql: tuple[str, ...]) -> str:
    where = " AND ".join([IN_RANGE, *sql])
    return feature_collection_sql(
        f"SELECT f.slim AS feature FROM published.feature f WHERE {where} ORDER BY f.qk, f.id LIMIT {MOST_POINTS}"  # noqa: S608 - program text
    )


def _grouped_tile(layer: str, at: Tile, wanted: Filter, vocabulary: Vocabulary) -> Statement:
    sql, values = conditions(wanted, vocabulary, placed=True)
    lo, hi = tile_range(at)
    values |= {"layer": layer, "lo": lo, "hi": hi} | scale(at)
    return Statement(_grouped_sql(tuple(sql)), values, planned_once=wanted.by_codes)


@functools.lru_cache(maxsize=512)
def _grouped_sql(sql: tuple[str, ...]) -> str:
    where = " AND ".join([IN_RANGE, *sql])
    # A lone feature's key is the smallest of its cell, so that it is found again by the index.
    lone = " AND ".join(["f.layer = :layer", "f.qk = c.key", *sql])
    drawn = drawn_cell(lone, lng="c.lng / c.n", lat="c.lat / c.n")
    return feature_collection_sql(
        f"""
        SELECT {drawn} AS feature
        FROM (SELECT {CELL} AS cell, {COUNTED}, min(f.qk) AS key
              FROM published.feature f WHERE {where} GROUP BY {CELL}) c
        """  # noqa: S608 - program text
    )


def _pyramid_tile(
    layer: str, at: Tile, wanted: Filter, facets: tuple[str, ...], vocabulary: Vocabulary
) -> Statement:
    sql, values = conditions(wanted, vocabulary)
    lo, hi = tile_range(at)
    z = counted_zoom(at.z)
    shift = 2 * (MAX_ZOOM - z - CELL_DEPTH)
    values |= scale(at) | {"layer": layer, "z": z, "first": lo >> shift, "end": hi >> shift}
    if len(facets) == 1:
        values["facet"] = facets[0]
    else:
        values["facets"] = list(facets)
    if z > at.z:
        values["finer"] = 2 * (z - at.z)
    statement = _pyramid_sql(tuple(sql), several=len(facets) > 1, finer=z > at.z)
    return Statement(statement, values, planned_once=True)


@functools.lru_cache(maxsize=512)
def _pyramid_sql(sql: tuple[str, ...], *, several: bool, finer: bool) -> str:
    """The statement of a shape: cells of `several` facets are summed, and those that are `finer` than the tile's."""
    lone = " AND ".join(
        [
            "f.layer = :layer",
            "f.qk >= c.cell << CAST(:shift AS integer)",
            "f.qk < (c.cell + 1) << CAST(:shift AS integer)",
            *sql,
        ],
    )
    drawn = drawn_cell(lone, lng="c.sum_lng / 1e6 / c.n", lat="c.sum_lat / 1e6 / c.n")
    facet = "c.facet = ANY(CAST(:facets AS text[]))" if several else "c.facet = :facet"
    cells = f"published.cell c WHERE c.layer = :layer AND {facet} AND c.z = :z AND c.cell >= :first AND c.cell < :end"
    if several or finer:
        cell = "c.cell >> CAST(:finer AS integer)" if finer else "c.cell"
        families = ", ".join(f"sum(c.families[{i + 1}])" for i in range(FAMILIES))
        sums = f"sum(c.n) AS n, ARRAY[{families}] AS families, sum(c.sum_lng) AS sum_lng, sum(c.sum_lat) AS sum_lat"
        cells = f"(SELECT {cell} AS cell, {sums} FROM {cells} GROUP BY {cell}) c"  # noqa: S608 - program text
    return feature_collection_sql(f"SELECT {drawn} AS feature FROM {cells}")  # noqa: S608 - program text
