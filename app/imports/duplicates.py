"""Which published features may be the same thing as an imported one: near, and alike in something."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.content import Content
from app.imports.report import Duplicate
from geo.distance import METRES_PER_DEGREE, distance_m
from geo.names import similarity

#: Two data sets put one house this far apart.
NEAR_M: Final = 100.0
#: "Dom Kultury w Kielcach" and "Kielecki Dom Kultury" are alike; two schools beside each other are not.
ALIKE: Final = 0.45
MOST: Final = 5

# Neighbours are looked up point by point, and only theirs is read of the register. The planner must be led: while
# an import writes, statistics say that the tables are empty, and reading all of them seems as good. OFFSET 0 keeps
# each lookup apart, with the one index that serves it.
_NEAR: Final = text(
    """
    SELECT p.i, f.id, c.source, f.name, f.lng, f.lat, c.content
    FROM jsonb_to_recordset(CAST(:points AS jsonb)) AS p (i int, lng float8, lat float8)
    CROSS JOIN LATERAL (
      SELECT id, layer, name, lng, lat FROM published.feature
      WHERE geom && ST_MakeEnvelope(p.lng - :width, p.lat - :height, p.lng + :width, p.lat + :height, 4326)
      OFFSET 0
    ) f
    CROSS JOIN LATERAL (SELECT source, content FROM core.feature WHERE id = f.id OFFSET 0) c
    WHERE f.layer = :layer AND c.source IS DISTINCT FROM :source
    """
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A content with a position that is about to be new here."""

    number: int
    lng: float
    lat: float
    content: Content


async def possible_duplicates(
    session: AsyncSession, layer: str, source: str, candidates: Sequence[Candidate]
) -> dict[int, tuple[Duplicate, ...]]:
    """By the candidates' numbers, the published features of other sources that may be the same, nearest first.

    Near is up to 100 m; alike is a name, a phone number, or a service.
    """
    if not candidates:
        return {}
    rows = await session.execute(
        _NEAR,
        {
            "points": orjson.dumps(
                [{"i": c.number, "lng": c.lng, "lat": c.lat} for c in candidates]
            ).decode(),
            # Meridians come together: a degree of longitude is this much shorter at most within Europe.
            "width": NEAR_M / METRES_PER_DEGREE * 3.0,
            "height": NEAR_M / METRES_PER_DEGREE,
            "layer": layer,
            "source": source,
        },
    )
    by_number = {candidate.number: candidate for candidate in candidates}
    # Few have any neighbour: only their contents are taken apart.
    data: dict[int, dict[str, Any]] = {}
    found: dict[int, list[Duplicate]] = defaultdict(list)
    for row in rows:
        candidate = by_number[row.i]
        metres = distance_m(candidate.lng, candidate.lat, row.lng, row.lat)
        if metres > NEAR_M:
            continue
        if row.i not in data:
            data[row.i] = candidate.content.to_dict()
        duplicate = _compared(data[row.i], row, round(metres))
        if duplicate is not None:
            found[row.i].append(duplicate)
    return {
        number: tuple(sorted(alike, key=lambda duplicate: duplicate.metres)[:MOST])
        for number, alike in found.items()
    }


def _compared(data: dict[str, Any], row: Any, metres: int) -> Duplicate | None:
    alike = max((similarity(a, b) for a in _names(data) for b in _names(row.content)), default=0.0)
    reasons = []
    if alike >= ALIKE:
        reasons.append("name")
    if _phones(data) & _phones(row.content):
        reasons.append("phone")
    if _services(data) & _services(row.content):
        reasons.append("service")
    if not reasons:
        return None
    return Duplicate(str(row.id), row.name, row.source, metres, round(alike * 100), tuple(reasons))


def _names(data: dict[str, Any]) -> set[str]:
    return {*data["name"]["texts"].values(), *data.get("also_known_as", ())}


def _phones(data: dict[str, Any]) -> set[str]:
    return {contact["value"] for contact in data.get("contacts", ()) if contact["kind"] == "phone"}


def _services(data: dict[str, Any]) -> set[str]:
    return {service["type"] for service in data.get("services", ())}
