"""The queue of the desk: what waits for a decision, by filters, page by page, in the order of harm and age.

The longer a wrong place stays on the map, the more people go there for nothing: so changes of what is on the map come
first, then what is new, each the longest waiting first. What is likely spam (`LIKELY_SPAM` and more points of the
screening) waits behind all of them, however much of it there is: nobody is harmed while it waits. Nothing is hidden, and
what was not screened has no points.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.scopes import EVERYTHING, Scope

#: Points of the screening without those that tell of harm (`app.moderation.screening.protected`); the triggers that keep
#: `core.submission.band` know them too.
LIKELY_SPAM: Final = 60
#: The band of what is likely spam.
LAST: Final = 2
DOUBTFUL: Final = 30
#: Filters by risk, from the points of the screening.
RISKS: Final = {
    "high": f"s.band = {LAST}",
    "some": f"k.score >= {DOUBTFUL} AND s.band <> {LAST}",
    "low": f"k.score < {DOUBTFUL}",
    "none": "k.score IS NULL",
}
KINDS: Final = ("new", "change")
CHANNELS: Final = ("form", "api", "import")
ASSIGNED: Final = {
    "mine": "l.user_id = :me",
    "free": "l.user_id IS NULL",
    "others": "l.user_id <> :me",
}
#: What nobody else looks at, for whoever goes from one to the next.
NOT_OTHERS: Final = "not_others"
#: Hours that something has waited at least; the first is when it is late.
LATE_H: Final = 48
AGES_H: Final = (24, LATE_H, 168)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the queue is asked for; "" or 0 asks for everything. `me` is who asks.

    `source` is the data set that an import came from. `area` is the code of a unit. `organisation` is the id of the one whose people have sent it. `until` leaves out
    what has come in since. `within` is where they may see or decide, of the table `s`.
    """

    me: uuid.UUID | None
    within: Scope = EVERYTHING
    layer: str = ""
    kind: str = ""
    risk: str = ""
    age_h: int = 0
    assigned: str = ""
    channel: str = ""
    language: str = ""
    source: str = ""
    area: str = ""
    organisation: str = ""
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where one stands in the queue: what comes behind it does not shift when something before it is decided."""

    band: int
    since: dt.datetime
    id: uuid.UUID

    def written(self) -> str:
        """As it stands in an address: `<band>_<microseconds of the epoch>_<id>`."""
        micros = (self.since - _EPOCH) // dt.timedelta(microseconds=1)
        return f"{self.band}_{micros}_{self.id}"

    @classmethod
    def read(cls, written: str) -> "Place | None":
        """From an address; None for anything else."""
        try:
            band, micros, key = written.split("_")
            since = _EPOCH + dt.timedelta(microseconds=int(micros))
            return cls(int(band) % 10, since, uuid.UUID(key))
        except (ValueError, OverflowError):
            return None


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the queue. `score` is None when it was not screened; `held_by` is who looks at it, None: nobody."""

    place: Place
    version: int
    layer: str
    kind: str
    channel: str
    content: dict[str, Any]
    source: str | None
    score: int | None
    held_by: uuid.UUID | None
    held_until: dt.datetime | None
    holder: str

    @property
    def id(self) -> uuid.UUID:
        """Of the submission."""
        return self.place.id


@dataclass(frozen=True, slots=True)
class Found:
    """How many wait, how many of them for too long, and how many are likely spam."""

    waiting: int
    late: int
    spam: int


_SCREENED = "LEFT JOIN core.screening k ON k.submission_id = s.id"
_HELD = "LEFT JOIN core.lease l ON l.submission_id = s.id AND l.ends_at > now()"


def _waiting(asked: Asked) -> tuple[str, dict[str, Any]]:
    """The part of a statement from FROM on, for what is asked for, with its values; no table more than that takes."""
    parts: list[str] = [asked.within.sql]
    values: dict[str, Any] = dict(asked.within.values)
    for column in ("layer", "kind", "channel", "language", "source"):
        if wanted := getattr(asked, column):
            parts.append(f"s.{column} = :{column}")
            values[column] = wanted
    if asked.risk:
        parts.append(RISKS[asked.risk])
    if asked.assigned:
        parts.append((ASSIGNED | {NOT_OTHERS: "(l.user_id IS NULL OR l.user_id = :me)"})[asked.assigned])
        values["me"] = asked.me
    if asked.age_h:
        parts.append("s.waits_since <= now() - make_interval(hours => :age_h)")
        values["age_h"] = asked.age_h
    if asked.area:
        # From the pieces of the unit to the pins in them, however many wait elsewhere.
        parts.append(
            "s.id IN (SELECT p.id FROM published.area_part a JOIN core.submission p"
            " ON p.state = 'pending' AND ST_Intersects(a.geom, p.pin) WHERE a.area_code = :area"
            # What has no pin lies in the units that it names: protected places, help for an area.
            " UNION ALL SELECT p.id FROM core.submission p"
            " WHERE p.state = 'pending' AND p.pin IS NULL AND :area = ANY (p.area_codes))"
        )
        values["area"] = asked.area
    if asked.organisation:
        parts.append("s.organisation_id = CAST(:organisation AS uuid)")
        values["organisation"] = asked.organisation
    if asked.until:
        parts.append("s.waits_since <= :until")
        values["until"] = asked.until
    joined = f"{_SCREENED if asked.risk else ''} {_HELD if asked.assigned else ''}"
    where = " AND ".join(["s.state = 'pending'", *parts])
    return f"FROM core.submission s {joined} WHERE {where}", values


