"""What is on the map already, for who is about to add it: found in what everybody may read, and in nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import text

from app.db import Executor
from app.moderation.duplicates.scoring import NEAR_M, WORTH_A_LOOK, likeness
from app.moderation.duplicates.traits import Traits, alike, traits_of
from geo.distance import METRES_PER_DEGREE, distance_m
from geo.names import fold_name

#: Of each way to a candidate so many are looked at.
_MOST: Final = 100
#: Two people put one entrance this far apart; and names this much alike are one, but for a slip.
_ONE_DOOR_M: Final = 30
_ONE_NAME: Final = 0.85
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class OnTheMapAlready:
    """A published feature that may be the same: its slim Feature, who runs it, and how far it is from the pin, if both have one."""

    slim: Mapping[str, Any]
    run_by: str
    score: int
    metres: int | None


async def alike_on_the_map(
    reader: Executor, content: Mapping[str, Any], layer: str, *, limit: int = 3, typed: bool = False
) -> list[OnTheMapAlready]:
    """Give the likeliest first; nothing while the content has no name.

    `content` is what was answered so far; `typed`: somebody is still at it, who can tell at a glance, so that the same help
    at one door under another name is given, too, and the same name while nothing says where. The reader's role sees no submission and no contact for partners, so that
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
        theirs = traits_of(said, layer, row.id, at)
        metres = round(distance_m(*own.position, *at)) if own.position and at else None
        like = likeness(own, theirs)
        score = like.score if like else _at_a_glance(own, theirs, metres) if typed else 0
        if score:
            run_by = str((said.get("organisation") or {}).get("name") or "")
            found.append(OnTheMapAlready(orjson.loads(row.slim), run_by, score, metres))
    return sorted(found, key=lambda one: (-one.score, one.slim["id"]))[:limit]


def _at_a_glance(own: Traits, theirs: Traits, metres: int | None) -> int:
    """Points of a hundred, always fewer than a pair has that is worth a moderator's look; 0: they have too little in common.

    A name in Ukrainian letters has nothing of the Polish one at the same door.
    """
    if metres is not None:
        same_help = not own.services.isdisjoint(theirs.services)
        return WORTH_A_LOOK - 1 - metres if same_help and metres <= _ONE_DOOR_M else 0
    if own.position is not None or (own.city and theirs.city and own.city != theirs.city):
        return 0
    share = max((alike(one, other) for one in own.names for other in theirs.names), default=0.0)
    return WORTH_A_LOOK - 1 if share >= _ONE_NAME else 0


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
