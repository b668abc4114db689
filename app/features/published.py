"""What the public reads: each answer is one SQL statement on `published` that returns its bytes."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.features.filters import Filter, conditions
from app.features.pyramid import CELL_DEPTH, DEEPEST_ZOOM
from app.taxonomy.vocabulary import Vocabulary
from geo.geojson import feature_collection_sql
from geo.quadkey import MAX_ZOOM, bbox_ranges, tile_range
from geo.tile import Tile

#: From this zoom a tile gives every feature; two of them are 64 px apart when 20 m lie between them.
POINTS_ZOOM = 16
#: More features than this on one such tile are no map any more; the list has them all.
MOST_POINTS = 5000


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its parameters; the caller runs it on a connection of the reader."""

    sql: TextClause
    values: dict[str, Any]

    async def bytes(self, connection: AsyncConnection) -> bytes:
        """Run it and give the one value it returns."""
        row = await connection.execute(self.sql, self.values)
        return bytes(row.scalar_one())


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the key order of a layer, from which the next page goes on (exclusive)."""

    qk: int
    id: uuid.UUID


def collection(
    layer: str,
    wanted: Filter,
    vocabulary: Vocabulary,
    *,
    limit: int,
    after: Position | None = None,
    full: bool = False,
    count: bool = False,
    members: str = "",
) -> Statement:
    """Give a FeatureCollection in key order: `limit` features after a position.

    With a box only features that have a position inside it; without one all, those without a position
    first. `count` adds `numberMatched`. The member `nextKey`, `[qk, id]` of the last feature, is there when
    more may follow. `members` is JSON text of further members, beginning with a comma.
    """
    sql, values = conditions(wanted, vocabulary)
    values |= {"layer": layer, "limit": limit, "members": members}
    # No range gives more than the page takes, so that a box over a city does not fetch all of it.
    source = source_of(wanted, sql, values, first=_FIRST)
    counted = (
        f"SELECT count(*) FROM {source.replace(_FIRST, _ALL).replace(':after_qk', '-2').replace(':after_id', _NO_ID)}"  # noqa: S608 - program text
        if count
        else None
    )
    if after is None:
        values |= {"after_qk": -2, "after_id": uuid.UUID(int=0)}
    else:
        values |= {"after_qk": after.qk, "after_id": after.id}
    statement = feature_collection_sql(
        f"SELECT f.{'whole' if full else 'slim'} AS feature, f.qk, f.id FROM {source} ORDER BY f.qk, f.id LIMIT :limit",  # noqa: S608 - program text
        members_parameter="members",
        number_matched_sql=counted,
        computed_members={"nextKey": _NEXT_KEY},
    )
    return Statement(text(statement), values)


_FIRST = "ORDER BY f.qk, f.id LIMIT :limit"
# A fence: a plan for any parameters must not walk through the whole layer in the order asked for.
_ALL = "OFFSET 0"
_NO_ID = "CAST('00000000-0000-0000-0000-000000000000' AS uuid)"
# Ids are compared only among equal keys; the greatest of all goes with the greatest key.
_NEXT_KEY = (
    "CASE WHEN count(*) = CAST(:limit AS bigint) THEN json_build_array(max(q.qk),"
    " (array_agg(q.id ORDER BY q.qk DESC, q.id DESC))[1])::text END"
)


def source_of(wanted: Filter, sql: list[str], values: dict[str, Any], *, first: str = _ALL) -> str:
    """Give FROM and WHERE of the features asked for, in ranges of the key when there is a box.

    Adds to `values`; the parameters `after_qk` and `after_id` are the caller's. `first` is an ORDER BY with a
    LIMIT for each range, where that is all the caller can need.
    """
    if wanted.bbox is None:
        where = " AND ".join(
            ["f.layer = :layer", "(f.qk, f.id) > (CAST(:after_qk AS bigint), :after_id)", *sql]
        )
        return f"published.feature f WHERE {where}"
    box = wanted.bbox
    ranges = bbox_ranges(box)
    values |= {
        "los": [lo for lo, _ in ranges],
        "his": [hi for _, hi in ranges],
        "west": box.west,
        "south": box.south,
        "east": box.east,
        "north": box.north,
    }
    inside = "f.lng BETWEEN :west AND :east AND f.lat BETWEEN :south AND :north"
    # Not as one comparison of rows: the index would take that for where to begin, at the layer's first key,
    # and pass by all that lies before each range.
    after = "(f.qk <> CAST(:after_qk AS bigint) OR f.id > :after_id)"
    return (
        "unnest(CAST(:los AS bigint[]), CAST(:his AS bigint[])) AS r (lo, hi)"  # noqa: S608 - program text
        " CROSS JOIN LATERAL (SELECT f.* FROM published.feature f WHERE f.layer = :layer"
        " AND f.qk >= greatest(r.lo, CAST(:after_qk AS bigint)) AND f.qk < r.hi"
        f" AND {' AND '.join([inside, after, *sql])} {first}) f WHERE true"
    )


def one(layer: str, feature_id: uuid.UUID) -> Statement:
    """Give the full Feature of one id as bytes; no row when the public cannot see it."""
    return Statement(
        text(
            "SELECT convert_to(f.whole, 'UTF8') FROM published.feature f WHERE f.id = :id AND f.layer = :layer"
        ),
        {"id": feature_id, "layer": layer},
    )


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
    sql, values = conditions(wanted, vocabulary)
    lo, hi = tile_range(at)
    where = " AND ".join([_IN_RANGE, *sql])
    statement = feature_collection_sql(
        f"SELECT f.slim AS feature FROM published.feature f WHERE {where} ORDER BY f.qk, f.id LIMIT {MOST_POINTS}"  # noqa: S608 - program text
    )
    return Statement(text(statement), values | {"layer": layer, "lo": lo, "hi": hi})


def _grouped_tile(layer: str, at: Tile, wanted: Filter, vocabulary: Vocabulary) -> Statement:
    sql, values = conditions(wanted, vocabulary)
    lo, hi = tile_range(at)
    where = " AND ".join([_IN_RANGE, *sql])
    sums = ", ".join(f"count(*) FILTER (WHERE f.family = {i})" for i in range(6))
    # A lone feature's key is the smallest of its cell, so that it is found again by the index.
    lone = " AND ".join(["f.layer = :layer", "f.qk = c.key", *sql])
    cluster = _cluster(
        count="c.n",
        families="array_to_string(c.families, ',')",
        lng="c.lng",
        lat="c.lat",
        identity="c.cell",
    )
    statement = feature_collection_sql(
        f"""
        SELECT CASE WHEN c.n = 1
                    THEN (SELECT f.slim FROM published.feature f WHERE {lone} LIMIT 1)
                    ELSE {cluster} END AS feature
        FROM (SELECT f.qk >> :shift AS cell, count(*) AS n, ARRAY[{sums}] AS families,
                     avg(f.lng) AS lng, avg(f.lat) AS lat, min(f.qk) AS key
              FROM published.feature f WHERE {where} GROUP BY f.qk >> :shift) c
        """  # noqa: S608 - program text
    )
    return Statement(text(statement), values | {"layer": layer, "lo": lo, "hi": hi} | _scale(at))


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
    lone = " AND ".join(
        ["f.layer = :layer", "f.qk >= c.cell << :shift", "f.qk < (c.cell + 1) << :shift", *sql],
    )
    cluster = _cluster(
        count="c.n",
        families="array_to_string(c.families, ',')",
        lng="c.sum_lng / 1e6 / c.n",
        lat="c.sum_lat / 1e6 / c.n",
        identity="c.cell",
    )
    statement = feature_collection_sql(
        f"""
        SELECT CASE WHEN c.n = 1
                    THEN (SELECT f.slim FROM published.feature f WHERE {lone} LIMIT 1)
                    ELSE {cluster} END AS feature
        FROM published.cell c
        WHERE c.layer = :layer AND c.facet = :facet AND c.z = :z AND c.cell >= :first AND c.cell < :end
        """  # noqa: S608 - program text
    )
    return Statement(text(statement), values)


_IN_RANGE = "f.layer = :layer AND f.qk >= :lo AND f.qk < :hi"


def _scale(at: Tile) -> dict[str, int]:
    return {"shift": 2 * (MAX_ZOOM - at.z - CELL_DEPTH), "cell_zoom": at.z + CELL_DEPTH}


def _cluster(*, count: str, families: str, lng: str, lat: str, identity: str) -> str:
    """SQL of a cluster's Feature text. Its id names the cell, so that a client can tell it again."""
    return (
        f"""'{{"type":"Feature","id":"' || CAST(:cell_zoom AS integer) || '/' || {identity} ||"""
        f"""'","geometry":{{"type":"Point","coordinates":[' || round(CAST({lng} AS numeric), 6) || ',' ||"""
        f"""round(CAST({lat} AS numeric), 6) || ']}},"properties":{{"count":' || {count} ||"""
        f"""',"families":[' || {families} || ']}}}}'"""
    )


