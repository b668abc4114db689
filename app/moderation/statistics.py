"""Figures of the queue: what waits, what came in and was decided, how long that took, and why things were turned down.

Each block is one statement on `core.tally`, which outlives the submissions, or on the queue itself. Days are those of
the installation's time zone. The time to a decision counts from when the desk knew of a submission, the time that its
sender took for an answer included; of `n` of them sorted by it, the median is the `ceil(n / 2)`th, so that half of
them took no longer, and likewise nine in ten. What trusted organisations have published by themselves never was in the queue:
it is counted apart, and nowhere else.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.roles import Holder
from app.accounts.scopes import Scope, scope_of
from app.moderation.scope import submissions_within

#: Hours from which on something has waited for longer; the last band has no end.
AGES_H: Final = (0, 24, 48, 168)
#: Levels of units that a country is divided into first.
REGIONS: Final = ("voivodeship", "county")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is counted: from a moment until before another one, where somebody may see, "" or the code of a unit."""

    since: dt.datetime
    until: dt.datetime
    timezone: str
    user: Holder | None
    area: str = ""


@dataclass(frozen=True, slots=True)
class Age:
    """How many wait at least so many hours, and less than the next band: new ones and changes."""

    hours: int
    new: int
    changes: int


@dataclass(frozen=True, slots=True)
class Span:
    """What came in and was decided from a day on, for a day, a week or a month."""

    day: dt.date
    came: int
    decided: int


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions of one group: how many, how many of each kind, and in what time half and nine in ten were made.

    `key` is the group's code, None for what belongs to none.
    """

    key: str | None
    name: str
    count: int
    approved: int
    rejected: int
    spam: int
    median: dt.timedelta | None
    ninetieth: dt.timedelta | None


async def waiting_now(session: AsyncSession, wanted: Wanted) -> tuple[Sequence[Age], int]:
    """Give what waits for the desk now, by age, and how many wait for their senders."""
    scope = submissions_within(wanted.user, "submission.see", "s")
    statement = _WAITING.format(scope=scope.sql, area=_area(wanted, "s"))
    rows = await session.execute(text(statement), _values(wanted, scope) | {"ages": list(AGES_H)})
    found = {(row.state, row.band, row.kind): row.n for row in rows}
    ages = [
        Age(hours, found.get(("pending", band, "new"), 0), found.get(("pending", band, "change"), 0))
        for band, hours in enumerate(AGES_H, start=1)
    ]
    return ages, sum(n for (state, _, _), n in found.items() if state == "needs_changes")


async def by_day(session: AsyncSession, wanted: Wanted, unit: str = "day") -> Sequence[Span]:
    """Give what came in and was decided, by `day`, `week` or `month`; those in which nothing happened are not there."""
    scope = _scope(wanted)
    statement = _BY_DAY.format(queued=_QUEUED, scope=scope.sql, area=_area(wanted))
    rows = await session.execute(text(statement), _values(wanted, scope) | {"unit": unit})
    return [Span(row.day, row.came, row.decided) for row in rows]


async def by_layer(session: AsyncSession, wanted: Wanted) -> tuple[Decided, Sequence[Decided]]:
    """Give all decisions together, and those of each layer."""
    found = await _decided(session, wanted, "t.layer", "g.key", groups="GROUPING SETS ((), (t.layer))")
    whole = next(one for one in found if one.key is None)
    return whole, [one for one in found if one.key is not None]


async def by_area(session: AsyncSession, wanted: Wanted) -> Sequence[Decided]:
    """Give the decisions of each region, or of the units of the one that is asked for; None: in none of them."""
    of_level = "a.parent_code = :area" if wanted.area else "a.level = ANY (:regions)"
    # Found once, and not for each decision.
    units = f"ARRAY(SELECT a.code FROM published.area a WHERE {of_level})"  # noqa: S608 - our own conditions
    return await _decided(
        session,
        wanted,
        f"(SELECT min(code) FROM unnest(t.area_codes) AS code WHERE code = ANY ({units}))",  # noqa: S608 - our own conditions
        "a.name",
        join="LEFT JOIN published.area a ON a.code = g.key",
        values={} if wanted.area else {"regions": list(REGIONS)},
    )


async def by_person(
    session: AsyncSession, wanted: Wanted, only: uuid.UUID | None = None
) -> Sequence[Decided]:
    """Give the decisions of each person, or of one; None: the program."""
    return await _decided(
        session,
        wanted,
        "CAST(t.decided_by AS text)",
        "coalesce(nullif(u.name, ''), split_part(u.email, '@', 1))",
        join="LEFT JOIN core.user u ON CAST(u.id AS text) = g.key",
        where="AND t.decided_by = :only" if only else "",
        values={"only": only} if only else {},
    )


async def by_themselves(session: AsyncSession, wanted: Wanted) -> Sequence[tuple[str, int]]:
    """Give how many organisations have published by themselves, by the names of the organisations, the most first."""
    scope = _scope(wanted)
    statement = _BY_THEMSELVES.format(scope=scope.sql, area=_area(wanted))
    rows = await session.execute(text(statement), _values(wanted, scope))
    return [(row.name, row.n) for row in rows]


async def by_reason(session: AsyncSession, wanted: Wanted) -> Sequence[tuple[str, int]]:
    """Give how many were turned down for which reason (its code), the most frequent first."""
    scope = _scope(wanted)
    statement = _BY_REASON.format(scope=scope.sql, area=_area(wanted))
    rows = await session.execute(text(statement), _values(wanted, scope))
    return [(row.reason, row.n) for row in rows]


async def _decided(
    session: AsyncSession,
    wanted: Wanted,
    key: str,
    name: str,
    *,
    join: str = "",
    where: str = "",
    groups: str = "1",
    values: Mapping[str, Any] | None = None,
) -> list[Decided]:
    scope = _scope(wanted)
    statement = _DECIDED.format(
        key=key,
        name=name,
        join=join,
        where=where,
        groups=groups,
        queued=_QUEUED,
        scope=scope.sql,
        area=_area(wanted),
    )
    rows = await session.execute(text(statement), _values(wanted, scope) | dict(values or {}))
    return [
        Decided(
            row.key,
            row.name or "",
            row.n,
            row.approved,
            row.rejected,
            row.spam,
            row.median,
            row.ninetieth,
        )
        for row in rows
    ]


def _scope(wanted: Wanted) -> Scope:
    return scope_of(wanted.user, "submission.see", layer="t.layer", areas=("t.area_codes",))


def _area(wanted: Wanted, table: str = "t") -> str:
    return f"AND :area = ANY ({table}.area_codes)" if wanted.area else ""


def _values(wanted: Wanted, scope: Scope) -> dict[str, Any]:
    values: dict[str, Any] = {"since": wanted.since, "until": wanted.until, "zone": wanted.timezone}
    if wanted.area:
        values["area"] = wanted.area
    return values | scope.values


_WAITING = """
    SELECT s.state, s.kind, width_bucket(
      CAST(extract(epoch FROM now() - s.waits_since) / 3600 AS double precision),
      CAST(:ages AS double precision[])) AS band, count(*) AS n
    FROM core.submission s
    WHERE s.state IN ('pending', 'needs_changes') AND {scope} {area}
    GROUP BY 1, 2, 3
