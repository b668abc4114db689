"""What is on the map already, for who is about to add it: found in what everybody may read, and in nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import text

from app.db import Executor
from app.moderation.duplicates.scoring import NEAR_M, likeness
from app.moderation.duplicates.traits import traits_of
from geo.distance import METRES_PER_DEGREE, distance_m
from geo.names import fold_name

#: Of each way to a candidate so many are looked at.
_MOST: Final = 100
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class OnTheMapAlready:
    """A published feature that may be the same: its slim Feature, who runs it, and how far it is from the pin, if both have one."""

    slim: Mapping[str, Any]
    run_by: str
    score: int
    metres: int | None


async def alike_on_the_map(
    reader: Executor, content: Mapping[str, Any], layer: str, *, limit: int = 3
) -> list[OnTheMapAlready]:
    """Give the likeliest first; nothing while the content has no name.

    `content` is what was answered so far. The reader's role sees no submission and no contact for partners, so that
    nobody learns by a match what is hidden.
    """
    own = traits_of(content, layer)
    if not any(own.names):
        return []
    lng, lat = own.position or (0.0, -90.0)
    height = NEAR_M / METRES_PER_DEGREE
    words = [_WORD.findall(fold_name(name)) for name in own.names]
    rows = await reader.execute(
        _CANDIDATES,
        {
            # Meridians come together: a degree of longitude is three times shorter at most within Europe.
            "west": lng - height * 3.0,
            "east": lng + height * 3.0,
            "south": lat - height,
            "north": lat + height,
            "layer": layer,
            "words": " | ".join("(" + " & ".join(one) + ")" for one in words if one),
            "most": _MOST,
        },
    )
    found = []
    for row in rows:
        said = orjson.loads(row.whole)["properties"]
        at = None if row.lng is None else (row.lng, row.lat)
        like = likeness(own, traits_of(said, layer, row.id, at))
        if like is not None:
            metres = round(distance_m(*own.position, *at)) if own.position and at else None
            run_by = str((said.get("organisation") or {}).get("name") or "")
            found.append(OnTheMapAlready(orjson.loads(row.slim), run_by, like.score, metres))
    return sorted(found, key=lambda one: (-one.score, one.slim["id"]))[:limit]


_CANDIDATES = text(
    """
    SELECT p.id, p.lng, p.lat, p.slim, p.whole FROM (
      (SELECT id FROM published.feature
       WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326) AND layer = :layer LIMIT :most)
      UNION
      (SELECT id FROM published.feature
       WHERE search @@ to_tsquery('simple', :words) AND layer = :layer LIMIT :most)
    ) found JOIN published.feature p USING (id)
    """
)