def nearest(
    layer: str,
    lng: float,
    lat: float,
    wanted: Filter,
    vocabulary: Vocabulary,
    *,
    limit: int,
    radius_m: float | None,
) -> Statement:
    """Give a FeatureCollection by distance from a position in EPSG:4326, nearest first.

    The order is by Web Mercator distance, right at the scale of a city; `radius_m` is exact, on the
    sphere. One asked-for service is found by its own index, other filters are applied on the way.
    """
    sql, values = conditions(wanted, vocabulary)
    code = ""
    if len(wanted.services) == 1:
        (code,) = wanted.services
    values |= {"layer": layer, "code": code, "lng": lng, "lat": lat, "limit": limit}
    if radius_m is not None:
        sql.append("ST_DistanceSphere(f.geom, ST_SetSRID(ST_MakePoint(:lng, :lat), 4326)) <= :radius_m")
        # A metre on the ground is at least this long on the map, so nothing inside the radius is cut off.
        sql.append(
            "ST_DWithin(s.geom, ST_Transform(ST_SetSRID(ST_MakePoint(:lng, :lat), 4326), 3857),"
            " :radius_m / greatest(0.05, cos(radians(least(85, abs(CAST(:lat AS float8)) + :radius_m / 111000)))))"
        )
        values["radius_m"] = radius_m
    where = " AND ".join(["s.layer = :layer", "s.code = :code", *sql])
    statement = feature_collection_sql(
        f"""
        SELECT f.slim AS feature, s.geom <-> ST_Transform(ST_SetSRID(ST_MakePoint(:lng, :lat), 4326), 3857) AS far
        FROM published.service_position s JOIN published.feature f ON f.id = s.feature_id
        WHERE {where}
        ORDER BY s.geom <-> ST_Transform(ST_SetSRID(ST_MakePoint(:lng, :lat), 4326), 3857) LIMIT :limit
        """,  # noqa: S608 - program text
        order_by="q.far",
    )
    return Statement(text(statement), values)


def count(layer: str, wanted: Filter, vocabulary: Vocabulary) -> Statement:
    """Give how many features there are, as one number."""
    sql, values = conditions(wanted, vocabulary)
    values |= {"layer": layer, "after_qk": -2, "after_id": uuid.UUID(int=0)}
    source = source_of(wanted, sql, values)
    return Statement(text(f"SELECT count(*) FROM {source}"), values)  # noqa: S608 - program text
