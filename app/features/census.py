"""How many published features of a layer there are of each kind, kept in step with each publication.

What nobody has narrowed down is asked for most often, and to count it means to look at every feature. So there is a small
table of distinct values with their numbers: the masks of services, who is welcome, the languages, the conditions, the day
of the last check, the organisation, and by how many the places that are open become more or fewer at a moment. Its rows are given
the names of the feature's columns, so that one condition is asked of either.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


class Kind(StrEnum):
    """What is counted. Each feature is counted once in each of the first five."""

    SERVICES = "services"
    WELCOME = "welcome"
    LANGUAGES = "languages"
    ACCESS = "access"
    CHECKED = "checked"
    ORGANISATION = "organisation"
    OPEN = "open"
    UNKNOWN = "unknown"


#: Days are counted from here; what was never checked has no day.
_FIRST_DAY: Final = dt.date(2000, 1, 1)
_DAY: Final = f"DATE '{_FIRST_DAY.isoformat()}'"
#: Of what any program has, the fewest rows have every feature once.
EVERY: Final = Kind.WELCOME

# An id as two numbers, and back: one type holds every key.
_HALF: Final = "CAST(CAST('x' || substr(replace(CAST({} AS text), '-', ''), {}, 16) AS bit(64)) AS bigint)"
_KEYS: Final[dict[Kind, str]] = {
    Kind.SERVICES: "ARRAY[f.services_0, f.services_1, f.services_2]",
    Kind.WELCOME: "ARRAY[f.audiences, f.audiences_preferred, f.audiences_only, CAST(CAST(f.for_everyone AS integer) AS bigint)]",
    Kind.LANGUAGES: "ARRAY[f.languages]",
    Kind.ACCESS: "ARRAY[f.access]",
    Kind.CHECKED: f"ARRAY[CAST(f.verified_on - {_DAY} AS bigint)]",
    Kind.ORGANISATION: f"ARRAY[{_HALF.format('f.organisation_id', 1)}, {_HALF.format('f.organisation_id', 17)}]",
}
_COLUMNS: Final[dict[Kind, str]] = {
    Kind.SERVICES: "c.key[1] AS services_0, c.key[2] AS services_1, c.key[3] AS services_2",
    Kind.WELCOME: (
        "c.key[1] AS audiences, c.key[2] AS audiences_preferred, c.key[3] AS audiences_only,"
        " c.key[4] = 1 AS for_everyone"
    ),
    Kind.LANGUAGES: "c.key[1] AS languages",
    Kind.ACCESS: "c.key[1] AS access",
    Kind.CHECKED: f"{_DAY} + CAST(c.key[1] AS integer) AS verified_on",
    Kind.ORGANISATION: (
        "CAST(lpad(to_hex(c.key[1]), 16, '0') || lpad(to_hex(c.key[2]), 16, '0') AS uuid) AS organisation_id"
    ),
    Kind.OPEN: "to_timestamp(c.key[1]) AS at",
    Kind.UNKNOWN: "to_timestamp(c.key[1]) AS at",
}


def source(kind: Kind) -> str:
    """FROM of the rows `f` of one kind in the layer `:layer`: the feature's columns and `n`, how many have these values.

    Of `Kind.OPEN` it is `at`, and by how many more or fewer are open from then on; of `Kind.UNKNOWN` by how many more or
    fewer may be open and nobody knows, those without any hours since 1970.
    """
    return (
        f"(SELECT {_COLUMNS[kind]}, c.n FROM published.census c"  # noqa: S608 - constants of this module
        f" WHERE c.layer = :layer AND c.kind = '{kind}') f"
    )


# A place with hours of its own and of its services is open once at a time.
_SPANS: Final = {
    Kind.OPEN: "range_agg(o.span) FILTER (WHERE o.state = 'open')",
    Kind.UNKNOWN: (
        "range_agg(o.span) FILTER (WHERE o.state = 'unknown')"
        " - coalesce(range_agg(o.span) FILTER (WHERE o.state = 'open'), CAST('{}' AS tstzmultirange))"
    ),
}


def rows_of(feature: str, opening: str) -> str:
    """SQL of how features are counted, each by itself, of those that fit a condition on `f` and, for the moments, on `o`."""
    keys = ", ".join(f"('{kind}', {key})" for kind, key in _KEYS.items())
    moments = " UNION ALL ".join(
        f"""
        SELECT o.layer, '{kind}', ARRAY[CAST(extract(epoch FROM edge.at) AS bigint)], edge.n
        FROM (
          SELECT f.layer, unnest({spans}) AS span FROM published.opening o JOIN published.feature f ON f.id = o.feature_id
          WHERE {opening} GROUP BY o.feature_id, f.layer
        ) AS o
        CROSS JOIN LATERAL (VALUES (lower(o.span), 1), (upper(o.span), -1)) AS edge (at, n)
        """  # noqa: S608 - constants of this module
        for kind, spans in _SPANS.items()
    )
    return f"""
        SELECT f.layer, one.kind, one.key, 1 AS n FROM published.feature f
        CROSS JOIN LATERAL (VALUES {keys}) AS one (kind, key)
        WHERE {feature} AND (one.kind <> '{Kind.ORGANISATION}' OR f.organisation_id IS NOT NULL)
        UNION ALL
        SELECT f.layer, '{Kind.UNKNOWN}', ARRAY[CAST(0 AS bigint)], 1 FROM published.feature f
        WHERE {feature} AND NOT jsonb_path_exists(f.hours, '$[*] ? (@.expression != "")')
        UNION ALL {moments}
    """  # noqa: S608 - constants of this module


# Of a value the planner would know the length, and would plan anew for each; of a query it knows nothing, and plans once.
_IDS: Final = "CAST((SELECT CAST(:ids AS uuid[])) AS uuid[])"
_ROWS: Final = rows_of(f"f.id = ANY({_IDS})", f"o.feature_id = ANY({_IDS})")
_COUNT: Final = text(
    f"SELECT layer, kind, key, CAST(sum(n) AS integer) AS n FROM ({_ROWS}) AS one GROUP BY layer, kind, key"  # noqa: S608 - constants of this module
)
# In the order of the key, so that two publications never wait for each other in turn. Nobody else writes to the layer
# meanwhile, so that what is emptied is not what is changed. Its rows are looked up one by one: joined, the whole table
# would be read for the few of one publication.
_SETTLE: Final = text(
    f"""
    WITH changed AS MATERIALIZED (
      SELECT layer, kind, key, CAST(sum(n) AS integer) AS n FROM (
        {_ROWS}
        UNION ALL
        SELECT layer, kind, key, -n FROM jsonb_to_recordset(CAST(:before AS jsonb))
          AS before (layer text, kind text, key bigint[], n integer)
      ) AS one GROUP BY layer, kind, key HAVING sum(n) <> 0
    ),
    emptied AS (
      DELETE FROM published.census AS c WHERE c.ctid = ANY(ARRAY(
        SELECT c.ctid FROM changed d CROSS JOIN LATERAL (
          SELECT c.ctid, c.n FROM published.census c
          WHERE c.layer = d.layer AND c.kind = d.kind AND c.key = d.key OFFSET 0) c
        WHERE c.n + d.n = 0))
      RETURNING c.layer, c.kind, c.key
    )
    INSERT INTO published.census AS c (layer, kind, key, n)
    SELECT layer, kind, key, n FROM changed
    WHERE (layer, kind, key) NOT IN (SELECT layer, kind, key FROM emptied)
    ORDER BY layer, kind, key
    ON CONFLICT (layer, kind, key) DO UPDATE SET n = c.n + excluded.n
    """  # noqa: S608 - constants of this module
)

Rows = Sequence[tuple[str, str, list[int | None], int]]


async def counted(session: AsyncSession, ids: Collection[Any]) -> Rows:
    """Give how features are counted as their rows are now."""
    if not ids:
        return ()
    return [tuple(row) for row in await session.execute(_COUNT, {"ids": list(ids)})]


async def settle(session: AsyncSession, before: Rows, ids: Collection[Any]) -> None:
    """Count features as their rows are now, and no longer as they were `before`. Nothing is written of what stayed."""
    named = [dict(zip(("layer", "kind", "key", "n"), row, strict=True)) for row in before]
    await session.execute(_SETTLE, {"ids": list(ids), "before": orjson.dumps(named).decode()})


async def clear(session: AsyncSession, layer: str) -> None:
    """Forget the numbers of a layer, before it is counted anew."""
    await session.execute(text("DELETE FROM published.census WHERE layer = :layer"), {"layer": layer})
