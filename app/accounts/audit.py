"""The log of every change of state: written in the change's own transaction, never changed after."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something: a person with an account, a submitter known by their link, or the system.

    `kind` is `staff`, `submitter` or `system`; `user_id` is set for staff only.
    """

    kind: str
    user_id: uuid.UUID | None = None


SYSTEM = Actor("system")
SUBMITTER = Actor("submitter")
#: SQL of whom an entry is of, for its index: the id of a person, or what the actor is.
ACTOR: Final = "coalesce(CAST(actor_id AS text), actor_kind)"
#: SQL of the words of an entry, for its index: what its details say.
WORDS: Final = "to_tsvector('simple', detail)"


class AuditEntry(Base):
    """One change of state. A trigger chains the entries: `hash` covers the entry and the hash before it."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_at", "at", "id"),
        Index("ix_audit_actor", text(ACTOR), "at", "id"),
        Index("ix_audit_actor_action", text(ACTOR), "action", "at", "id"),
        Index("ix_audit_actor_kind", text(ACTOR), "object_type", "at", "id"),
        Index("ix_audit_action", "action", "at", "id"),
        Index("ix_audit_kind", "object_type", "at", "id"),
        Index("ix_audit_object", "object_id", "at", "id"),
        Index("ix_audit_words", text(WORDS), postgresql_using="gin"),
        {"schema": "core"},
    )

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, comment="Position in the chain, without gaps"
    )
    at: Mapped[Moment]
    actor_kind: Mapped[str] = mapped_column(comment="staff, submitter or system")
    actor_id: Mapped[uuid.UUID | None] = mapped_column(comment="The user, for staff")
    action: Mapped[str] = mapped_column(comment="What was done, such as submission.approved")
    object_type: Mapped[str] = mapped_column(comment="feature, submission, user, import …")
    object_id: Mapped[str] = mapped_column(comment="Its id")
    detail: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'::jsonb"), comment="No personal data"
    )
    previous_hash: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="Hash of the entry before; set by trigger"
    )
    hash: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="SHA-256 of this entry and the hash before"
    )


class AuditCheck(Base):
    """What the last look at the whole chain has found: one row."""

    __tablename__ = "audit_check"
    __table_args__ = (
        CheckConstraint("singleton", name="only"),
        {"schema": "core", "comment": "What the last look at the chain of the audit log has found"},
    )

    singleton: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    at: Mapped[Moment]
    last_id: Mapped[int] = mapped_column(BigInteger, comment="The last entry that was looked at")
    last_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was written; NULL: no entry")
    broken_id: Mapped[int | None] = mapped_column(
        BigInteger, comment="The first entry that is wrong; NULL: none"
    )


class AuditHead(Base):
    """The end of the chain when the last transaction ended: one row, whose lock puts transactions in order."""

    __tablename__ = "audit_head"
    __table_args__ = {"schema": "core"}  # noqa: RUF012 - the shape that SQLAlchemy asks for

    singleton: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    last_id: Mapped[int] = mapped_column(BigInteger)
    last_hash: Mapped[bytes] = mapped_column(LargeBinary)


def record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: uuid.UUID | str,
    **detail: Any,
) -> None:
    """Add an entry to the transaction of `session`; it stands or falls with the change it tells of."""
    session.add(
        AuditEntry(
            actor_kind=actor.kind,
            actor_id=actor.user_id,
            action=action,
            object_type=object_type,
            object_id=str(object_id),
            detail=detail,
        )
    )


async def record_each(
    session: AsyncSession,
    actor: Actor,
    action: str,
    object_type: str,
    objects: Sequence[tuple[str, Mapping[str, Any]]],
) -> None:
    """Add an entry for each object (id, detail) in the order given, by one statement, at once."""
    entries = [_entry(actor, action, object_type, object_id, detail) for object_id, detail in objects]
    await session.execute(_RECORD_EACH, {"entries": orjson.dumps(entries).decode()})


def with_waiting(
    session: AsyncSession,
    actor: Actor,
    action: str,
    object_type: str,
    objects: Sequence[tuple[str, Mapping[str, Any]]],
) -> str:
    """The same entries behind those that wait in the session, as `entries` of a statement with `RECORD_ENTRIES`.

    What waited does not any more: it is written by that statement.
    """
    entries = []
    for waiting in [one for one in session.new if isinstance(one, AuditEntry)]:
        by = Actor(waiting.actor_kind, waiting.actor_id)
        entries.append(_entry(by, waiting.action, waiting.object_type, waiting.object_id, waiting.detail))
        session.expunge(waiting)
    entries += [_entry(actor, action, object_type, object_id, detail) for object_id, detail in objects]
    return orjson.dumps(entries).decode()


def _entry(
    actor: Actor, action: str, object_type: str, object_id: str, detail: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "actor_kind": actor.kind,
        "actor_id": actor.user_id,
        "action": action,
        "object_type": object_type,
        "object_id": object_id,
        "detail": detail,
    }


#: Writes `:entries` in their order; a statement may end with it.
RECORD_ENTRIES = """
    INSERT INTO core.audit (actor_kind, actor_id, action, object_type, object_id, detail)
    SELECT actor_kind, actor_id, action, object_type, object_id, detail
    FROM ROWS FROM (
      jsonb_to_recordset(CAST(:entries AS jsonb)) AS (
        actor_kind text, actor_id uuid, action text, object_type text, object_id text, detail jsonb)
    ) WITH ORDINALITY AS entry (actor_kind, actor_id, action, object_type, object_id, detail, place)
    ORDER BY place