"""
# One that was undone waits for a moderator as any other. There are few beside what is in the queue.
_QUEUED = """NOT EXISTS (
      SELECT FROM core.own_approval o WHERE o.submission_id = t.submission_id AND o.undone_at IS NULL)"""
_BY_DAY = """
    SELECT day, sum(came) AS came, sum(decided) AS decided FROM (
      SELECT CAST(date_trunc(:unit, t.came_at AT TIME ZONE :zone) AS date) AS day, count(*) AS came, 0 AS decided
      FROM core.tally t
      WHERE t.came_at >= :since AND t.came_at < :until AND {queued} AND {scope} {area} GROUP BY 1
      UNION ALL
      SELECT CAST(date_trunc(:unit, t.decided_at AT TIME ZONE :zone) AS date), 0, count(*)
      FROM core.tally t
      WHERE t.decided_at >= :since AND t.decided_at < :until AND {queued} AND {scope} {area} GROUP BY 1
    ) both_ways
    GROUP BY day ORDER BY day
"""
_DECIDED = """
    SELECT g.*, {name} AS name FROM (
      SELECT {key} AS key, count(*) AS n,
        count(*) FILTER (WHERE t.outcome = 'approved') AS approved,
        count(*) FILTER (WHERE t.outcome = 'rejected') AS rejected,
        count(*) FILTER (WHERE t.outcome = 'spam') AS spam,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY t.decided_at - t.came_at) AS median,
        percentile_disc(0.9) WITHIN GROUP (ORDER BY t.decided_at - t.came_at) AS ninetieth
      FROM core.tally t
      WHERE t.decided_at >= :since AND t.decided_at < :until AND {queued} AND {scope} {area} {where}
      GROUP BY {groups}
    ) g {join}
    ORDER BY g.n DESC, name, g.key
"""
_BY_THEMSELVES = """
    SELECT coalesce(f.content #>> ARRAY['name', 'texts', f.content #>> '{{name,source}}'], '—') AS name, count(*) AS n
    FROM core.own_approval o
    JOIN core.tally t ON t.submission_id = o.submission_id
    JOIN core.trust h ON h.id = o.trust_id
    JOIN core.feature f ON f.id = h.organisation_id
    WHERE o.at >= :since AND o.at < :until AND o.undone_at IS NULL AND {scope} {area}
    GROUP BY 1 ORDER BY n DESC, 1
"""
_BY_REASON = """
    SELECT t.reason, count(*) AS n FROM core.tally t
    WHERE t.decided_at >= :since AND t.decided_at < :until AND t.reason IS NOT NULL AND {scope} {area}
    GROUP BY 1 ORDER BY n DESC, 1
"""


__all__ = [
    "AGES_H",
    "REGIONS",
    "Age",
    "Decided",
    "Span",
    "Wanted",
    "by_area",
    "by_day",
    "by_layer",
    "by_person",
    "by_reason",
    "by_themselves",
    "waiting_now",
]
