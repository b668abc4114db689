"""The log of every change of state: written in the change's own transaction, never changed after."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import BigInteger, Index, LargeBinary, text
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


class AuditEntry(Base):
    """One change of state. A trigger chains the entries: `hash` covers the entry and the hash before it."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "object_type", "object_id"), {"schema": "core"})

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


class AuditHead(Base):
    """The end of the chain when the last transaction ended: one row, whose lock puts transactions in order."""

    __tablename__ = "audit_head"
    __table_args__ = {"schema": "core"}  # noqa: RUF012

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
    entries = [{"object_id": object_id, "detail": detail} for object_id, detail in objects]
    await session.execute(
        _RECORD_EACH,
        {
            "actor_kind": actor.kind,
            "actor_id": actor.user_id,
            "action": action,
            "object_type": object_type,
            "entries": orjson.dumps(entries).decode(),
        },
    )


_RECORD_EACH = text(
    """
    INSERT INTO core.audit (actor_kind, actor_id, action, object_type, object_id, detail)
    SELECT :actor_kind, CAST(:actor_id AS uuid), :action, :object_type, object_id, detail
    FROM ROWS FROM (
      jsonb_to_recordset(CAST(:entries AS jsonb)) AS (object_id text, detail jsonb)
    ) WITH ORDINALITY AS entry (object_id, detail, place)
    ORDER BY place
    """
)


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """The first entry at which the chain does not hold."""

    id: int
    at: dt.datetime | None


async def verify_chain(session: AsyncSession) -> ChainBreak | None:
    """Give the first broken entry of the log, or None when every hash is right and no entry is missing."""
    row = (
        await session.execute(
            text(
                """
                SELECT id, at FROM (
                  SELECT id, at, hash, previous_hash,
                         lag(hash, 1, '\\x'::bytea) OVER (ORDER BY id) AS before,
                         lag(id, 1, 0::bigint) OVER (ORDER BY id) AS id_before,
                         core.audit_hash(a) AS expected
                  FROM core.audit a
                ) chained
                WHERE previous_hash IS DISTINCT FROM before OR hash IS DISTINCT FROM expected OR id <> id_before + 1
                ORDER BY id LIMIT 1
                """
            )
        )
    ).first()
    if row is not None:
        return ChainBreak(row.id, row.at)
    head = (
        await session.execute(
            text(
                """
                SELECT h.last_id FROM core.audit_head h
                WHERE h.last_id <> (SELECT coalesce(max(id), 0) FROM core.audit)
                """
            )
        )
    ).first()
    return ChainBreak(head.last_id, None) if head else None


__all__ = [
    "SUBMITTER",
    "SYSTEM",
    "Actor",
    "AuditEntry",
    "AuditHead",
    "ChainBreak",
    "record",
    "record_each",
    "verify_chain",
]