"""
_RECORD_EACH = text(RECORD_ENTRIES)


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """The first entry at which the chain does not hold."""

    id: int
    at: dt.datetime | None


async def verify_chain(session: AsyncSession) -> ChainBreak | None:
    """Give the first broken entry of the log, or None when every hash is right and no entry is missing.

    The end of the log is held against its head, which knows the last entry's hash: entries cut off at the end,
    and a chain that somebody has hashed anew, are found too.
    """
    last = ChainBreak(0, None)
    before = b""
    while True:
        rows = await session.execute(_LINKS, {"after": last.id, "before": before, "limit": CHECKED_TOGETHER})
        links = rows.one()
        if links.broken is not None:
            return ChainBreak(links.broken, links.broken_at)
        if links.last is None:
            break
        last, before = ChainBreak(links.last, None), links.last_hash
    head = (await session.execute(_HEAD)).first()
    return ChainBreak(head.id, head.at) if head else None


async def check_chain(session: AsyncSession) -> ChainBreak | None:
    """Verify the chain, and keep what was found for those who read the log."""
    # What is written while the chain is looked at may have been missed: only what was there before is said to hold.
    last = (await session.execute(_LAST)).one()
    broken = await verify_chain(session)
    values = {"id": last.id, "at": last.at, "broken": broken.id if broken else None}
    await session.execute(_KEEP_CHECK, values)
    return broken


async def count_entries(session: AsyncSession) -> int:
    """Give the number of entries."""
    return int((await session.execute(text("SELECT count(*) FROM core.audit"))).scalar_one())


#: Entries that one statement checks: a second or so.
CHECKED_TOGETHER = 50_000
_LINKS = text(
    """
    WITH part AS (
      SELECT a.id, a.at, a.hash, a.previous_hash, core.audit_hash(a) AS expected
      FROM core.audit a WHERE a.id > :after ORDER BY a.id LIMIT :limit
    ),
    chained AS (
      SELECT id, at, hash,
             previous_hash IS DISTINCT FROM lag(hash, 1, CAST(:before AS bytea)) OVER (ORDER BY id)
             OR hash IS DISTINCT FROM expected
             OR id <> lag(id, 1, CAST(:after AS bigint)) OVER (ORDER BY id) + 1 AS wrong
      FROM part
    ),
    first_wrong AS (SELECT id, at FROM chained WHERE wrong ORDER BY id LIMIT 1),
    ending AS (SELECT id, hash FROM chained ORDER BY id DESC LIMIT 1)
    SELECT (SELECT id FROM first_wrong) AS broken, (SELECT at FROM first_wrong) AS broken_at,
           (SELECT id FROM ending) AS last, (SELECT hash FROM ending) AS last_hash
    """
)
# One statement sees head and log at one moment, whoever writes meanwhile.
_HEAD = text(
    """
    SELECT least(h.last_id, coalesce(a.id, 0)) AS id, a.at
    FROM core.audit_head h
    LEFT JOIN LATERAL (SELECT id, at, hash FROM core.audit ORDER BY id DESC LIMIT 1) a ON true
    WHERE (h.last_id, h.last_hash) IS DISTINCT FROM (coalesce(a.id, 0), coalesce(a.hash, '\\x'::bytea))
    """
)
_LAST = text(
    """
    SELECT h.last_id AS id, a.at FROM core.audit_head h LEFT JOIN core.audit a ON a.id = h.last_id
    """
)
_KEEP_CHECK = text(
    """
    INSERT INTO core.audit_check AS kept (singleton, at, last_id, last_at, broken_id)
    VALUES (true, clock_timestamp(), :id, :at, :broken)
    ON CONFLICT (singleton) DO UPDATE
    SET at = EXCLUDED.at, last_id = EXCLUDED.last_id, last_at = EXCLUDED.last_at, broken_id = EXCLUDED.broken_id
    """
)


__all__ = [
    "ACTOR",
    "RECORD_ENTRIES",
    "SUBMITTER",
    "SYSTEM",
    "WORDS",
    "Actor",
    "AuditCheck",
    "AuditEntry",
    "AuditHead",
    "ChainBreak",
    "check_chain",
    "count_entries",
    "record",
    "record_each",
    "verify_chain",
    "with_waiting",
]
