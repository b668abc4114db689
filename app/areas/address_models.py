"""Tables of streets and house numbers, by which a typed address is found."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

_POSITION = "lng BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90"


class Street(Base):
    """A street of a settlement, or the whole of a settlement without streets."""

    __tablename__ = "street"
    __table_args__ = (
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
        CheckConstraint(_POSITION, name="position"),
        Index("ix_street_words", "words", postgresql_using="gin"),
        Index("ix_street_source", "source"),
        {"schema": "published", "comment": "Streets of settlements, found by their names"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    country: Mapped[str] = mapped_column(comment="ISO 3166-1 alpha-2")
    town: Mapped[str] = mapped_column(comment="Settlement, as people write it")
    street: Mapped[str] = mapped_column(comment="Name without ulica; empty in settlements without streets")
    region: Mapped[str] = mapped_column(
        comment="What tells settlements of one name apart: a code of the source, or how their postcodes begin"
    )
    postcode: Mapped[str] = mapped_column(
        comment="The most common one of its addresses; empty when not known"
    )
    lng: Mapped[float] = mapped_column(comment="Of an address in the middle of the numbers")
    lat: Mapped[float]
    addresses: Mapped[int] = mapped_column(comment="How many numbers are known")
    source: Mapped[str] = mapped_column(comment="Whose data; imported anew as a whole")
    licence: Mapped[str] = mapped_column(comment="Their terms")
    words: Mapped[Any] = mapped_column(
        TSVECTOR, comment="Folded words of the street, and those of the town with @ in front"
    )


class Address(Base):
    """A house number of a street."""

    __tablename__ = "address"
    __table_args__ = (
        CheckConstraint(_POSITION, name="position"),
        Index("ix_address_position", text("point(lng, lat)"), postgresql_using="spgist"),
        {"schema": "published", "comment": "House numbers of a street"},
    )

    street_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("published.street.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[str] = mapped_column(primary_key=True, comment="House number in small letters: 12a")
    value: Mapped[int] = mapped_column(comment="The digits with which the number begins")
    lng: Mapped[float]
    lat: Mapped[float]


class StreetWord(Base):
    """A word of a street's or a town's name, which is meant when one that sounds like it was typed."""

    __tablename__ = "street_word"
    __table_args__ = (
        Index(
            "ix_street_word_sound",
            "sound",
            postgresql_using="gin",
            postgresql_ops={"sound": "gin_trgm_ops"},
        ),
        {"schema": "published", "comment": "Distinct words of streets and their towns, and how they sound"},
    )

    word: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True, comment="Folded")
    sound: Mapped[str] = mapped_column(comment="In plain letters, the same for every spelling of it")
