"""The tiles of the map: clusters where it shows much, the features themselves where it shows little."""

import functools
from dataclasses import replace

from app.features.filters import Filter, conditions, drawn_by_key
from app.features.published import FENCE
from app.features.pyramid import CELL_DEPTH, DEEPEST_ZOOM
from app.features.statement import Statement
from app.taxonomy.vocabulary import Vocabulary
from geo.geojson import feature_collection_sql
from geo.quadkey import MAX_ZOOM, bbox_ranges, tile_range
from geo.tile import Tile

#: From this zoom a tile gives every feature; two of them are 64 px apart when 20 m lie between them.
POINTS_ZOOM = 16
#: More features than this on one such tile are no map any more; the list has them all.
MOST_POINTS = 5000


def tile(layer: str, at: Tile, wanted: Filter, vocabulary: Vocabulary) -> Statement:
    """Give the FeatureCollection of a map tile.

    Up to zoom 9 and with at most one facet the clusters come from the pyramid; otherwise they are
    grouped from the covering index. A cluster has `count` and `families`, how many of each of the six; a
    lone feature is given as it is, and from `POINTS_ZOOM` on every feature.
    """
    if at.z >= POINTS_ZOOM:
        return _points_tile(layer, at, wanted, vocabulary)
    plain = Filter(services=wanted.services, audiences=wanted.audiences, languages=wanted.languages)
    if at.z <= DEEPEST_ZOOM and wanted.single_facet is not None and wanted == plain:
        return _pyramid_tile(layer, at, wanted, vocabulary)
    return _grouped_tile(layer, at, wanted, vocabulary)


def _points_tile(layer: str, at: Tile, wanted: Filter, vocabulary: Vocabulary) -> Statement:
    sql, values = conditions(wanted, vocabulary, placed=True)
    lo, hi = tile_range(at)
    values |= {"layer": layer, "lo": lo, "hi": hi}
    return Statement(_points_sql(tuple(sql)), values, planned_once=wanted.by_codes)


@functools.lru_cache(maxsize=512)
def _points_sql(sql: tuple[str, ...]) -> str:
    where = " AND ".join([_IN_RANGE, *sql])
    return feature_collection_sql(
        f"SELECT f.slim AS feature FROM published.feature f WHERE {where} ORDER BY f.qk, f.id LIMIT {MOST_POINTS}"  # noqa: S608 - program text
    )


def _grouped_tile(layer: str, at: Tile, wanted: Filter, vocabulary: Vocabulary) -> Statement:
    sql, values = conditions(replace(wanted, drawn=None), vocabulary, placed=True)
    lo, hi = tile_range(at)
    values |= {"layer": layer} | _scale(at)
    if wanted.drawn is None:
        values |= {"lo": lo, "hi": hi}
    else:
        inside, found = drawn_by_key(wanted.drawn)
        sql += inside
        ranges = [(max(lo, first), min(hi, end)) for first, end in bbox_ranges(wanted.drawn.box)]
        values |= found | {"los": [first for first, _ in ranges], "his": [end for _, end in ranges]}
    statement = _grouped_sql(tuple(sql), several=wanted.drawn is not None)
    return Statement(statement, values, planned_once=wanted.by_codes)


@functools.lru_cache(maxsize=512)
def _grouped_sql(sql: tuple[str, ...], *, several: bool) -> str:
    """The statement of a shape; with `several` the features are read in several ranges of keys."""
    where = " AND ".join([_IN_RANGES if several else _IN_RANGE, *sql])
    source = f"published.feature f WHERE {where}"
    if several:
        columns = "f.qk, f.family, f.lng, f.lat"
        source = (
            "unnest(CAST(:los AS bigint[]), CAST(:his AS bigint[])) AS r (lo, hi)"  # noqa: S608 - program text
            f" CROSS JOIN LATERAL (SELECT {columns} FROM {source} {FENCE}) f"
        )
    sums = ", ".join(f"count(*) FILTER (WHERE f.family = {i})" for i in range(6))
    # A lone feature's key is the smallest of its cell, so that it is found again by the index.
    lone = " AND ".join(["f.layer = :layer", "f.qk = c.key", *sql])
    drawn = _drawn(lone, lng="c.lng", lat="c.lat")
    return feature_collection_sql(
        f"""
        SELECT {drawn} AS feature
        FROM (SELECT f.qk >> CAST(:shift AS integer) AS cell, count(*) AS n, ARRAY[{sums}] AS families,
                     avg(f.lng) AS lng, avg(f.lat) AS lat, min(f.qk) AS key
              FROM {source} GROUP BY f.qk >> CAST(:shift AS integer)) c
        """  # noqa: S608 - program text
    )


def _pyramid_tile(layer: str, at: Tile, wanted: Filter, vocabulary: Vocabulary) -> Statement:
    sql, values = conditions(wanted, vocabulary)
    lo, hi = tile_range(at)
    scale = _scale(at)
    values |= scale | {
        "layer": layer,
        "facet": wanted.single_facet,
        "z": at.z,
        "first": lo >> scale["shift"],
        "end": hi >> scale["shift"],
    }
    return Statement(_pyramid_sql(tuple(sql)), values, planned_once=True)


@functools.lru_cache(maxsize=512)
def _pyramid_sql(sql: tuple[str, ...]) -> str:
    lone = " AND ".join(
        [
            "f.layer = :layer",
            "f.qk >= c.cell << CAST(:shift AS integer)",
            "f.qk < (c.cell + 1) << CAST(:shift AS integer)",
            *sql,
        ],
    )
    drawn = _drawn(lone, lng="c.sum_lng / 1e6 / c.n", lat="c.sum_lat / 1e6 / c.n")
    return feature_collection_sql(
        f"""
        SELECT {drawn} AS feature
        FROM published.cell c
        WHERE c.layer = :layer AND c.facet = :facet AND c.z = :z AND c.cell >= :first AND c.cell < :end
        """  # noqa: S608 - program text
    )


_IN_RANGE = "f.layer = :layer AND f.qk >= :lo AND f.qk < :hi"
_IN_RANGES = "f.layer = :layer AND f.qk >= r.lo AND f.qk < r.hi"


def _scale(at: Tile) -> dict[str, int]:
    return {"shift": 2 * (MAX_ZOOM - at.z - CELL_DEPTH), "cell_zoom": at.z + CELL_DEPTH}


def _drawn(lone: str, *, lng: str, lat: str) -> str:
    """SQL of a cell `c` as a Feature text: its one feature, which `lone` finds, as it is; else a cluster.

    A cluster's id names the cell, so that a client can tell it again.
    """
    cluster = (
        """'{"type":"Feature","id":"' || CAST(:cell_zoom AS integer) || '/' || c.cell ||"""
        f"""'","geometry":{{"type":"Point","coordinates":[' || round(CAST({lng} AS numeric), 6) || ',' ||"""
        f"""round(CAST({lat} AS numeric), 6) || ']}},"properties":{{"count":' || c.n ||"""
        """',"families":[' || array_to_string(c.families, ',') || ']}}'"""
    )
    return (
        f"CASE WHEN c.n = 1 THEN (SELECT f.slim FROM published.feature f WHERE {lone} LIMIT 1)"  # noqa: S608 - program text
        f" ELSE {cluster} END"
    )
