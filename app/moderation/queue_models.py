"""What the queue keeps beside the submissions: who looks at which, saved views, decisions on many at once, what is counted."""

import datetime as dt
import uuid

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment, UuidKey


class Lease(Base):
    """Somebody looks at a submission just now."""

    __tablename__ = "lease"
    __table_args__ = (
        Index(None, "user_id"),
        {"schema": "core", "comment": "Who is looking at a submission just now"},
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.submission.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.user.id", ondelete="CASCADE"))
    taken_at: Mapped[dt.datetime] = mapped_column(comment="Since when without a break")
    ends_at: Mapped[dt.datetime] = mapped_column(comment="Nobody's from then on")


class SavedView(Base):
    """Filters of the queue under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 60", name="name"),
        {"schema": "core", "comment": "Filters of the queue that a person uses again"},
    )

    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.user.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    query: Mapped[str] = mapped_column(comment="The filters, as in the address")
    created_at: Mapped[Moment]


class Bulk(Base):
    """One decision on many submissions: planned, then confirmed, and perhaps undone."""

    __tablename__ = "bulk"
    __table_args__ = (
        CheckConstraint("act IN ('approve', 'reject', 'spam')", name="act"),
        Index(None, "user_id"),
        {"schema": "core", "comment": "Decisions on many submissions at once"},
    )

    id: Mapped[UuidKey]
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.user.id", ondelete="CASCADE"), comment="Who planned it"
    )
    act: Mapped[str] = mapped_column(comment="approve, reject or spam")
    query: Mapped[str] = mapped_column(comment="The filters of the list that it was chosen from")
    created_at: Mapped[Moment]
    begun_at: Mapped[dt.datetime | None] = mapped_column(comment="NULL: not confirmed")
    undone_at: Mapped[dt.datetime | None]
    reason: Mapped[str | None] = mapped_column(comment="Code of the canned reason")
    note: Mapped[str | None] = mapped_column(comment="What the moderator wrote to the submitters")


class BulkItem(Base):
    """One submission of such a decision."""

    __tablename__ = "bulk_item"
    __table_args__ = (
        Index(None, "submission_id"),
        {"schema": "core", "comment": "What a decision on many was planned for, and what came of it"},
    )

    bulk_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.bulk.id", ondelete="CASCADE"), primary_key=True
    )
    submission_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.submission.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(Integer, comment="As it was when this was planned")
    outcome: Mapped[str | None] = mapped_column(
        comment="done, undone, changed, or the class of what stood in its way; NULL: not tried"
    )


class Tally(Base):
    """One submission as it is counted; a trigger keeps it. It outlives the submission and holds nothing of its content."""

    __tablename__ = "tally"
    __table_args__ = (
        Index("ix_tally_came_at", "came_at", postgresql_include=["area_codes"]),
        Index(
            "ix_tally_decided_at",
            "decided_at",
            postgresql_where=text("decided_at IS NOT NULL"),
            postgresql_include=["layer", "came_at", "decided_by", "outcome", "reason", "area_codes"],
        ),
        {
            "schema": "core",
            "comment": "What went through the queue, for statistics: no content, and kept when the submission is deleted",
        },
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, comment="It may be deleted meanwhile")
    layer: Mapped[str]
    kind: Mapped[str] = mapped_column(comment="new or change")
    area_codes: Mapped[list[str]] = mapped_column(
        ARRAY(Text), comment="The units that all of what is proposed lies in"
    )
    came_at: Mapped[dt.datetime] = mapped_column(comment="Since when the desk knew of it")
    decided_at: Mapped[dt.datetime | None] = mapped_column(comment="NULL: it waits, or was withdrawn")
    decided_by: Mapped[uuid.UUID | None] = mapped_column(comment="Who of staff; NULL: the program")
    outcome: Mapped[str | None] = mapped_column(comment="approved, rejected or spam")
    reason: Mapped[str | None] = mapped_column(comment="Code of the canned reason it was turned down for")
