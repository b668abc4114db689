"""Where one of two people has said yes to something of protected help that nobody reads before the second one has."""

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment, UuidKey


class Agreement(Base):
    """The first yes: to publishing a submission, or to an act on an entry. A trigger forgets it when the submission changes."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("(submission_id IS NULL) <> (feature_id IS NULL)", name="of_one"),
        {"schema": "core", "comment": "The first of two people who publish something of protected help"},
    )

    id: Mapped[UuidKey]
    submission_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core.submission.id", ondelete="CASCADE"), unique=True
    )
    feature_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core.feature.id", ondelete="CASCADE"), unique=True
    )
    act: Mapped[str] = mapped_column(comment="Action of the version that it would make")
    mark: Mapped[str] = mapped_column(Text, comment="SHA-256 of all that would be public by it")
    content: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True),
        comment="A submission as its first reader has corrected it, or what is chosen of an entry",
    )
    base_revision: Mapped[int | None] = mapped_column(
        Integer, comment="The live revision that it was made from"
    )
    agreed_by: Mapped[uuid.UUID] = mapped_column(comment="Who has said yes")
    at: Mapped[Moment] = mapped_column(server_default=text("now()"))
