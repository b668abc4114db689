"""What the queue keeps beside the submissions: who looks at which, saved views, decisions on many at once."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
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
