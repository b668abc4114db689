"""The import desk: files that somebody uploaded, their rows beside what is here, and which row is which place."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment, UuidKey


class ImportRun(Base):
    """One file that somebody uploaded, with what they said of its source. Nothing of it is public."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("state IN ('columns', 'waiting', 'ready', 'failed')", name="state"),
        Index(None, "layer", "created_at"),
        {"schema": "core", "comment": "Files that were uploaded at the import desk"},
    )

    id: Mapped[UuidKey]
    layer: Mapped[str] = mapped_column(comment="Key of the layer, as in the address")
    title: Mapped[str] = mapped_column(comment="What whoever uploaded it calls it")
    source: Mapped[str] = mapped_column(comment="The name under which the ids of its rows are unique")
    source_url: Mapped[str]
    licence: Mapped[str]
    attribution: Mapped[str]
    language: Mapped[str] = mapped_column(comment="The language of its texts")
    as_of: Mapped[dt.date] = mapped_column(Date, comment="The day on which it was true")
    format: Mapped[str] = mapped_column(comment="csv or xlsx")
    headers: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="Its columns as they are called there")
    columns: Mapped[dict[str, Any]] = mapped_column(comment="Which of its columns says which of ours")
    file: Mapped[bytes | None] = mapped_column(LargeBinary, comment="The file, until its rows are read")
    state: Mapped[str] = mapped_column(
        comment="columns: somebody has to say what they mean; waiting: to be read; ready; failed"
    )
    problem: Mapped[dict[str, Any] | None] = mapped_column(comment="Why it could not be read")
    total: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="Its rows")
    created_at: Mapped[Moment]
    created_by: Mapped[uuid.UUID | None]
    columns_by: Mapped[uuid.UUID | None] = mapped_column(comment="Who said what its columns mean")


class ImportBulk(Base):
    """One decision on many rows of a file: planned, then confirmed, and perhaps undone."""

    __tablename__ = "import_bulk"
    __table_args__ = (
        CheckConstraint("act IN ('create', 'update', 'same')", name="act"),
        Index(None, "run_id"),
        {"schema": "core", "comment": "Decisions on many rows of an import at once"},
    )

    id: Mapped[UuidKey]
    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.import_run.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID | None] = mapped_column(comment="Who planned it")
    act: Mapped[str] = mapped_column(comment="create, update or same")
    bar: Mapped[int] = mapped_column(SmallInteger, comment="Rows of at least this likelihood")
    planned_at: Mapped[Moment]
    begun_at: Mapped[dt.datetime | None]
    undone_at: Mapped[dt.datetime | None]


class ImportRow(Base):
    """One row of a file, what it is beside what is here, and what was decided."""

    __tablename__ = "import_row"
    __table_args__ = (
        CheckConstraint(
            "class IN ('create', 'update', 'same', 'conflict', 'refused', 'left_out')", name="class"
        ),
        CheckConstraint("decision IN ('created', 'updated', 'linked', 'skipped')", name="decision"),
        CheckConstraint("likelihood BETWEEN 0 AND 100", name="likelihood"),
        CheckConstraint(
            "content IS NOT NULL OR (class IN ('refused', 'left_out') AND decision IS NULL)", name="content"
        ),
        Index("ix_import_row_listed", "run_id", "class", text("likelihood DESC"), "number"),
        # What waits is counted from it, without the rows.
        Index(
            "ix_import_row_waiting",
            "run_id",
            postgresql_include=["class", "layer", "area_codes", "feature_id"],
            postgresql_where=text("decision IS NULL"),
        ),
        Index("ix_import_row_feature_id", "feature_id", postgresql_where=text("feature_id IS NOT NULL")),
        Index("ix_import_row_bulk_id", "bulk_id", postgresql_where=text("bulk_id IS NOT NULL")),
        Index("ix_import_row_skipped", "source", "source_id", postgresql_where=text("decision = 'skipped'")),
        {"schema": "core", "comment": "Rows of uploaded files, beside what is here"},
    )

    id: Mapped[UuidKey]
    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.import_run.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer, comment="From 1")
    line: Mapped[int] = mapped_column(Integer, comment="Where it begins in the file, from 1")
    layer: Mapped[str]
    source: Mapped[str]
    source_id: Mapped[str] = mapped_column(comment="Its id in its source")
    content: Mapped[dict[str, Any] | None] = mapped_column(
        comment="What it says, as a content; NULL: cannot be taken"
    )
    area_codes: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="The units that all of it lies in")
    cells: Mapped[dict[str, Any] | None] = mapped_column(
        comment="Its cells as they were; NULL where they may not be kept"
    )
    notes: Mapped[list[dict[str, Any]]] = mapped_column(comment="What was noticed while it was read")
    kind: Mapped[str] = mapped_column("class", comment="create, update, same, conflict, refused, left_out")
    likelihood: Mapped[int] = mapped_column(SmallInteger, comment="How sure that is, of 100")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(comment="Why")
    feature_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core.feature.id", ondelete="SET NULL"),
        comment="What it stands beside, or what came of it",
    )
    revision: Mapped[int | None] = mapped_column(Integer, comment="The version of that which was compared")
    decision: Mapped[str | None] = mapped_column(comment="created, updated, linked, skipped; NULL: waits")
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[uuid.UUID | None]
    made_revision: Mapped[int | None] = mapped_column(Integer, comment="The version that came of it")
    link_before: Mapped[dict[str, Any] | None] = mapped_column(
        comment="What was known of this row of the source before the decision, for its undoing"
    )
    bulk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.import_bulk.id", ondelete="SET NULL"))
    left_because: Mapped[str | None] = mapped_column(comment="What stood in the way of a decision on many")


class ImportLink(Base):
    """Which place a row of a source is, and what the source last said of it."""

    __tablename__ = "import_link"
    __table_args__ = (
        Index(None, "feature_id"),
        {"schema": "core", "comment": "Which place a row of a source is"},
    )

    layer: Mapped[str] = mapped_column(primary_key=True, comment="A source may number two layers from 1")
    source: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(primary_key=True)
    feature_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.feature.id", ondelete="CASCADE"))
    content: Mapped[dict[str, Any]] = mapped_column(comment="What the source last said")
    revision: Mapped[int] = mapped_column(Integer, comment="The version of the place after that")
    source_url: Mapped[str | None]
    licence: Mapped[str]
    attribution: Mapped[str]
    as_of: Mapped[dt.date | None] = mapped_column(
        Date, comment="The day of which it said that; NULL: not known"
    )
    at: Mapped[Moment]
