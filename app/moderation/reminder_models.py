"""Letters that ask whoever is behind an entry whether it is still true, and who wants none of them."""

import uuid

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment


class Reminder(Base):
    """One entry that a letter asks about. The link in the letter is made of `mailing`, and stored nowhere."""

    __tablename__ = "reminder"
    __table_args__ = (
        Index("ix_reminder_feature_id", "feature_id", "at"),
        {"schema": "core", "comment": "Letters that ask whether entries are still true"},
    )

    mailing: Mapped[uuid.UUID] = mapped_column(primary_key=True, comment="One letter to one address")
    feature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.feature.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="SHA-256 of the address; NULL: there was nobody to write to"
    )
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(
        comment="Whose people were asked; NULL: the entry's address"
    )
    at: Mapped[Moment]


class Unasked(Base):
    """An address whose owner wants no more of these letters. Kept as long as the map is."""

    __tablename__ = "unasked"
    __table_args__ = {  # noqa: RUF012 - the shape that SQLAlchemy asks for
        "schema": "core",
        "comment": "Addresses that want no letters that ask",
    }

    address: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, comment="SHA-256 of the address")
    at: Mapped[Moment]
