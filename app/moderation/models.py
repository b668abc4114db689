"""What people propose, report and confirm: submissions with what was said about them, reports, confirmations, what is missing."""

import datetime as dt
import uuid
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment, UuidKey
from app.moderation.states import SubmissionState

_PIN = (
    "CASE WHEN jsonb_typeof(content #> '{place,position,lng}') = 'number'"
    " AND jsonb_typeof(content #> '{place,position,lat}') = 'number'"
    " THEN ST_SetSRID(ST_MakePoint(CAST(content #> '{place,position,lng}' AS double precision),"
    " CAST(content #> '{place,position,lat}' AS double precision)), 4326) END"
)


class Submission(Base):
    """A proposed new feature or a proposed change of one. Not public in any part before approval."""

    __tablename__ = "submission"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(s.value) for s in SubmissionState)})", name="state"),
        CheckConstraint("kind IN ('new', 'change')", name="kind"),
        CheckConstraint("channel IN ('form', 'api', 'import')", name="channel"),
        CheckConstraint("(kind = 'new') = (base_revision IS NULL)", name="base_revision"),
        CheckConstraint("(source IS NULL) = (source_id IS NULL)", name="source"),
        CheckConstraint("(organisation_id IS NULL) = (sent_by IS NULL)", name="sent_for"),
        Index("ix_submission_queue", "state", "created_at"),
        Index(
            "ix_submission_waiting",
            "band",
            "waits_since",
            "id",
            postgresql_where=text("state = 'pending'"),
            postgresql_include=["kind", "layer", "channel", "language", "source"],
        ),
        Index(
            "ix_submission_waiting_pin",
            "pin",
            postgresql_using="gist",
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_submission_feature", "feature_id"),
        Index(
            "ix_submission_photos",
            text("jsonb_path_query_array(content, '$.photos[*].file')"),
            postgresql_using="gin",
            postgresql_where=text("content ? 'photos'"),
        ),
        Index(
            "ix_submission_turned_photos",
            text("jsonb_path_query_array(sent_as_new, '$.*.photos[*].file')"),
            postgresql_using="gin",
            postgresql_where=text("sent_as_new IS NOT NULL"),
        ),
        Index(
            "ix_submission_contact_email",
            "contact_email",
            "created_at",
            postgresql_where=text("contact_email IS NOT NULL"),
        ),
        Index(
            "ix_submission_organisation",
            "organisation_id",
            "created_at",
            postgresql_where=text("organisation_id IS NOT NULL"),
        ),
        Index(
            "uq_submission_waiting_source",
            "layer",
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
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(
        comment="The organisation for which one of its people sent it"
    )
    sent_by: Mapped[uuid.UUID | None] = mapped_column(comment="Who of the organisation sent it")
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
    waits_since: Mapped[dt.datetime] = mapped_column(
        Computed("coalesce(confirmed_at, created_at)", persisted=True),
        comment="Since when the desk knows of it: what the clock of the queue counts from",
        deferred=True,
    )
    band: Mapped[int] = mapped_column(
        SmallInteger,
        server_default=text("1"),
        comment="0 a change, 1 new, 2 likely spam: what stands behind what in the queue; set by triggers",
        deferred=True,
    )
    pin: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", srid=4326, spatial_index=False),
        Computed(_PIN, persisted=True),
        comment="Where the proposed place is; NULL without a position",
        deferred=True,
    )
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[uuid.UUID | None]
    decision_reason: Mapped[str | None] = mapped_column(comment="Code of the canned reason")
    decision_note: Mapped[str | None] = mapped_column(comment="What the moderator wrote to the submitter")
    corrected: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="Published as a moderator has corrected it"
    )
    came_as_new: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="Sent as something new; a moderator found it to be on the map"
    )
    sent_as_new: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True),
        comment="Where it came as new: what was sent (content) and the change that a moderator made of it (laid)",
        deferred=True,
    )
    second_asked_by: Mapped[uuid.UUID | None] = mapped_column(
        comment="Who of staff wants somebody else to decide"
    )
    area_codes: Mapped[list[str]] = mapped_column(
        ARRAY(Text),
        server_default=text("'{}'::text[]"),
        comment="The units that all of what is proposed lies in; set by trigger",
    )


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


class Screened(Base):
    """How suspicious a submission is, and why; made anew whenever its content changes."""

    __tablename__ = "screening"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        Index("ix_screening_score", text("score DESC")),
        {"schema": "core", "comment": "How suspicious each submission is, and why"},
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.submission.id", ondelete="CASCADE"), primary_key=True
    )
    score: Mapped[int] = mapped_column(SmallInteger, comment="0 to 100; more is more suspicious")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(
        comment="Code, points and detail of each, strongest first"
    )
    at: Mapped[Moment]


class ScreeningTrace(Base):
    """Something of a submission by which others like it are found."""

    __tablename__ = "screening_trace"
    __table_args__ = (
        Index("ix_screening_trace_key", "key", "at"),
        {"schema": "core", "comment": "By what submissions are found to be like each other"},
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.submission.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, comment="Hash of a phone, a link, a name, a part of a text"
    )
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
    independent: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="The first about this feature from its connection that day"
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
