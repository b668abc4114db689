"""Pairs of features that may be one, pairs that are not, and merges, which can be undone."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment, UuidKey


class Duplicate(Base):
    """Two published features that may be one, as the last search over everything found them."""

    __tablename__ = "duplicate"
    __table_args__ = (
        CheckConstraint("a < b", name="order"),
        Index("ix_duplicate_b", "b"),
        Index("ix_duplicate_score", text("score DESC"), "a", "b"),
        {
            "schema": "core",
            "comment": "Pairs of published features that may be one, as the last search found them",
        },
    )

    a: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.feature.id", ondelete="CASCADE"), primary_key=True, comment="The lower id of the two"
    )
    b: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.feature.id", ondelete="CASCADE"), primary_key=True)
    score: Mapped[int] = mapped_column(SmallInteger, comment="1 to 100")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(
        comment="The strongest first: code, points and what it needs to be said"
    )
    at: Mapped[Moment]


class NotDuplicate(Base):
    """Two features of which somebody has said that they are two; nobody is asked again."""

    __tablename__ = "not_duplicate"
    __table_args__ = (
        CheckConstraint("a < b", name="order"),
        Index("ix_not_duplicate_b", "b"),
        {"schema": "core", "comment": "Pairs of which somebody has said that they are two"},
    )

    a: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.feature.id", ondelete="CASCADE"), primary_key=True, comment="The lower id of the two"
    )
    b: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.feature.id", ondelete="CASCADE"), primary_key=True)
    actor_id: Mapped[uuid.UUID | None]
    at: Mapped[Moment]


class FeatureMerge(Base):
    """Two features that were made one. What is needed to take it back is in it."""

    __tablename__ = "merge"
    __table_args__ = (
        Index("uq_merge_standing", "loser_id", unique=True, postgresql_where=text("undone_at IS NULL")),
        Index("ix_merge_winner", "winner_id"),
        Index(
            "ix_merge_photos",
            text("jsonb_path_query_array(moved, '$.submissions.*.*.photos[*].file')"),
            postgresql_using="gin",
        ),
        {"schema": "core", "comment": "Two entries that were found to be one place"},
    )

    id: Mapped[UuidKey]
    loser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.feature.id", ondelete="CASCADE"))
    winner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.feature.id", ondelete="CASCADE"))
    winner_before: Mapped[int] = mapped_column(Integer, comment="Revision of the winner before it")
    winner_revision: Mapped[int] = mapped_column(Integer, comment="Revision of the winner after it")
    loser_revision: Mapped[int] = mapped_column(Integer, comment="Revision of the loser after it")
    moved: Mapped[dict[str, Any]] = mapped_column(
        comment="Reports and submissions that lead to the winner since, as they were before"
    )
    at: Mapped[Moment]
    actor_id: Mapped[uuid.UUID | None]
    undone_at: Mapped[dt.datetime | None]
    undone_by: Mapped[uuid.UUID | None]
