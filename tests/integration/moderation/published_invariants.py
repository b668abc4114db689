"""What holds after every move at the desk, whatever came before it: laws of the rows, asked of the database."""

import re
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import verify_chain

#: A word that no register knows: of a name, a street or a note of what somebody sent.
CANARY: Final = re.compile(r"(?:nazwa|ulica|notatka)[0-9]{4}x")

#: Each gives the rows that break it.
LAWS: Final = {
    "the live revision is the last one, and none is missing": """
        SELECT f.id FROM core.feature f
        LEFT JOIN core.revision r ON r.feature_id = f.id AND r.number = f.revision
        WHERE r.content IS DISTINCT FROM f.content
          OR ARRAY(SELECT number FROM core.revision c WHERE c.feature_id = f.id ORDER BY number)
             <> ARRAY(SELECT generate_series(1, f.revision))""",
    "on the map is what is published, as its live revision": """
        SELECT coalesce(f.id, p.id) FROM (SELECT * FROM core.feature WHERE state = 'published') f
        FULL JOIN published.feature p ON p.id = f.id WHERE p.revision IS DISTINCT FROM f.revision""",
    "a protected place has no position in anything": """
        SELECT f.id FROM core.feature f JOIN published.feature p ON p.id = f.id
        LEFT JOIN published.service_position s ON s.feature_id = f.id
        WHERE coalesce(f.content #>> '{place,disclosure}', 'exact') <> 'exact'
          AND (p.disclosure = 'exact' OR p.geom IS NOT NULL OR p.lng IS NOT NULL OR p.address IS NOT NULL
               OR s.feature_id IS NOT NULL OR f.content #> '{place,position}' IS NOT NULL OR f.content ? 'address'
               OR p.whole::jsonb -> 'geometry' <> 'null' OR p.slim::jsonb -> 'geometry' <> 'null')""",
    "clusters count the positions": """
        SELECT z, n FROM (SELECT DISTINCT z FROM published.cell UNION SELECT 10) AS zooms (z)
        CROSS JOIN LATERAL (
          SELECT coalesce(sum(n), 0), coalesce(sum(sum_lng), 0), coalesce(sum(sum_lat), 0)
          FROM published.cell c WHERE c.z = zooms.z AND facet = ''
        ) AS counted (n, lng, lat)
        WHERE (n, lng, lat) <> (
          SELECT count(*), coalesce(sum(round(lng * 1000000)), 0), coalesce(sum(round(lat * 1000000)), 0)
          FROM published.feature WHERE geom IS NOT NULL)""",
    "the kept numbers are those of the rows": """
        WITH counted (layer, kind, key, n) AS (
          SELECT layer, 'services', ARRAY[services_0, services_1, services_2], count(*) FROM published.feature GROUP BY 1, 3
          UNION ALL
          SELECT layer, 'access', ARRAY[access], count(*) FROM published.feature GROUP BY 1, 3
          UNION ALL
          SELECT layer, 'checked', ARRAY[CAST(verified_on - DATE '2000-01-01' AS bigint)], count(*)
          FROM published.feature GROUP BY 1, 3
          UNION ALL
          SELECT layer, 'languages', ARRAY[languages], count(*) FROM published.feature GROUP BY 1, 3
        )
        SELECT kind, key FROM counted FULL JOIN (
          SELECT * FROM published.census WHERE kind IN ('services', 'access', 'checked', 'languages')
        ) c USING (layer, kind, key) WHERE c.n IS DISTINCT FROM counted.n
        UNION ALL
        SELECT 'open', ARRAY[extract(epoch FROM at)::bigint] FROM (SELECT DISTINCT lower(span) AS at FROM published.opening) o
        WHERE (SELECT coalesce(sum(n), 0) FROM published.census WHERE kind = 'open' AND to_timestamp(key[1]) <= at)
          <> (SELECT count(DISTINCT feature_id) FROM published.opening WHERE state = 'open' AND span @> at)""",
    "what was published by its own stands until somebody undoes it, and nothing was after the trust had ended": """
        SELECT a.submission_id FROM core.own_approval a JOIN core.trust t ON t.id = a.trust_id
        LEFT JOIN core.submission s ON s.id = a.submission_id
        WHERE a.at > t.ended_at OR (a.undone_at IS NULL AND s.state <> 'approved')""",
    "no cell is empty": "SELECT cell FROM published.cell WHERE n <= 0",
    "what is merged is off the map, and stands in one merge": """
        SELECT f.id FROM core.feature f
        LEFT JOIN core.merge m ON m.loser_id = f.id AND m.undone_at IS NULL
        WHERE f.merged_into IS DISTINCT FROM m.winner_id OR (f.merged_into IS NOT NULL AND f.state = 'published')""",
    "no merge leads back to itself": """
        WITH RECURSIVE way AS (
          SELECT id, merged_into, ARRAY[id] AS seen FROM core.feature WHERE merged_into IS NOT NULL
          UNION ALL
          SELECT way.id, f.merged_into, way.seen || f.id FROM way JOIN core.feature f ON f.id = way.merged_into
          WHERE f.merged_into IS NOT NULL AND NOT f.id = ANY(way.seen)
        ) SELECT id FROM way WHERE merged_into = ANY(seen)""",
    "the public is led on only as the register leads": """
        SELECT m.id FROM published.merged m JOIN core.feature f ON f.id = m.id
        WHERE f.merged_into IS DISTINCT FROM m.into_id""",
    "the feed ends with what is there": """
        SELECT f.id FROM core.feature f
        JOIN LATERAL (
          SELECT kind FROM published.change c WHERE c.feature_id = f.id ORDER BY cursor DESC LIMIT 1
        ) AS last ON true
        WHERE (last.kind = 'published') <> (f.state = 'published')""",
    "a decision has somebody who took it, and nothing else has": """
        SELECT id FROM core.submission
        WHERE (decided_at IS NOT NULL) <> (state IN ('approved', 'rejected', 'spam'))""",
    "what is approved is a feature with a revision of it": """
        SELECT s.id FROM core.submission s WHERE s.state = 'approved' AND NOT EXISTS (
          SELECT FROM core.revision r WHERE r.submission_id = s.id)""",
}


async def broken(session: AsyncSession) -> dict[str, Sequence[Any]]:
    """Give the laws that do not hold, with the rows that break them."""
    found: dict[str, Sequence[Any]] = {}
    for law, query in LAWS.items():
        if rows := (await session.execute(text(query))).all():
            found[law] = rows
    if (entry := await verify_chain(session)) is not None:
        found["the log is one chain"] = [entry]
    return found


async def public_rows(session: AsyncSession) -> dict[str, list[str]]:
    """Give every row that the public role can read as text, in an order of its own, but for numbers given one after the other."""
    tables = await session.execute(
        text(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'published'"
            " AND table_type = 'BASE TABLE' ORDER BY 1"
        )
    )
    found = {}
    for table in list(tables.scalars()):
        counted = " - 'id'" if table == "opening" else ""
        rows = await session.execute(
            text(f'SELECT (to_jsonb(t){counted})::text FROM published."{table}" t ORDER BY 1')
        )
        found[table] = list(rows.scalars())
    return found


async def said_by_live(session: AsyncSession) -> set[str]:
    """Give the canaries that stand in the live content of what is on the map."""
    query = "SELECT content::text FROM core.feature WHERE state = 'published'"
    rows = await session.execute(text(query))
    return {one for content in rows.scalars() for one in canaries(content)}


def canaries(said: str) -> set[str]:
    """Give the canaries in a text."""
    return set(CANARY.findall(said.lower()))
