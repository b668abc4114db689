"""What the database knows about the things that a submission says: one statement, each part of it a few rows by index."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.moderation.screening.bursts import WITHIN
from app.moderation.screening.contacts import Elsewhere, ways_of
from app.moderation.screening.names import Namesake, names_of
from app.moderation.screening.pin import TownUnit
from app.moderation.screening.skeletons import skeletons
from app.moderation.screening.subject import Subject
from app.moderation.screening.traces import keys_of_ways
from geo.names import fold_name

#: How many others of one kind are looked at. More of them say nothing more.
_OTHERS: Final = 20
_NAMES: Final = 8
#: In degrees, about a kilometre: outlines are simplified, and towns reach into the next gmina.
_BESIDE: Final = 0.012
#: Reasons to turn something down that say what kind of thing it was; a duplicate is no offence.
OFFENCES: Final = ("advertising", "not_help", "unsafe", "spam")

#: Of one submission `a`; a row is of one kind, `what`.
_KNOWN: Final = f"""
    SELECT 'elsewhere' AS what, CAST(w.value AS text) AS key, e.id, e.name, e.behind AS detail, 0 AS n
    FROM unnest(a.ways) AS w(value),
    LATERAL (
      SELECT CAST(f.id AS text) AS id, p.name,
             coalesce(f.content #>> '{{organisation,id}}', f.content #>> '{{organisation,name}}', '') AS behind
      FROM core.feature f JOIN published.feature p ON p.id = f.id
      WHERE (jsonb_path_query_array(f.content, '$.contacts[*].value') @> to_jsonb(w.value)
             OR (f.content ? 'website' AND f.content ->> 'website' = w.value))
        AND f.state = 'published' AND f.id IS DISTINCT FROM a.feature
      LIMIT 5
    ) e
    WHERE NOT EXISTS (
      SELECT FROM core.feature o
      WHERE o.id = a.feature
        AND (jsonb_path_query_array(o.content, '$.contacts[*].value') @> to_jsonb(w.value)
             OR o.content ->> 'website' = w.value)
    )
    UNION ALL
    SELECT 'trace', CAST(k.key AS text), t.state, coalesce(t.decision_reason, ''),
           CASE WHEN t.at > now() - interval '{WITHIN}' AND t.channel <> 'import' THEN 'recent' ELSE '' END, 1
    FROM unnest(a.keys) AS k(key),
    LATERAL (
      SELECT s.state, s.channel, s.decision_reason, c.at
      FROM (SELECT submission_id, at FROM core.screening_trace
            WHERE key = k.key AND submission_id <> a.own ORDER BY at DESC LIMIT {_OTHERS}) c
      JOIN core.submission s ON s.id = c.submission_id
    ) t
    UNION ALL
    SELECT 'live', CAST(o.content AS text), '', '', '', 0 FROM core.feature o WHERE o.id = a.feature
    UNION ALL
    SELECT 'author', e.state, '', coalesce(e.decision_reason, ''), '', 1
    FROM (SELECT state, decision_reason FROM core.submission
          WHERE contact_email = a.email AND id <> a.own
          ORDER BY created_at DESC LIMIT {_OTHERS}) e
    UNION ALL
    (SELECT 'namesake', '', CAST(p.id AS text), p.name, '', 0
     FROM published.feature p
     WHERE p.layer = 'organisations' AND core.skeleton(p.name) = ANY(a.skeletons)
       AND p.id IS DISTINCT FROM a.feature
     LIMIT 5)
    UNION ALL
    SELECT 'town', u.code, '', u.name, '', CAST(EXISTS (
             SELECT FROM published.area_part s
             WHERE s.area_code = u.code AND ST_DWithin(s.geom, pin.geom, {_BESIDE})) AS integer)
    FROM (SELECT ST_SetSRID(ST_MakePoint(a.lng, a.lat), 4326) AS geom) pin,
    LATERAL (
      SELECT r.code, r.name FROM published.area r
      WHERE r.folded = a.town AND r.level IN ('gmina', 'uat') AND r.geom IS NOT NULL
      UNION
      SELECT r.code, r.name FROM published.place_name n
      JOIN published.place p ON p.id = n.place_id
      JOIN published.area r ON r.code = ANY(p.area_codes)
      WHERE n.folded = a.town AND r.level IN ('gmina', 'uat') AND r.geom IS NOT NULL
      LIMIT 50
    ) u
    WHERE pin.geom IS NOT NULL AND a.town <> ''
    UNION ALL
    SELECT 'pin', '', '', r.name, '', 0
    FROM published.area_part s JOIN published.area r ON r.code = s.area_code
    WHERE r.level IN ('gmina', 'uat')
      AND ST_Intersects(s.geom, ST_SetSRID(ST_MakePoint(a.lng, a.lat), 4326))
"""  # noqa: S608 - our own constants; values are parameters
# One submission is a row of its own, so that the plan is made for it; of many nobody knows how many there are.
_OF_ONE: Final = text(
    f"""
    SELECT a.own, k.* FROM (
      SELECT CAST(:own AS uuid) AS own, CAST(:feature AS uuid) AS feature, CAST(:ways AS text[]) AS ways,
             CAST(:keys AS bigint[]) AS keys, CAST(:email AS text) AS email, CAST(:skeletons AS text[]) AS skeletons,
             CAST(:lng AS float8) AS lng, CAST(:lat AS float8) AS lat, CAST(:town AS text) AS town
    ) a, LATERAL ({_KNOWN}) k
    """  # noqa: S608 - our own constants; values are parameters
)
_OF_MANY: Final = text(
    f"""
    SELECT a.own, k.* FROM jsonb_to_recordset(CAST(:asked AS jsonb)) AS a (
      own uuid, feature uuid, ways text[], keys bigint[], email text, skeletons text[], lng float8, lat float8, town text
    ), LATERAL ({_KNOWN}) k
    """  # noqa: S608 - our own constants; values are parameters
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database knows; empty where it knows nothing."""

    elsewhere: tuple[Elsewhere, ...] = ()
    #: How many other submissions wait that hold a value, by the value.
    waiting: dict[str, int] = field(default_factory=dict)
    #: How many others there were within the hour, by key.
    recent: dict[int, int] = field(default_factory=dict)
    #: How many others with the same ways to be reached were turned down for what they were.
    refused: int = 0
    author: dict[str, int] = field(default_factory=dict)
    author_refused: int = 0
    #: Whether an author is known at all.
    has_author: bool = False
    namesakes: tuple[Namesake, ...] = ()
    town_units: tuple[TownUnit, ...] = ()
    pin_unit: str = ""
    #: What the entry says that is to be changed.
    live: Mapping[str, Any] | None = None


async def gather(session: AsyncSession, subject: Subject) -> Facts:
    """Ask what is known of a submission's telephones, links, names, author and place."""
    rows = (await session.execute(_OF_ONE, _asked(subject))).all()
    return _facts(rows, subject)


async def gather_each(session: AsyncSession, subjects: Sequence[Subject]) -> list[Facts]:
    """Ask the same of many at once; one answer for each, in their order."""
    asked = [{**_asked(subject), "own": str(subject.id)} for subject in subjects]
    of: dict[uuid.UUID, list[Any]] = {}
    for row in await session.execute(_OF_MANY, {"asked": orjson.dumps(asked).decode()}):
        of.setdefault(row.own, []).append(row)
    return [_facts(of.get(subject.id, ()), subject) for subject in subjects]


def _asked(subject: Subject) -> dict[str, Any]:
    content = subject.content
    ways = ways_of(content)
    position = (content.get("place") or {}).get("position") or {}
    return {
        "own": subject.id,
        "feature": subject.feature_id,
        "ways": [way.value for way in ways],
        "keys": list(keys_of_ways(ways)),
        "email": subject.email,
        "skeletons": [one for name in names_of(content)[:_NAMES] for one in sorted(skeletons(name))],
        "lng": position.get("lng"),
        "lat": position.get("lat"),
        "town": fold_name(town_of(content)),
    }


def town_of(content: Mapping[str, Any]) -> str:
    """The town of the address, "" where there is none."""
    return str((content.get("address") or {}).get("city") or "")


def _facts(rows: Sequence[Any], subject: Subject) -> Facts:
    keys = keys_of_ways(ways_of(subject.content))
    of: dict[str, list[Any]] = {}
    for row in rows:
        of.setdefault(row.what, []).append(row)
    traces = of.get("trace", [])
    authored = of.get("author", [])
    return Facts(
        elsewhere=tuple(Elsewhere(row.key, row.id, row.name, row.detail) for row in of.get("elsewhere", [])),
        waiting=dict(Counter(keys[int(row.key)] for row in traces if row.id in ("pending", "needs_changes"))),
        recent=dict(Counter(int(row.key) for row in traces if row.detail == "recent")),
        refused=sum(_is_offence(row.id, row.name) for row in traces),
        author=dict(Counter(row.key for row in authored)),
        author_refused=sum(_is_offence(row.key, row.name) for row in authored),
        has_author=bool(subject.email),
        namesakes=tuple(Namesake(row.id, row.name) for row in of.get("namesake", [])),
        town_units=tuple(TownUnit(row.name, bool(row.n)) for row in of.get("town", [])),
        pin_unit=next((row.name for row in of.get("pin", [])), ""),
        live=next((orjson.loads(row.key) for row in of.get("live", [])), None),
    )


def _is_offence(state: str, reason: str) -> bool:
    return state == "spam" or (state == "rejected" and reason in OFFENCES)
