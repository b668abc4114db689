"""The spine of every layer: the feature, and every content it ever had."""

import datetime as dt
import enum
import uuid
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment, UuidKey


class FeatureState(enum.StrEnum):
    """Whether the public sees a feature."""

    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"


class Feature(Base):
    """One place, organisation or other thing, whatever its layer. `content` is the live revision's."""

    __tablename__ = "feature"
    __table_args__ = (
        CheckConstraint("state IN ('published', 'unpublished')", name="state"),
        CheckConstraint("revision > 0", name="revision"),
        CheckConstraint("(source IS NULL) = (source_id IS NULL)", name="source"),
        UniqueConstraint("layer", "source", "source_id"),
        CheckConstraint(
            "merged_into IS NULL OR (merged_into <> id AND state = 'unpublished')", name="merged_into"
        ),
        Index(None, "layer", "state"),
        # By a contact, a name or a page; nearly everything is on the map.
        Index(
            "ix_feature_gone",
            text("core.found_again_by(content)"),
            postgresql_using="gin",
            postgresql_where=text("state = 'unpublished' AND merged_into IS NULL"),
        ),
        Index("ix_feature_example", "id", postgresql_where=text("example")),
        Index("ix_feature_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        Index(
            "ix_feature_contact_values",
            text("jsonb_path_query_array(content, '$.contacts[*].value')"),
            postgresql_using="gin",
        ),
        Index(
            "ix_feature_website",
            text("(content ->> 'website')"),
            postgresql_where=text("content ? 'website'"),
        ),
        Index(
            "ix_feature_organisation",
            text("((content -> 'organisation') ->> 'id')"),
            postgresql_where=text("content ? 'organisation'"),
        ),
        {"schema": "core", "comment": "The spine of every layer; content is the live revision's"},
    )

    id: Mapped[UuidKey]
    layer: Mapped[str] = mapped_column(comment="Key of the layer, as in the address")
    state: Mapped[str] = mapped_column(comment="published or unpublished")
    revision: Mapped[int] = mapped_column(Integer, comment="Number of the live revision")
    content: Mapped[dict[str, Any]] = mapped_column(comment="Content of the live revision")
    source: Mapped[str | None] = mapped_column(
        comment="Data set that it came from; NULL when people entered it"
    )
    source_id: Mapped[str | None] = mapped_column(comment="Its id there")
    source_url: Mapped[str | None]
    licence: Mapped[str | None] = mapped_column(comment="SPDX id or name of the licence of the source")
    attribution: Mapped[str | None]
    example: Mapped[bool] = mapped_column(server_default=text("false"), comment="Invented, for demonstration")
    verified_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When somebody last checked that it is true"
    )
    verified_how: Mapped[str | None] = mapped_column(comment="Code of the way it was checked")
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    published_at: Mapped[dt.datetime | None]
    merged_into: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core.feature.id", ondelete="SET NULL"),
        comment="The feature that it was found to be the same as",
    )


class Revision(Base):
    """A content that a feature had, who gave it and why. A revert is a new revision."""

    __tablename__ = "revision"
    __table_args__ = (
        Index(
            "ix_revision_photos",
            text("jsonb_path_query_array(content, '$.photos[*].file')"),
            postgresql_using="gin",
            postgresql_where=text("content ? 'photos'"),
        ),
        Index("ix_revision_not_compared", "feature_id", postgresql_where=text("changed IS NULL")),
        {"schema": "core", "comment": "Every content a feature ever had"},
    )

    feature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.feature.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[dict[str, Any]]
    action: Mapped[str] = mapped_column(comment="publish, import, unpublish, republish, revert")
    reason: Mapped[str | None]
    actor_id: Mapped[uuid.UUID | None] = mapped_column(comment="The user who decided; NULL for the system")
    submission_id: Mapped[uuid.UUID | None] = mapped_column(comment="The submission it came from")
    created_at: Mapped[Moment]
    changed: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), comment="Public members that are not as before; NULL: not compared yet"
    )
    verified_at: Mapped[dt.datetime | None] = mapped_column(comment="The last check that was known then")
    verified_how: Mapped[str | None] = mapped_column(comment="Code of the way of that check")
