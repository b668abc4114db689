"""Tables of photos: those that a content names, and those of forms that are being filled in."""

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Integer, LargeBinary, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment


class Photo(Base):
    """A photo as it was drawn anew. What was sent is kept nowhere."""

    __tablename__ = "photo"
    __table_args__ = (
        CheckConstraint("octet_length(large) + octet_length(small) <= 8388608", name="size"),
        {"schema": "core", "comment": "Photos that revisions and submissions name; the others are forgotten"},
    )

    file: Mapped[str] = mapped_column(
        primary_key=True, comment="Digest of the larger size, its width and height"
    )
    large: Mapped[bytes] = mapped_column(LargeBinary, comment="WebP without anything beside the pixels")
    small: Mapped[bytes] = mapped_column(LargeBinary, comment="The same, smaller")
    created_at: Mapped[Moment]


class WaitingPhoto(Base):
    """A photo of a form that is being filled in, sealed. Unlogged: it is in no log of the database, and a crash empties it."""

    __tablename__ = "waiting_photo"
    __table_args__ = (
        CheckConstraint("octet_length(large) + octet_length(small) <= 8400000", name="size"),
        {"schema": "core", "prefixes": ["UNLOGGED"]},
    )

    album: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, comment="HMAC of the album's address, which is stored nowhere"
    )
    file: Mapped[str] = mapped_column(primary_key=True, comment="Its name, as the form has it")
    large: Mapped[bytes] = mapped_column(
        LargeBinary, comment="Sealed: only the address and the secret key together open it"
    )
    small: Mapped[bytes] = mapped_column(LargeBinary, comment="The same, smaller")
    length: Mapped[int] = mapped_column(Integer, comment="Of both together, in bytes")
    created_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), index=True, server_default=func.now(), comment="When it was sent"
    )


class WaitingPhotoTotal(Base):
    """How much all waiting photos take together: nobody who sends one has to add them up. Unlogged as they are."""

    __tablename__ = "waiting_photo_total"
    __table_args__ = (
        CheckConstraint("singleton", name="only"),
        {
            "schema": "core",
            "comment": "How much the photos of forms take that are being filled in",
            "prefixes": ["UNLOGGED"],
        },
    )

    singleton: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    bytes: Mapped[int] = mapped_column(BigInteger, comment="All that waits, in bytes")
