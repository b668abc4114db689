"""The audit log, searched: pages of entries, the newest first, each read from an index that ends with the page.

Moments of entries are in the order of the chain, as far as the clock of the server is. Words are what the details of
an entry say, not the names of its fields.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import ACTOR, WORDS, AuditCheck

#: Words of no more entries than this are all gathered from their index; of others so many entries are looked through.
FEW: Final = 500
LOOKED_THROUGH: Final = 2000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the log is asked for; "" or None asks for everything.

    `actor` is the id of a person, `submitter` or `system`; `since` and `until` are the first moment and the first
    after. An action says what kind of object it is done to, so `kind` does not count beside one.
    """

    actor: str = ""
    action: str = ""
    kind: str = ""
    object_id: str = ""
    words: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where one stands in the log: what is written meanwhile does not shift what comes behind it."""

    at: dt.datetime
    id: int

    def written(self) -> str:
        """As it stands in an address: `<microseconds of the epoch>_<id>`."""
        return f"{(self.at - _EPOCH) // dt.timedelta(microseconds=1)}_{self.id}"

    @classmethod
    def read(cls, written: str) -> "Place | None":
        """From an address; None for anything else."""
        try:
            micros, number = (int(part) for part in written.split("_"))
            return cls(_EPOCH + dt.timedelta(microseconds=micros), max(0, min(number, 2**62)))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with the name of the person, "" for anybody else."""

    id: int
    at: dt.datetime
    actor_kind: str
    actor_id: uuid.UUID | None
    name: str
    action: str
    object_type: str
    object_id: str
    detail: dict[str, Any]
    hash: bytes

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.at, self.id)


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, and behind what one goes on, None at the end; `looked_to` is how far back it was looked, None: all of it."""

    entries: Sequence[Entry]
    behind: Place | None
    looked_to: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is in the log to ask for: actions and kinds of objects, and people by name."""

    actions: Sequence[str]
    kinds: Sequence[str]
    people: Sequence[tuple[str, str]]


async def find(session: AsyncSession, asked: Asked, *, limit: int, behind: Place | None = None) -> Page:
    """Give the first `limit` entries behind a place; of frequent words fewer, when `LOOKED_THROUGH` do not hold more."""
    conditions, values = _conditions(asked, behind)
    if asked.words:
        few = await _few(session, asked.words)
        values["words"] = asked.words
        if few is None:
            return await _look_through(session, conditions, values, limit)
        conditions += " AND id = ANY (CAST(:few AS bigint[]))"
        values["few"] = few
    found = await _entries(session, f"core.audit WHERE {conditions}", values, limit + 1)
    return Page(found[:limit], found[limit - 1].place if len(found) > limit else None)


async def choices(session: AsyncSession, actor: str = "") -> Choices:
    """Give what can be asked for, of a long log as quickly as of a short one.

    People who only belong to organisations are many, so they stand there only when one of them is asked for.
    """
    rows = (await session.execute(_PEOPLE, {"actor": actor})).all()
    return Choices(
        (await session.scalars(_EACH_ACTION)).all(),
        (await session.scalars(_EACH_KIND)).all(),
        [(str(row.id), row.name) for row in rows],
    )


async def last_check(session: AsyncSession) -> AuditCheck | None:
    """Give what the last look at the chain has found; None before the first one."""
    return await session.scalar(select(AuditCheck))


def statement(source: str) -> str:
    """Give the SQL of a page of a source of entries; the names are looked up of those that are shown."""
    return f"""
        SELECT a.id, a.at, a.actor_kind, a.actor_id, a.action, a.object_type, a.object_id, a.detail, a.hash,
               coalesce(nullif(u.name, ''), split_part(u.email, '@', 1), '') AS name
        FROM (SELECT * FROM {source} ORDER BY at DESC, id DESC LIMIT :limit) a
        LEFT JOIN core.user u ON u.id = a.actor_id
        ORDER BY a.at DESC, a.id DESC
    """  # noqa: S608 - our own conditions; values are parameters


