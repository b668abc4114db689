"""Banners with their history, and the board that the public reads."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment, UuidKey


class Banner(Base):
    """A banner as it is now."""

    __tablename__ = "banner"
    __table_args__ = (
        CheckConstraint("from_at < until_at", name="from_before_until"),
        Index(None, "until_at"),
        {"schema": "core"},
    )

    id: Mapped[UuidKey]
    version: Mapped[int] = mapped_column(comment="The number of its newest version")
    content: Mapped[dict[str, Any]] = mapped_column(comment="kind, texts by language, link")
    from_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    until_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), comment="From then on it is not shown"
    )
    place: Mapped[int] = mapped_column(
        BigInteger, comment="Order among those of its kind; lower is higher up"
    )
    taken_down: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Moment]


class BannerVersion(Base):
    """What a banner said once. Never changed: what is put back is a new version."""

    __tablename__ = "banner_version"
    __table_args__ = {"schema": "core"}  # noqa: RUF012 - the shape that SQLAlchemy asks for

    banner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.banner.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, comment="From 1")
    content: Mapped[dict[str, Any]]
    from_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    until_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    taken_down: Mapped[bool] = mapped_column(comment="With this version it was taken down")
    by_id: Mapped[uuid.UUID | None] = mapped_column(comment="The user; NULL: the program")
    at: Mapped[Moment]


class BannerBoard(Base):
    """Every banner that is shown or will be, in one row: it is read together with the versions of the layers."""

    __tablename__ = "banner_board"
    __table_args__ = (
        CheckConstraint("singleton", name="only"),
        {"schema": "published", "comment": "What is said on top of every public page, now and later"},
    )

    singleton: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    version: Mapped[int] = mapped_column(BigInteger, comment="Goes up with every change")
    banners: Mapped[list[dict[str, Any]]] = mapped_column(
        comment="id, version, kind, texts, link, from, until; in the order in which they are shown"
    )
    changed_at: Mapped[Moment]
