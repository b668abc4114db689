"""What has changed of what the public sees, in order and for ever: whoever follows it has what the layers have.

Publications of one layer come one after the other (`app.features.versions.advance`), so that its entries become visible
in the order of their cursors; those of two layers need not. So a reader keeps a place for each layer.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.features.merged import way_from
from app.features.statement import Statement


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has read: the last cursor by layer; and the newest entry of all, with its moment in microseconds.

    By that one it is seen that the database is still the one which the place is of, and not one of an older backup.
    """

    cursors: Mapping[str, int]
    last: int = 0
    last_at_us: int = 0


def changes(place: Place, *, limit: int, timezone: str) -> Statement:
    """Give the entries after a place as JSON in bytes; no row where the place is of another database.

    `{"positions", "last", "more", "changes"}`: the first two are the place after them. An entry has `kind`, `layer`,
    `id` and `day`; what a feature says now, or where it leads, stands in its newest entry. What it said before is told
    nowhere, nor at which hour.
    """
    return Statement(_CHANGES, _values(place, limit) | {"zone": timezone})


def gone(place: Place, *, limit: int, discreet: tuple[int, int, int]) -> Statement:
    """Give what nobody may hold any longer of what changed after a place, as JSON in bytes; no row as in `changes`.

    `{"positions", "last", "more", "gone"}`: the ids of what is on the map no more, or not openly: protected, or with a
    service of the mask `discreet`. Of the entries after the place as many as `limit` were looked at.
    """
    masks = {f"discreet_{word}": mask for word, mask in enumerate(discreet)}
    return Statement(_GONE, _values(place, limit) | masks)


def place_before(day: dt.date, layers: Iterable[str], *, timezone: str) -> Statement:
    """Give the place from which all of a day follows, and some of the day before, as JSON in bytes: `positions`, `last`.

    A publication has the moment at which its transaction began, and those of a layer come in the order in which they
    end: hence the day before. The last one that began before that ended long before the day, and so did all before it.
    """
    return Statement(_PLACE_BEFORE, {"layers": sorted(layers), "day": day, "zone": timezone})


def _values(place: Place, limit: int) -> dict[str, Any]:
    layers = sorted(place.cursors)
    return {
        "layers": layers,
        "after": [place.cursors[layer] for layer in layers],
        "limit": limit,
        "last": place.last,
        "last_at_us": place.last_at_us,
    }


