"""The search over everything that is published, and the search for one content."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Database
from app.db import session as transaction
from app.features.content import Content
from app.moderation.duplicates.blocks import MOST_IN_COMMON, likely_pairs
from app.moderation.duplicates.scoring import NEAR_M, Likeness, Reason, likeness
from app.moderation.duplicates.traits import Traits, traits_of
from geo.distance import METRES_PER_DEGREE

#: So many rows are read at a time.
_BATCH: Final = 5000
#: So many pairs are kept: nobody looks at more before the next search.
MOST_PAIRS: Final = 20_000

_TRAITS: Final = """
    SELECT p.id, p.layer, p.name AS shown, p.lng, p.lat, jsonb_build_object(
      'name', c.content -> 'name', 'also_known_as', coalesce(c.content -> 'also_known_as', '[]'),
      'contacts', coalesce(c.content -> 'contacts', '[]'), 'website', c.content -> 'website',
      'address', c.content -> 'address', 'organisation', c.content -> 'organisation',
      'services', jsonb_path_query_array(c.content, '$.services[*]'), 'identifiers', c.content -> 'identifiers'
    ) AS said
"""
_EVERYTHING = text(f"{_TRAITS} FROM published.feature p JOIN core.feature c USING (id) WHERE NOT c.example")
# Each way to a candidate has its own index and its own limit: a number that everybody has leads nowhere.
_CANDIDATES = text(
    f"""
    SELECT asked.number, found.* FROM jsonb_to_recordset(CAST(:asked AS jsonb)) AS asked (
      number int, west float8, south float8, east float8, north float8, contacts text[], website text, names text[])
    CROSS JOIN LATERAL (
      WITH near AS (
        SELECT id FROM published.feature
        WHERE geom && ST_MakeEnvelope(asked.west, asked.south, asked.east, asked.north, 4326) AND layer = :layer
        LIMIT 200
      ),
      contact AS (
        SELECT id FROM core.feature
        WHERE jsonb_path_query_array(content, '$.contacts[*].value') ?| asked.contacts AND state = 'published'
        LIMIT :most
      ),
      site AS (
        SELECT id FROM core.feature
        WHERE content ? 'website' AND content ->> 'website' = asked.website AND state = 'published' LIMIT :most
      ),
      named AS (
        SELECT id FROM published.feature WHERE layer = :layer AND name = ANY(asked.names) LIMIT :most
      )
      {_TRAITS} FROM (
        SELECT id FROM near UNION SELECT id FROM contact UNION SELECT id FROM site UNION SELECT id FROM named
      ) found JOIN published.feature p USING (id) JOIN core.feature c USING (id)
      WHERE p.layer = :layer AND p.id IS DISTINCT FROM CAST(:own AS uuid)
        AND NOT EXISTS (SELECT FROM core.not_duplicate n
          WHERE n.a = least(p.id, CAST(:own AS uuid)) AND n.b = greatest(p.id, CAST(:own AS uuid)))
    ) found
    """  # noqa: S608 - program text
)
_KEEP = text(
    """
    INSERT INTO core.duplicate (a, b, score, reasons)
    SELECT a, b, score, reasons
    FROM jsonb_to_recordset(CAST(:pairs AS jsonb)) AS given (a uuid, b uuid, score smallint, reasons jsonb)
    -- Protected since they were read: how far apart they are says where it is.
    WHERE NOT EXISTS (
      SELECT FROM published.feature p WHERE p.id IN (given.a, given.b) AND p.disclosure <> 'exact'
    ) OR NOT jsonb_path_exists(reasons, '$[*] ? (@.code == "near" || @.code == "address" || @.code == "city")')
    """
)


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """A published feature that may be the same as a content: `score` is 60 to 100, the strongest reason comes first."""

    feature_id: uuid.UUID
    layer: str
    name: str
    score: int
    reasons: tuple[Reason, ...]


async def find_everywhere(db: Database) -> tuple[int, int]:
    """Compare everything that is published and keep the likely pairs in the place of those of the last search.

    Gives how many features were compared and how many pairs are worth a look. What is invented is left out. The
    comparison takes seconds of this process and holds no transaction, and not the loop either.
    """
    features: list[Traits] = []
    async with transaction(db) as session:
        rows = await session.stream(_EVERYTHING)
        async for batch in rows.partitions(_BATCH):
            features += [_read(row) for row in batch]
    pairs = await asyncio.to_thread(likely_pairs, features)
    best = sorted(pairs.items(), key=lambda pair: (-pair[1].score, pair[0]))[:MOST_PAIRS]
    written = [
        {"a": a, "b": b, "score": like.score, "reasons": [reason.to_dict() for reason in like.reasons]}
        for (a, b), like in best
    ]
    async with transaction(db) as session:
        # Two searches at once: the second one waits, and its result stays.
        await session.execute(text("LOCK TABLE core.duplicate IN SHARE ROW EXCLUSIVE MODE"))
        await session.execute(text("DELETE FROM core.duplicate"))
        await session.execute(_KEEP, {"pairs": orjson.dumps(written).decode()})
    return len(features), len(best)


async def likely_duplicates(
    session: AsyncSession,
    content: Content | Mapping[str, Any],
    layer: str,
    *,
    feature_id: uuid.UUID | None = None,
    limit: int = 5,
) -> list[LikelyDuplicate]:
    """Give the published features of a layer that may be what a content describes, the likeliest first.

    `content` may be one that nobody has checked yet, as JSON gives it. `feature_id` is what the content is of, if
    that is in the register: it is not its own duplicate, and what was said not to be the same is left out.
    """
    data = content.to_dict() if isinstance(content, Content) else content
    (found,) = await _likely(session, [data], layer, feature_id, limit)
    return found


async def likely_duplicates_of_each(
    session: AsyncSession, contents: Sequence[Mapping[str, Any]], layer: str, *, limit: int = 5
) -> list[list[LikelyDuplicate]]:
    """Give what `likely_duplicates` gives for contents of which none is in the register, in their order.

    One statement for all contents, of whatever file.
    """
    return await _likely(session, contents, layer, None, limit) if contents else []


async def _likely(
    session: AsyncSession,
    contents: Sequence[Mapping[str, Any]],
    layer: str,
    feature_id: uuid.UUID | None,
    limit: int,
) -> list[list[LikelyDuplicate]]:
    own = [traits_of(data, layer, feature_id) for data in contents]
    asked = [
        {"number": number, **_asked(traits, data)}
        for number, (traits, data) in enumerate(zip(own, contents, strict=True))
    ]
    rows = await session.execute(
        _CANDIDATES,
        {
            "asked": orjson.dumps(asked).decode(),
            "layer": layer,
            "own": feature_id,
            "most": MOST_IN_COMMON,
        },
    )
    found: list[list[tuple[Likeness, Any]]] = [[] for _ in contents]
    for row in rows:
        if (like := likeness(own[row.number], _read(row))) is not None:
            found[row.number].append((like, row))
    return [
        [
            LikelyDuplicate(row.id, row.layer, row.shown, like.score, like.reasons)
            for like, row in sorted(alike, key=lambda one: (-one[0].score, one[1].id))[:limit]
        ]
        for alike in found
    ]


def _asked(own: Traits, data: Mapping[str, Any]) -> dict[str, Any]:
    """By what the candidates of a content are found: where it is, its contacts, page and names."""
    lng, lat = own.position or (0.0, -90.0)
    height = NEAR_M / METRES_PER_DEGREE
    return {
        # Meridians come together: a degree of longitude is three times shorter at most within Europe.
        "west": lng - height * 3.0,
        "east": lng + height * 3.0,
        "south": lat - height,
        "north": lat + height,
        "contacts": [*own.phones, *own.emails],
        "website": data.get("website") or "",
        "names": list(own.names),
    }


def _read(row: Any) -> Traits:
    return traits_of(row.said, row.layer, row.id, None if row.lng is None else (row.lng, row.lat))
