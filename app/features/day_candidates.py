"""Places that a day on foot may lead to: near, and certain to be open on that day after somebody sets out."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.features.day_plan import MOST_CANDIDATES, Candidate
from app.features.filters import Filter, conditions
from app.features.published import OF_KIND
from app.features.statement import Statement
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import Position

#: Nobody walks further on such a day; metres from where it begins, on the map's scale of that place.
REACH_M = 6000
#: Some of the nearest are open, but not for the service: more are read than are weighed.
_READ = 3 * MOST_CANDIDATES

# No condition stands for what is open: a place's own hours count only where the service has none.
_SQL = """
    SELECT convert_to('[' || coalesce(string_agg(q.candidate, ',' ORDER BY q.far, q.id), '') || ']', 'UTF8')
    FROM (
      SELECT f.id, s.geom <-> {origin} AS far,
        '{{"feature":' || f.slim || ',"hours":' || f.hours || ',"spans":' || o.spans || '}}' AS candidate
      FROM published.service_position s JOIN published.feature f ON f.id = s.feature_id
      CROSS JOIN LATERAL (
        SELECT json_agg(json_build_array(
            o.service, extract(epoch FROM lower(o.span))::bigint, extract(epoch FROM upper(o.span))::bigint
          ) ORDER BY lower(o.span)) AS spans
        FROM published.opening o
        WHERE o.feature_id = f.id AND o.state = 'open' AND o.span && tstzrange(:since, :until)
          AND (o.service IS NULL OR o.service = ANY(CAST(:codes AS text[])))
      ) o
      WHERE {where} AND o.spans IS NOT NULL
      ORDER BY s.geom <-> {origin} LIMIT :limit
    ) q
"""
_ORIGIN = "ST_Transform(ST_SetSRID(ST_MakePoint(:lng, :lat), 4326), 3857)"


@dataclass(frozen=True, slots=True)
class Day:
    """When somebody is on the way: from `start` to the end of that day, both aware; `midnight` begins the day."""

    midnight: dt.datetime
    start: dt.datetime
    end: dt.datetime

    def minute(self, seconds: float) -> int:
        """Minutes since midnight, on the clock of somebody who waits, for seconds since 1970."""
        return round((seconds - self.midnight.timestamp()) / 60)


def candidates(
    layer: str, services: frozenset[str], vocabulary: Vocabulary, origin: Position, day: Day
) -> Statement:
    """Give a JSON array of `{feature, hours, spans}`, nearest first: slim Features that may be open that day.

    `spans` are `[service or null, since, until]` in seconds since 1970.
    """
    sql, values = conditions(Filter(services=services), vocabulary)
    code = next(iter(services)) if len(services) == 1 else ""
    where = " AND ".join([OF_KIND, f"ST_DWithin(s.geom, {_ORIGIN}, :reach)", *sql])
    values |= {
        "kind": f"{layer}:{code}",
        "lng": origin.lng,
        "lat": origin.lat,
        # On the map a metre of the ground is longer, the farther from the equator.
        "reach": REACH_M / math.cos(math.radians(origin.lat)),
        "since": day.start,
        "until": day.end,
        "codes": sorted(services),
        "limit": _READ,
    }
    return Statement(_SQL.format(origin=_ORIGIN, where=where), values)


def read_candidates(
    rows: Sequence[Mapping[str, Any]], services: frozenset[str], need: int, day: Day
) -> list[Candidate]:
    """Give those of a statement's answer that are certain to be open for one of the services, nearest first."""
    found = []
    for row in rows:
        feature = row["feature"]
        spans = _spans(row, services)
        if not spans:
            continue
        lng, lat = feature["geometry"]["coordinates"]
        openings = tuple(
            (max(day.minute(since), 0), min(day.minute(until), day.minute(day.end.timestamp())))
            for since, until in spans
        )
        found.append(Candidate(need, str(feature["id"]), Position(lng, lat), openings))
    return found[:MOST_CANDIDATES]


def _spans(row: Mapping[str, Any], services: frozenset[str]) -> list[tuple[int, int]]:
    """When any of the services is given: in its own hours, else in those of the place; joined where they touch."""
    ruled = {rule["service"] for rule in row["hours"] if rule["expression"]}
    given = services.intersection(row["feature"]["properties"].get("services", ()))
    hours = {service if service in ruled else None for service in given}
    joined: list[tuple[int, int]] = []
    for since, until in sorted((since, until) for service, since, until in row["spans"] if service in hours):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((since, until))
    return joined
