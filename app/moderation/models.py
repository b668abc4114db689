"""What people propose, report and confirm: submissions with what was said about them, reports, confirmations, what is missing."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment, UuidKey
from app.moderation.states import SubmissionState


class Submission(Base):
    """A proposed new feature or a proposed change of one. Not public in any part before approval."""

    __tablename__ = "submission"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(s.value) for s in SubmissionState)})", name="state"),
        CheckConstraint("kind IN ('new', 'change')", name="kind"),
        CheckConstraint("channel IN ('form', 'api', 'import')", name="channel"),
        CheckConstraint("(kind = 'new') = (base_revision IS NULL)", name="base_revision"),
        CheckConstraint("(source IS NULL) = (source_id IS NULL)", name="source"),
        Index("ix_submission_queue", "state", "created_at"),
        Index("ix_submission_feature", "feature_id"),
        Index(
            "uq_submission_waiting_source",
            "source",
            "source_id",
            unique=True,
            postgresql_where=text("source IS NOT NULL AND state IN ('pending', 'needs_changes')"),
        ),
        Index(
            "ix_submission_source",
            "source",
            "source_id",
            "created_at",
            postgresql_where=text("source IS NOT NULL"),
        ),
        {"schema": "core", "comment": "Proposed features and changes, with their decisions"},
    )

    id: Mapped[UuidKey]
    layer: Mapped[str]
    kind: Mapped[str] = mapped_column(comment="new or change")
    channel: Mapped[str] = mapped_column(comment="form, api or import")
    feature_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core.feature.id"), comment="What is to be changed; after approval, what was published"
    )
    base_revision: Mapped[int | None] = mapped_column(
        Integer, comment="Revision that the change was made from"
    )
    content: Mapped[dict[str, Any]] = mapped_column(comment="The whole proposed content")
    state: Mapped[str]
    version: Mapped[int] = mapped_column(
        Integer, server_default=text("1"), comment="Counts every change of this row"
    )
    language: Mapped[str] = mapped_column(
        comment="Interface language of the submitter; their mails are in it"
    )
    contact_email: Mapped[str | None] = mapped_column(
        comment="Personal data: erased 90 days after the decision"
    )
    source: Mapped[str | None]
    source_id: Mapped[str | None]
    source_url: Mapped[str | None]
    licence: Mapped[str | None]
    attribution: Mapped[str | None]
    verified_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When its source was last checked; NULL: not known"
    )
    verified_how: Mapped[str | None] = mapped_column(
        comment="Code of the way the source was checked; NULL for what people submit"
    )
    created_at: Mapped[Moment]
    confirmed_at: Mapped[dt.datetime | None]
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[uuid.UUID | None]
    decision_reason: Mapped[str | None] = mapped_column(comment="Code of the canned reason")
    decision_note: Mapped[str | None] = mapped_column(comment="What the moderator wrote to the submitter")


class SubmissionNote(Base):
    """A question of a moderator, or the submitter's answer."""

    __tablename__ = "submission_note"
    __table_args__ = (
        CheckConstraint("author IN ('moderator', 'submitter')", name="author"),
        Index(None, "submission_id"),
        {"schema": "core"},
    )

    id: Mapped[UuidKey]
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.submission.id", ondelete="CASCADE"))
    author: Mapped[str]
    actor_id: Mapped[uuid.UUID | None]
    body: Mapped[str]
    at: Mapped[Moment]


class Report(Base):
    """One report about a feature. Not public in any part; a visitor needs no account and leaves nothing but this."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'resolved')", name="state"),
        CheckConstraint("outcome IN ('done', 'taken_down')", name="outcome"),
        CheckConstraint("(state = 'open') = (resolved_at IS NULL)", name="resolved_at"),
        Index("ix_report_open", "created_at", postgresql_where=text("state = 'open'")),
        Index(None, "feature_id"),
        {"schema": "core", "comment": "What visitors say is wrong with a feature"},
    )

    id: Mapped[UuidKey]
    feature_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.feature.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(comment="Code of the report reason")
    body: Mapped[str | None] = mapped_column(
        comment="What the visitor wrote; erased 90 days after the decision"
    )
    contact_email: Mapped[str | None] = mapped_column(
        comment="Personal data: erased 90 days after the decision"
    )
    language: Mapped[str] = mapped_column(comment="Interface language of the visitor; their mail is in it")
    number: Mapped[bytes] = mapped_column(
        unique=True, comment="Of the filling-in: sent twice it is one report"
    )
    state: Mapped[str] = mapped_column(server_default=text("'open'"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[Moment]
    resolved_at: Mapped[dt.datetime | None]
    resolved_by: Mapped[uuid.UUID | None]
    outcome: Mapped[str | None] = mapped_column(comment="done or taken_down")
    note: Mapped[str | None] = mapped_column(comment="What the moderator wrote to the visitor")


class Confirmation(Base):
    """Somebody says that a feature is as the map says. Nothing tells who it was, not even to us."""

    __tablename__ = "confirmation"
    __table_args__ = (
        Index("ix_confirmation_feature", "feature_id", "created_at"),
        {"schema": "core", "comment": "Visitors who found a feature as it is described"},
    )

    id: Mapped[UuidKey]
    feature_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.feature.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(Integer, comment="The revision that they looked at")
    day: Mapped[dt.date] = mapped_column(
        comment="In UTC, as the rate limiter counts: two of one day are of two connections"
    )
    created_at: Mapped[Moment]


class Missing(Base):
    """What somebody looked for and did not find, as they were shown it before they sent it."""

    __tablename__ = "missing"
    __table_args__ = (
        Index(None, "created_at"),
        {"schema": "core", "comment": "What people did not find on the map, for who plans help"},
    )

    id: Mapped[UuidKey]
    services: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="Codes of services, groups or families")
    audiences: Mapped[list[str]] = mapped_column(ARRAY(Text))
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    access: Mapped[list[str]] = mapped_column(ARRAY(Text))
    area_code: Mapped[str | None] = mapped_column(comment="Code of the unit; NULL: anywhere")
    searched: Mapped[str | None] = mapped_column(
        comment="What was typed into the search; erased after 90 days"
    )
    body: Mapped[str | None] = mapped_column(comment="What they wrote; erased after 90 days")
    language: Mapped[str] = mapped_column(comment="Interface language")
    number: Mapped[bytes] = mapped_column(
        unique=True, comment="Of the filling-in: sent twice it is told once"
    )
    created_at: Mapped[Moment]
