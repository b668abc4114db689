"""Organisations of which two people have made sure who they are."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment, UuidKey


class Verification(Base):
    """Who has made sure of an organisation, and how. A change of what it is known by ends it: a trigger sees to that."""

    __tablename__ = "verification"
    __table_args__ = (
        CheckConstraint("first_by <> second_by", name="two_people"),
        CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL) AND (second_by IS NULL) = (second_how IS NULL)",
            name="second",
        ),
        Index(
            "uq_verification_standing", "feature_id", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
        Index(None, "feature_id"),
        {"schema": "core", "comment": "Organisations of which two people have made sure, or one so far"},
    )

    id: Mapped[UuidKey]
    feature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.feature.id", ondelete="CASCADE"), comment="The organisation"
    )
    version: Mapped[int] = mapped_column(
        Integer, server_default=text("1"), comment="Counts every change of this row"
    )
    first_by: Mapped[uuid.UUID] = mapped_column(comment="Who has made sure first")
    first_at: Mapped[Moment]
    first_how: Mapped[str] = mapped_column(comment="In which way")
    first_said: Mapped[str | None] = mapped_column(comment="How exactly; erased 90 days after the end")
    second_by: Mapped[uuid.UUID | None] = mapped_column(comment="Somebody else, who has made sure as well")
    second_at: Mapped[dt.datetime | None]
    second_how: Mapped[str | None] = mapped_column(comment="In which way")
    second_said: Mapped[str | None] = mapped_column(comment="How exactly; erased 90 days after the end")
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[uuid.UUID | None] = mapped_column(comment="Who withdrew it; NULL: the entry changed")
    note: Mapped[str | None] = mapped_column(comment="Why it was withdrawn; erased 90 days after the end")
