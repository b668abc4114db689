"""What the public reads: each answer is one SQL statement on `published` that returns its bytes."""

import functools
import math
import uuid
from dataclasses import dataclass
from typing import Any, Final

from app.features.filters import Filter, conditions
from app.features.statement import Statement
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import BBox
from geo.crs import web_mercator_of
from geo.geojson import feature_collection_sql
from geo.quadkey import bbox_ranges


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
    first. `count` adds `numberMatched`. The member `nextKey`, the key of the last feature, is there when more
    may follow; `last_id` gives the other half of where it is. `members` is JSON text of further members, beginning with a comma.
    """
    sql, values = conditions(wanted, vocabulary)
    values |= {"layer": layer, "limit": limit, "members": members}
    counted = _count_sql(wanted, sql, values) if count else None
    if after is not None:
        values |= {"after_qk": after.qk, "after_id": after.id}
    boxed = wanted.bbox is not None
    if wanted.bbox is not None:
        values |= _box_values(wanted.bbox, "pages", -1 if after is None else after.qk)
    statement = _collection_sql(tuple(sql), counted, boxed=boxed, full=full, further=after is not None)
    return Statement(statement, values, planned_once=wanted.by_codes and boxed and not count)


@functools.lru_cache(maxsize=512)
def _collection_sql(
    sql: tuple[str, ...], counted: str | None, *, boxed: bool, full: bool, further: bool
) -> str:
    """The statement of a shape: the features in ranges of keys when it is `boxed`, else of the whole layer.

    Each range is read in its order and no further than the page reaches. They ascend, and a range is read for one row of
    them after the other, so that what comes is in order already: to have it sorted would read all ranges to their ends.
    """
    columns = f"f.{'whole' if full else 'slim'} AS feature, f.qk, f.id"
    if boxed:
        further_on = [_AFTER] if further else []
        where = " AND ".join([_IN_RANGE, _INSIDE, *further_on, *sql])
        features = (
            f"SELECT f.feature, f.qk, f.id FROM {_RANGES.format('pages')} CROSS JOIN LATERAL (SELECT {columns}"  # noqa: S608 - program text
            f" FROM published.feature f WHERE {where} ORDER BY f.qk, f.id LIMIT :limit) f LIMIT :limit"
        )
    else:
        after = ["(f.qk, f.id) > (CAST(:after_qk AS bigint), CAST(:after_id AS uuid))"] if further else []
        where = " AND ".join(["f.layer = :layer", *after, *sql])
        features = f"SELECT {columns} FROM published.feature f WHERE {where} ORDER BY f.qk, f.id LIMIT :limit"  # noqa: S608 - program text
    return feature_collection_sql(
        features,
        members_parameter="members",
        number_matched_sql=counted,
        computed_members={"nextKey": _NEXT_KEY},
    )


#: Ranges of keys by which a box is read. More of them leave out more of what lies around it, and cost less than that.
MOST_RANGES: Final = 16
_RANGES = "unnest(CAST(:{0}_los AS bigint[]), CAST(:{0}_his AS bigint[])) AS r (lo, hi)"
_IN_RANGE = "f.layer = :layer AND f.qk >= r.lo AND f.qk < r.hi"
_INSIDE = "f.lng BETWEEN :west AND :east AND f.lat BETWEEN :south AND :north"
# Not as one comparison of rows: the index would take that for where to begin, at the layer's first key,
# and pass by all that lies before each range.
_AFTER = "(f.qk <> :after_qk OR f.id > :after_id)"
# The features come in the order of their keys, so the last of them is the page's last. To have its id from here, the ids of
# all of them would be gathered.
_NEXT_KEY = "CASE WHEN count(*) = :limit THEN max(q.qk) END"

#: No text of a feature can have this in it: its quotation marks would be escaped.
_BEGINNING: Final = b'{"type":"Feature","id":"'


def last_id(collection: bytes) -> uuid.UUID:
    """Give the id of the last feature of a FeatureCollection of ours; ValueError where it has none."""
    start = collection.rindex(_BEGINNING) + len(_BEGINNING)
    return uuid.UUID(collection[start : start + 36].decode())


def _box_values(box: BBox, name: str, passed: int = -1) -> dict[str, Any]:
    """The parameters of a box: its sides, and its ranges of keys from `passed` on, ascending, by their `name`."""
    ranges = [(max(lo, passed), hi) for lo, hi in bbox_ranges(box, MOST_RANGES) if hi > passed]
    return {
        "west": box.west,
        "south": box.south,
        "east": box.east,
        "north": box.north,
        # As PostgreSQL writes an array: as a list each number would be asked what it is.
        f"{name}_los": f"{{{','.join(str(lo) for lo, _ in ranges)}}}",
        f"{name}_his": f"{{{','.join(str(hi) for _, hi in ranges)}}}",
    }


def _count_sql(wanted: Filter, sql: list[str], values: dict[str, Any]) -> str:
    """SQL of the number of all that is wanted, whichever page is asked for."""
    source = source_of(wanted, sql, values)
    return f"SELECT count(*) FROM {source.replace(':after_qk', '-2').replace(':after_id', _NO_ID)}"  # noqa: S608 - program text


_NO_ID = "CAST('00000000-0000-0000-0000-000000000000' AS uuid)"


#: A fence: a plan for any parameters must not walk through the whole layer in the order asked for.
FENCE: Final = "OFFSET 0"


def source_of(wanted: Filter, sql: list[str], values: dict[str, Any]) -> str:
    """Give FROM and WHERE of the features asked for, in ranges of the key when there is a box.

    Adds to `values`; the parameters `after_qk` and `after_id` are the caller's.
    """
    if wanted.bbox is None:
        where = " AND ".join(
            ["f.layer = :layer", "(f.qk, f.id) > (CAST(:after_qk AS bigint), :after_id)", *sql]
        )
        return f"published.feature f WHERE {where}"
    values |= _box_values(wanted.bbox, "all")
    after = "(f.qk <> CAST(:after_qk AS bigint) OR f.id > :after_id)"
    return (
        f"{_RANGES.format('all')} CROSS JOIN LATERAL (SELECT f.* FROM published.feature f WHERE {_IN_RANGE}"  # noqa: S608 - program text
        f" AND f.qk >= CAST(:after_qk AS bigint) AND {' AND '.join([_INSIDE, after, *sql])} {FENCE}) f WHERE true"
    )


def one(layer: str, feature_id: uuid.UUID) -> Statement:
    """Give the full Feature of one id as bytes; no row when the public cannot see it."""
    return Statement(
        "SELECT convert_to(f.whole, 'UTF8') FROM published.feature f WHERE f.id = :id AND f.layer = :layer",
        {"id": feature_id, "layer": layer},
        planned_once=True,
    )


def past(layer: str, feature_id: uuid.UUID) -> Statement:
    """Give the public past of one id as the bytes of a JSON object; no row when the public cannot see it."""
    return Statement(
        """
        SELECT convert_to(CAST(json_build_object(
          'id', f.id, 'layer', f.layer, 'since', h.since, 'earlier', coalesce(h.earlier, 0),
          'events', coalesce(h.events, '[]')) AS text), 'UTF8')
        FROM published.feature f LEFT JOIN published.history h ON h.feature_id = f.id
        WHERE f.id = :id AND f.layer = :layer
        """,
        {"id": feature_id, "layer": layer},
        planned_once=True,
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
    count: bool = False,
) -> Statement:
    """Give a FeatureCollection by distance from a position in EPSG:4326, nearest first.

    The order is by Web Mercator distance, right at the scale of a city; `radius_m` is exact, on the
    sphere. One asked-for service is found by its own index, other filters are applied on the way. A box
    leaves out what is not in it. `count` adds `numberMatched`.
    """
    sql, values = conditions(wanted, vocabulary, placed=True)
    code = ""
    if len(wanted.services) == 1:
        (code,) = wanted.services
    x, y = web_mercator_of(lng, lat)
    values |= {"kind": f"{layer}:{code}", "x": x, "y": y, "limit": limit}
    if radius_m is not None:
        sql.append("ST_DistanceSphere(f.geom, ST_SetSRID(ST_MakePoint(:lng, :lat), 4326)) <= :radius_m")
        # Nothing inside the radius is cut off: away from the equator a metre on the ground is longer on the map.
        sql.append(f"ST_DWithin(s.geom, {_ORIGIN}, :radius_on_map)")
        farthest = math.radians(min(85.0, abs(lat) + radius_m / _SHORTEST_DEGREE_M))
        values |= {
            "lng": lng,
            "lat": lat,
            "radius_m": radius_m,
            "radius_on_map": radius_m / math.cos(farthest),
        }
    if wanted.bbox is not None:
        sql.append(_INSIDE)
        box = wanted.bbox
        values |= {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    plain = wanted.by_codes and wanted.bbox is None and radius_m is None and not count
    return Statement(_nearest_sql(tuple(sql), count=count), values, planned_once=plain)


#: Positions `s` of one service of a layer; of 64 bits that two kinds of a thousand are the same happens once in 10^13 times.
OF_KIND: Final = "s.kind = hashtextextended(:kind, 0)"
_ORIGIN = "ST_SetSRID(ST_MakePoint(:x, :y), 3857)"
#: No degree of latitude is shorter.
_SHORTEST_DEGREE_M = 110_000


@functools.lru_cache(maxsize=512)
def _nearest_sql(sql: tuple[str, ...], *, count: bool) -> str:
    where = " AND ".join([OF_KIND, *sql])
    source = f"published.service_position s JOIN published.feature f ON f.id = s.feature_id WHERE {where}"
    return feature_collection_sql(
        f"SELECT f.slim AS feature, s.geom <-> {_ORIGIN} AS far FROM {source}"  # noqa: S608 - program text
        f" ORDER BY s.geom <-> {_ORIGIN} LIMIT :limit",
        order_by="q.far",
        number_matched_sql=f"SELECT count(*) FROM {source}" if count else None,  # noqa: S608 - program text
    )


def count(layer: str, wanted: Filter, vocabulary: Vocabulary) -> Statement:
    """Give how many features there are, as one number."""
    sql, values = conditions(wanted, vocabulary)
    values |= {"layer": layer, "after_qk": -2, "after_id": uuid.UUID(int=0)}
    source = source_of(wanted, sql, values)
    return Statement(f"SELECT count(*) FROM {source}", values)  # noqa: S608 - program text