async def waiting(
    session: AsyncSession, asked: Asked, *, limit: int, after: Place | None = None
) -> Sequence[Waiting]:
    """Give a page of the queue: the first `limit` behind a place."""
    statement, values = page_statement(asked, limit=limit, after=after)
    return [
        Waiting(
            Place(row.band, row.waits_since, row.id),
            row.version,
            row.layer,
            row.kind,
            row.channel,
            row.content,
            row.source,
            row.score,
            row.held_by,
            row.held_until,
            row.holder,
        )
        for row in await session.execute(text(statement), values)
    ]


def page_statement(asked: Asked, *, limit: int, after: Place | None = None) -> tuple[str, dict[str, Any]]:
    """Give the SQL of a page with its values; it is read from `ix_submission_waiting` and ends with the page."""
    rest, values = _waiting(asked)
    if after is not None:
        rest, values = _behind(rest, values, after)
    # The contents are read of those that are shown, not of all that are looked through.
    statement = f"""
        SELECT f.*, s.version, s.layer, s.kind, s.channel, s.content, s.source, k.score,
               l.user_id AS held_by, l.ends_at AS held_until,
               coalesce(nullif(u.name, ''), split_part(u.email, '@', 1), '') AS holder
        FROM (
          SELECT s.id, s.waits_since, s.band {rest} ORDER BY s.band, s.waits_since, s.id LIMIT :limit
        ) f
        JOIN core.submission s USING (id)
        {_SCREENED}
        {_HELD}
        LEFT JOIN core.user u ON u.id = l.user_id
        ORDER BY f.band, f.waits_since, f.id
    """  # noqa: S608 - constants of this module; values are parameters
    return statement, values | {"limit": limit}


async def found(session: AsyncSession, asked: Asked) -> Found:
    """Count what is asked for."""
    rest, values = _waiting(asked)
    late = f"count(*) FILTER (WHERE s.waits_since <= now() - interval '{LATE_H} hours')"
    spam = f"count(*) FILTER (WHERE s.band = {LAST})"
    statement = f"SELECT count(*), {late}, {spam} {rest}"
    row = (await session.execute(text(statement), values)).one()
    return Found(row[0], row[1], row[2])


async def count_new(session: AsyncSession, asked: Asked, since: dt.datetime, *, most: int) -> int:
    """Count what has come in since a moment, up to `most`."""
    rest, values = _waiting(asked)
    statement = f"""
        SELECT count(*) FROM (
          SELECT {rest} AND s.band IN (0, 1, 2) AND s.waits_since > :since LIMIT :most
        ) come
    """  # noqa: S608 - as above
    return int(await session.scalar(text(statement), values | {"since": since, "most": most}) or 0)


async def sources(session: AsyncSession, within: Scope = EVERYTHING) -> Sequence[str]:
    """Give the data sets of which something waits."""
    statement = f"""
        SELECT DISTINCT s.source FROM core.submission s
        WHERE s.state = 'pending' AND s.source IS NOT NULL AND {within.sql}
    """  # noqa: S608 - as above
    return sorted((await session.scalars(text(statement), within.values)).all())


async def senders(session: AsyncSession, within: Scope = EVERYTHING) -> Sequence[tuple[str, dict[str, Any]]]:
    """Give the organisations of whose people something waits, with their contents, as they are called now."""
    statement = f"""
        SELECT f.id, f.content FROM core.feature f
        WHERE f.id IN (SELECT s.organisation_id FROM core.submission s WHERE s.state = 'pending' AND {within.sql})
    """  # noqa: S608 - as above
    return [(str(row.id), row.content) for row in await session.execute(text(statement), within.values)]


async def ids_of(
    session: AsyncSession, asked: Asked, *, most: int, after: Place | None = None
) -> Sequence[tuple[uuid.UUID, int]]:
    """Give id and version of all that is asked for, at most so many behind a place, in the order of the queue."""
    rest, values = _waiting(asked)
    if after is not None:
        rest, values = _behind(rest, values, after)
    statement = f"SELECT s.id, s.version {rest} ORDER BY s.band, s.waits_since, s.id LIMIT :most"
    rows = await session.execute(text(statement), values | {"most": most})
    return [(row.id, row.version) for row in rows]


async def next_of(session: AsyncSession, asked: Asked, submission_id: uuid.UUID) -> uuid.UUID | None:
    """Give what waits behind a submission, from the front again at the end of the queue; None: nothing else."""
    statement = "SELECT s.band, s.waits_since AS since FROM core.submission s WHERE s.id = :id"
    row = (await session.execute(text(statement), {"id": submission_id})).one()
    behind = await ids_of(session, asked, most=1, after=Place(row.band, row.since, submission_id))
    found = [*behind, *([] if behind else await ids_of(session, asked, most=2))]
    return next((key for key, _ in found if key != submission_id), None)


def _behind(rest: str, values: dict[str, Any], place: Place) -> tuple[str, dict[str, Any]]:
    """The same for what stands behind a place."""
    return (
        f"{rest} AND (s.band, s.waits_since, s.id) > (:band, :since, :id)",
        values | {"band": place.band, "since": place.since, "id": place.id},
    )
