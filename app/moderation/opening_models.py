"""Owners who want their protected place to be shown again, and the two moderators who have to agree."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment, UuidKey


class OpeningState(enum.StrEnum):
    """Where such a wish stands."""

    ASKED = "asked"
    ALLOWED = "allowed"
    OPENED = "opened"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


STANDING = (OpeningState.ASKED, OpeningState.ALLOWED)


class Opening(Base):
    """A wish that a place be no longer protected. It says nothing of where that is: nobody knows before two have agreed."""

    __tablename__ = "opening"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(s.value) for s in OpeningState)})", name="state"),
        CheckConstraint("first_by <> second_by", name="two_people"),
        CheckConstraint(
            "state NOT IN ('allowed', 'opened') OR"
            " (first_by IS NOT NULL AND second_by IS NOT NULL AND second_at IS NOT NULL)",
            name="allowed_by_two",
        ),
        CheckConstraint("(state IN ('asked', 'allowed')) = (ended_at IS NULL)", name="ended_at"),
        Index(
            "uq_opening_standing",
            "feature_id",
            unique=True,
            postgresql_where=text("state IN ('asked', 'allowed')"),
        ),
        Index(None, "submission_id"),
        Index(None, "change_id"),
        {"schema": "core", "comment": "Owners who want a protected place to be shown again"},
    )

    id: Mapped[UuidKey]
    feature_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.feature.id", ondelete="CASCADE"))
    submission_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.submission.id", ondelete="CASCADE"),
        comment="What brought the place in; its link asks",
    )
    state: Mapped[str]
    version: Mapped[int] = mapped_column(
        Integer, server_default=text("1"), comment="Counts every change of this row"
    )
    reason: Mapped[str | None] = mapped_column(comment="Why it is safe; erased 90 days after the end")
    contact_email: Mapped[str | None] = mapped_column(comment="Personal data: erased 90 days after the end")
    language: Mapped[str] = mapped_column(comment="Interface language of whoever asks")
    asked_at: Mapped[Moment]
    first_by: Mapped[uuid.UUID | None] = mapped_column(comment="The moderator who agreed first")
    first_at: Mapped[dt.datetime | None]
    second_by: Mapped[uuid.UUID | None] = mapped_column(comment="Another moderator, who agreed as well")
    second_at: Mapped[dt.datetime | None]
    change_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core.submission.id", ondelete="SET NULL"),
        comment="The submission that says where the place is",
    )
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[uuid.UUID | None] = mapped_column(comment="The moderator who refused it or published")
    note: Mapped[str | None] = mapped_column(comment="What a moderator wrote to whoever asked")
