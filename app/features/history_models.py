"""Tables of a feature's past: checks as they were made, what the public may know of it all, and that it is being checked."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment, UuidKey


class FeatureCheck(Base):
    """Somebody looked whether a feature is as it says, and it was. No name: a role and a way."""

    __tablename__ = "feature_check"
    __table_args__ = (
        Index(None, "feature_id"),
        {"schema": "core", "comment": "Checks of published features that changed nothing"},
    )

    id: Mapped[UuidKey]
    feature_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.feature.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime]
    how: Mapped[str] = mapped_column(comment="Code of the way it was checked")
    by: Mapped[str] = mapped_column(comment="moderator, visitors or organisation")


class PublishedHistory(Base):
    """What the public may know of one feature's past. Written by `publish`, by nothing else."""

    __tablename__ = "history"
    __table_args__ = {"schema": "published", "comment": "The past of what is published, by the day"}  # noqa: RUF012 - the shape that SQLAlchemy asks for

    feature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("published.feature.id", ondelete="CASCADE"), primary_key=True
    )
    events: Mapped[list[dict[str, Any]]] = mapped_column(
        comment="The newest first: on, kind, fields, how, by; names of fields, never what stood in them"
    )
    earlier: Mapped[int] = mapped_column(Integer, comment="How many there were before these")
    since: Mapped[dt.date] = mapped_column(comment="Day of the first of all")


class VerifiedOrganisation(Base):
    """Two people have made sure who it is; gone when somebody withdraws that, or when it becomes another one."""

    __tablename__ = "verified_organisation"
    __table_args__ = {  # noqa: RUF012 - the shape that SQLAlchemy asks for
        "schema": "published",
        "comment": "Organisations of which two people have made sure who they are",
    }

    feature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("published.feature.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[dt.datetime]


class BeingChecked(Base):
    """Several people say that it is dangerous; gone when a moderator has looked, or it is off the map."""

    __tablename__ = "being_checked"
    __table_args__ = {  # noqa: RUF012 - the shape that SQLAlchemy asks for
        "schema": "published",
        "comment": "Features of which several people say that they are dangerous, until a moderator has looked",
    }

    feature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("published.feature.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[Moment]