def _conditions(asked: Asked, behind: Place | None) -> tuple[str, dict[str, Any]]:
    """The conditions that an index serves, and their values."""
    parts, values = ["true"], dict[str, Any]()

    def when(value: object, condition: str, name: str) -> None:
        if value:
            parts.append(condition)
            values[name] = value

    when(asked.actor, f"{ACTOR} = :actor", "actor")
    when(asked.action, "action = :action", "action")
    when(not asked.action and asked.kind, "object_type = :kind", "kind")
    when(asked.object_id, "object_id = :object_id", "object_id")
    when(asked.since, "at >= :since", "since")
    when(asked.until, "at < :until", "until")
    if behind is not None:
        parts.append("(at, id) < (CAST(:behind_at AS timestamptz), CAST(:behind_id AS bigint))")
        values |= {"behind_at": behind.at, "behind_id": behind.id}
    return " AND ".join(parts), values


async def _few(session: AsyncSession, words: str) -> list[int] | None:
    found = (await session.scalars(_FEW, {"words": words})).all()
    return list(found) if len(found) <= FEW else None


async def _look_through(session: AsyncSession, conditions: str, values: dict[str, Any], limit: int) -> Page:
    """Look for frequent words in the next entries of all that fit else."""
    values = values | {"most": LOOKED_THROUGH}
    part = f"core.audit WHERE {conditions} ORDER BY at DESC, id DESC"
    source = f"(SELECT * FROM {part} LIMIT :most) looked WHERE {_FITS}"  # noqa: S608 - our own conditions
    found = await _entries(session, source, values, limit + 1)
    if len(found) > limit:
        return Page(found[:limit], found[limit - 1].place)
    end = f"SELECT at, id FROM {part} OFFSET :most - 1 LIMIT 1"  # noqa: S608 - our own conditions
    last = (await session.execute(text(end), values)).first()
    return Page(found, Place(last.at, last.id) if last else None, last.at if last else None)


async def _entries(session: AsyncSession, source: str, values: dict[str, Any], limit: int) -> list[Entry]:
    rows = await session.execute(text(statement(source)), values | {"limit": limit})
    return [
        Entry(
            row.id,
            row.at,
            row.actor_kind,
            row.actor_id,
            row.name,
            row.action,
            row.object_type,
            row.object_id,
            row.detail,
            row.hash,
        )
        for row in rows
    ]


_FITS = f"{WORDS} @@ plainto_tsquery('simple', :words)"
_FEW = text(f"SELECT id FROM core.audit WHERE {_FITS} LIMIT {FEW + 1}")  # noqa: S608 - constants
_PEOPLE = text(
    """
    SELECT u.id, coalesce(nullif(u.name, ''), split_part(u.email, '@', 1)) AS name FROM core.user u
    WHERE CAST(u.id AS text) = :actor
      OR EXISTS (SELECT FROM core.grant g WHERE g.user_id = u.id)
      OR NOT EXISTS (SELECT FROM core.membership m WHERE m.user_id = u.id)
    ORDER BY 2, 1
    """
)


def _each(column: str) -> str:
    # From one value to the next in the index, however many entries have it.
    return f"""
        WITH RECURSIVE each (value) AS (
          (SELECT {column} FROM core.audit ORDER BY {column} LIMIT 1)
          UNION ALL
          SELECT (SELECT {column} FROM core.audit WHERE {column} > each.value ORDER BY {column} LIMIT 1)
          FROM each WHERE each.value IS NOT NULL
        )
        SELECT value FROM each WHERE value IS NOT NULL
    """  # noqa: S608 - names of columns


_EACH_ACTION, _EACH_KIND = text(_each("action")), text(_each("object_type"))


__all__ = [
    "FEW",
    "LOOKED_THROUGH",
    "Asked",
    "Choices",
    "Entry",
    "Page",
    "Place",
    "choices",
    "find",
    "last_check",
    "statement",
]