#: The entries of a page, the newest of them, and whether there are more. Said with an equal sign, a layer that seldom
#: changes would be looked for in the entries of all of them.
_PAGE = """
    asked AS (
      SELECT layer, after FROM unnest(CAST(:layers AS text[]), CAST(:after AS bigint[])) AS asked (layer, after)
    ),
    found AS (
      SELECT c.cursor, c.layer, c.feature_id, c.kind, c.at FROM asked CROSS JOIN LATERAL (
        SELECT * FROM published.change c
        WHERE (c.layer, c.cursor) > (asked.layer, asked.after) AND c.layer <= asked.layer
        ORDER BY c.layer, c.cursor LIMIT CAST(:limit AS integer) + 1
      ) c
      ORDER BY c.cursor LIMIT CAST(:limit AS integer) + 1
    ),
    page AS (SELECT * FROM found ORDER BY cursor LIMIT CAST(:limit AS integer)),
    last AS (
      SELECT cursor, CAST(extract(epoch FROM at) * 1000000 AS bigint) AS at_us FROM page ORDER BY cursor DESC LIMIT 1
    )
"""
#: The place after a page, as it begins an answer.
_PLACE_AFTER = """
      '{"positions":' || (
        SELECT CAST(json_object_agg(asked.layer, greatest(asked.after, (
          SELECT max(cursor) FROM page WHERE page.layer = asked.layer))) AS text) FROM asked)
      || ',"last":[' || coalesce(
        (SELECT greatest(cursor, CAST(:last AS bigint)) || ',' || CASE
          WHEN cursor > CAST(:last AS bigint) THEN at_us ELSE CAST(:last_at_us AS bigint) END FROM last),
        CAST(:last AS bigint) || ',' || CAST(:last_at_us AS bigint))
      || '],"more":' || CASE WHEN (SELECT count(*) FROM found) > CAST(:limit AS integer) THEN 'true' ELSE 'false' END
"""
#: Whether a place is of this database.
_SAME_DATABASE = """
    CAST(:last AS bigint) = 0 OR EXISTS (
      SELECT FROM published.change c WHERE c.cursor = CAST(:last AS bigint)
        AND CAST(extract(epoch FROM c.at) * 1000000 AS bigint) = CAST(:last_at_us AS bigint))
"""
_CHANGES = f"""
    WITH {_PAGE},
    entry AS (
      SELECT page.cursor, page.layer, page.feature_id, f.whole, way.id AS into_id,
        CAST(page.at AT TIME ZONE CAST(:zone AS text) AS date) AS day,
        CASE
          WHEN way.id IS NOT NULL THEN 'merged'
          WHEN page.kind = 'removed' OR (newest.is_it AND f.id IS NULL) THEN 'withdrawn'
          WHEN before.kind = 'published' THEN 'changed'
          ELSE 'published'
        END AS kind
      FROM page
      CROSS JOIN LATERAL (
        SELECT NOT EXISTS (
          SELECT FROM published.change n WHERE n.feature_id = page.feature_id AND n.cursor > page.cursor) AS is_it
      ) newest
      LEFT JOIN LATERAL (
        SELECT b.kind FROM published.change b
        WHERE b.feature_id = page.feature_id AND b.cursor < page.cursor ORDER BY b.cursor DESC LIMIT 1
      ) before ON true
      LEFT JOIN published.feature f ON newest.is_it AND page.kind <> 'removed' AND f.id = page.feature_id
      LEFT JOIN LATERAL (
        SELECT way.id FROM ({way_from("page.feature_id", "page.layer")}) way WHERE newest.is_it AND page.kind = 'removed'
      ) way ON true
    )
    SELECT convert_to(
      {_PLACE_AFTER}
      || ',"changes":[' || coalesce((
        SELECT string_agg(
          '{{"kind":"' || kind || '","layer":"' || layer || '","id":"' || feature_id || '","day":"' || day || '"'
          || coalesce(',"merged_into":"' || into_id || '"', '') || coalesce(',"feature":' || whole, '') || '}}',
          ',' ORDER BY cursor)
        FROM entry), '')
      || ']}}', 'UTF8')
    WHERE {_SAME_DATABASE}
"""  # noqa: S608 - program text
_GONE = f"""
    WITH {_PAGE}
    SELECT convert_to(
      {_PLACE_AFTER}
      || ',"gone":' || coalesce((
        SELECT CAST(json_agg(DISTINCT page.feature_id) AS text) FROM page
        WHERE NOT EXISTS (
          SELECT FROM published.feature f WHERE f.id = page.feature_id AND f.disclosure = 'exact'
            AND f.services_0 & CAST(:discreet_0 AS bigint) = 0 AND f.services_1 & CAST(:discreet_1 AS bigint) = 0
            AND f.services_2 & CAST(:discreet_2 AS bigint) = 0)
        ), '[]')
      || '}}', 'UTF8')
    WHERE {_SAME_DATABASE}
"""  # noqa: S608 - program text
_PLACE_BEFORE = """
    WITH before AS (
      SELECT asked.layer, c.cursor, c.at FROM unnest(CAST(:layers AS text[])) AS asked (layer)
      LEFT JOIN LATERAL (
        SELECT c.cursor, c.at FROM published.change c
        WHERE c.layer = asked.layer
          AND c.at < CAST(CAST(:day AS date) - 1 AS timestamp) AT TIME ZONE CAST(:zone AS text)
        ORDER BY c.at DESC, c.cursor DESC LIMIT 1
      ) c ON true
    ),
    last AS (SELECT cursor, at FROM before WHERE cursor IS NOT NULL ORDER BY cursor DESC LIMIT 1)
    SELECT convert_to(
      '{"positions":' || (SELECT CAST(json_object_agg(layer, coalesce(cursor, 0)) AS text) FROM before)
      || ',"last":[' || coalesce(
        (SELECT cursor || ',' || CAST(extract(epoch FROM at) * 1000000 AS bigint) FROM last), '0,0')
      || ']}', 'UTF8')
"""
