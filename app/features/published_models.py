"""Tables of what the public may read: features ready to serve, and all by which they are found and counted."""

import datetime as dt
import uuid
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Computed,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, TSVECTOR, Range
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from app.db import Base
from app.db.base import Moment
from app.i18n import LANGUAGES

#: A feature without a published position sorts before all others under this key.
NO_POSITION = -1
#: Kilobytes of new words that publications put off for an index: every search has to read through them.
LITTLE_PUT_OFF = {"gin_pending_list_limit": 64}


def _shown_name(language: str) -> MappedColumn[str]:
    """A column of the names that are shown in a language, which sorts as its alphabet does."""
    return mapped_column(
        Text(collation=f"{language}-x-icu"),
        server_default=text("''"),
        comment=f"The name that readers of {language} are shown; sorts by their alphabet",
    )


class PublishedFeature(Base):
    """What the public may see of one feature, ready to serve. Written by `publish`, by nothing else."""

    __tablename__ = "feature"
    __table_args__ = (
        # The type refuses other kinds, SRIDs and dimensions; what it lets through is refused here.
        CheckConstraint(
            "geom IS NULL OR (NOT ST_IsEmpty(geom)"
            " AND ST_X(geom) BETWEEN -180 AND 180 AND ST_Y(geom) BETWEEN -90 AND 90)",
            name="geom",
        ),
        CheckConstraint(
            "CASE WHEN geom IS NULL THEN qk = -1 AND lng IS NULL AND lat IS NULL"
            " ELSE qk >= 0 AND lng = ST_X(geom) AND lat = ST_Y(geom) END",
            name="position",
        ),
        CheckConstraint("disclosure = 'exact' OR geom IS NULL", name="disclosure"),
        Index(
            "ix_published_feature_key",
            "layer",
            "qk",
            "id",
            unique=True,
            postgresql_include=[
                "services_0",
                "services_1",
                "services_2",
                "audiences",
                "languages",
                "access",
                "family",
                "lng",
                "lat",
                "audiences_preferred",
                "audiences_only",
                "for_everyone",
            ],
        ),
        Index("ix_published_feature_checked", "layer", text("verified_on DESC NULLS LAST"), "id"),
        *(
            Index(
                f"ix_published_feature_name_{language}",
                "layer",
                f"name_{language}",
                "id",
                postgresql_include=[
                    "services_0",
                    "services_1",
                    "services_2",
                    "audiences",
                    "languages",
                    "access",
                    "audiences_preferred",
                    "audiences_only",
                    "for_everyone",
                ],
            )
            for language in LANGUAGES
        ),
        Index("ix_published_feature_geom", "geom", postgresql_using="gist"),
        Index(
            "ix_published_feature_area_codes",
            "area_codes",
            postgresql_using="gin",
            postgresql_with=LITTLE_PUT_OFF,
        ),
        Index(
            "ix_published_feature_search", "search", postgresql_using="gin", postgresql_with=LITTLE_PUT_OFF
        ),
        Index(
            "ix_published_feature_organisation",
            "organisation_id",
            postgresql_where=text("organisation_id IS NOT NULL"),
        ),
        Index("ix_published_feature_example", "id", postgresql_where=text("example")),
        # Which organisations have a name that looks like this one.
        Index(
            "ix_published_feature_skeleton",
            text("core.skeleton(name)"),
            postgresql_where=text("layer = 'organisations'"),
        ),
        {"schema": "published", "comment": "One row per published feature: all that the public may know"},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    layer: Mapped[str]
    geom: Mapped[Any] = mapped_column(
        Geometry("POINT", srid=4326, spatial_index=False),
        nullable=True,
        comment="Published position; lng, lat",
    )
    qk: Mapped[int] = mapped_column(BigInteger, comment="Morton code at zoom 26; -1 without a position")
    lng: Mapped[float | None]
    lat: Mapped[float | None]
    family: Mapped[int] = mapped_column(
        SmallInteger, comment="Number of the family of the first service, 0 to 5"
    )
    services_0: Mapped[int] = mapped_column(BigInteger, comment="Mask of the services at positions 0 to 59")
    services_1: Mapped[int] = mapped_column(BigInteger, comment="Mask of the services at positions 60 to 119")
    services_2: Mapped[int] = mapped_column(
        BigInteger, server_default=text("0"), comment="Mask of the services that the installation has added"
    )
    audiences: Mapped[int] = mapped_column(BigInteger, comment="Mask of the audiences")
    audiences_preferred: Mapped[int] = mapped_column(
        BigInteger, server_default=text("0"), comment="Mask of the audiences that come first somewhere"
    )
    audiences_only: Mapped[int] = mapped_column(
        BigInteger, server_default=text("0"), comment="Mask of the audiences that alone are helped somewhere"
    )
    for_everyone: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="Whether everyone is welcome somewhere, and nobody first"
    )
    languages: Mapped[int] = mapped_column(BigInteger, comment="Mask of the languages spoken")
    access: Mapped[int] = mapped_column(BigInteger, comment="Mask of the conditions of access")
    organisation_id: Mapped[uuid.UUID | None]
    disclosure: Mapped[str] = mapped_column(comment="exact, area, partners or contact_only")
    area_codes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    name: Mapped[str]
    name_pl: Mapped[str] = _shown_name("pl")
    name_uk: Mapped[str] = _shown_name("uk")
    name_en: Mapped[str] = _shown_name("en")
    name_de: Mapped[str] = _shown_name("de")
    name_ro: Mapped[str] = _shown_name("ro")
    name_ru: Mapped[str] = _shown_name("ru")
    slug: Mapped[str]
    verified_on: Mapped[dt.date | None] = mapped_column(Date)
    valid_until: Mapped[dt.date | None] = mapped_column(Date)
    updated_at: Mapped[Moment]
    revision: Mapped[int] = mapped_column(Integer)
    example: Mapped[bool] = mapped_column(server_default=text("false"), comment="Invented, for demonstration")
    hours: Mapped[list[dict[str, Any]]] = mapped_column(
        comment="Rules from which the openings are renewed each night"
    )
    search: Mapped[Any] = mapped_column(TSVECTOR)
    address: Mapped[str | None] = mapped_column(
        comment="Street, house number, town and postcode as a JSON array of strings; of places with a number and a town"
    )
    slim: Mapped[str] = mapped_column(comment="GeoJSON Feature for map and list")
    whole: Mapped[str] = mapped_column(comment="GeoJSON Feature with the whole public content")


class ServicePosition(Base):
    """One service at one place, so that the nearest of one kind is found by one index."""

    __tablename__ = "service_position"
    __table_args__ = (
        Index("ix_service_position_nearest", "kind", "geom", postgresql_using="gist"),
        {"schema": "published"},
    )

    feature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("published.feature.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(
        primary_key=True, comment="Code of the service; '' for the place itself"
    )
    layer: Mapped[str]
    kind: Mapped[int] = mapped_column(
        BigInteger,
        Computed("hashtextextended(layer || ':' || code, 0)", persisted=True),
        comment="Layer and code as one number",
    )
    geom: Mapped[Any] = mapped_column(
        Geometry("POINT", srid=3857, spatial_index=False), comment="Web Mercator"
    )


class Opening(Base):
    """A time within the next fourteen days at which a place or one of its services is open."""

    __tablename__ = "opening"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'unknown')", name="state"),
        Index("ix_opening_span", "span", postgresql_using="gist"),
        Index("ix_opening_feature", "feature_id"),
        Index("ix_opening_next", text("lower(span)"), "feature_id", postgresql_where=text("state = 'open'")),
        {"schema": "published"},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    feature_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("published.feature.id", ondelete="CASCADE"))
    service: Mapped[str | None] = mapped_column(comment="Code of the service; NULL for the place")
    span: Mapped[Range[dt.datetime]] = mapped_column(TSTZRANGE)
    state: Mapped[str] = mapped_column(comment="open, or unknown (by arrangement)")


class Word(Base):
    """In how many published features of a layer a word stands: it completes and corrects what is searched for."""

    __tablename__ = "word"
    __table_args__ = (
        CheckConstraint("n > 0", name="n"),
        Index(
            "ix_word_similar",
            "word",
            postgresql_using="gin",
            postgresql_ops={"word": "gin_trgm_ops"},
            postgresql_with=LITTLE_PUT_OFF,
        ),
        {"schema": "published", "comment": "Distinct words of names, descriptions and addresses"},
    )

    word: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True, comment="Folded")
    layer: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(Integer)


class Cell(Base):
    """How many features lie in one cell of the quadtree, under one facet: the cluster pyramid."""

    __tablename__ = "cell"
    __table_args__ = (
        # A cell that is emptied is deleted.
        CheckConstraint("n >= 0", name="n"),
        # An older program, which counts at other zooms, must not publish: its features would be in no count of ours.
        CheckConstraint("z IN (6, 8, 10)", name="z"),
        {"schema": "published", "comment": "Cluster pyramid: counts per cell, facet and zoom"},
    )

    layer: Mapped[str] = mapped_column(primary_key=True)
    facet: Mapped[str] = mapped_column(
        Text(collation="C"),
        primary_key=True,
        comment="'' for all; f:, g:, s:, l: and a code; a and w with modes",
    )
    z: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, comment="Zoom of the tile; the cell is finer"
    )
    cell: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, comment="Morton code at the cell's own zoom"
    )
    n: Mapped[int] = mapped_column(Integer)
    families: Mapped[list[int]] = mapped_column(
        ARRAY(Integer), comment="How many of each of the six families"
    )
    sum_lng: Mapped[int] = mapped_column(
        BigInteger, comment="Sum of the longitudes in millionths of a degree"
    )
    sum_lat: Mapped[int] = mapped_column(BigInteger, comment="Sum of the latitudes in millionths of a degree")


class Census(Base):
    """How many features of a layer have the same values of one kind: what nobody has narrowed down is counted here."""

    __tablename__ = "census"
    __table_args__ = (
        # What comes to nothing is deleted. Of moments it may say by how many fewer are open.
        CheckConstraint("n <> 0", name="n"),
        {"schema": "published", "comment": "Counts of features by kind and value (app/features/census.py)"},
    )

    layer: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(
        Text(collation="C"), primary_key=True, comment="Of which columns of the feature the key is"
    )
    key: Mapped[list[int | None]] = mapped_column(
        ARRAY(BigInteger), primary_key=True, comment="Masks; a day; an id in two halves; seconds since 1970"
    )
    n: Mapped[int] = mapped_column(Integer)


class LayerVersion(Base):
    """How often a layer has changed: the entity tag of every answer made from it."""

    __tablename__ = "layer_version"
    __table_args__ = {"schema": "published"}  # noqa: RUF012 - the shape that SQLAlchemy asks for

    layer: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[Moment]
    openings_from: Mapped[dt.date | None] = mapped_column(
        Date, comment="Day from which the openings were written"
    )


class Change(Base):
    """One publication or removal, kept for ever: the changes feed."""

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_of_feature", "feature_id", "cursor"),
        Index("ix_change_of_layer", "layer", "cursor"),
        # Of one publication all have one moment: the cursor says which of them is the last.
        Index("ix_change_of_moment", "layer", "at", "cursor"),
        {"schema": "published"},
    )

    cursor: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    layer: Mapped[str]
    feature_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(comment="published or removed")
    at: Mapped[Moment]


class Merged(Base):
    """An id that nothing is published under any more, since it was the same as another one."""

    __tablename__ = "merged"
    __table_args__ = (
        Index("ix_published_merged_into", "into_id"),
        {"schema": "published", "comment": "Ids that lead to another one"},
    )

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, comment="The id that nothing is published under any more"
    )
    layer: Mapped[str]
    into_id: Mapped[uuid.UUID] = mapped_column(comment="The feature that it was found to be the same as")


class PublishedPhoto(Base):
    """A photo of a published feature: with the feature it leaves whatever the public can read."""

    __tablename__ = "photo"
    __table_args__ = (
        Index("ix_published_photo_file", "file"),
        {
            "schema": "published",
            "comment": "Photos of published features, without anything beside the pixels",
        },
    )

    feature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("published.feature.id", ondelete="CASCADE"), primary_key=True
    )
    file: Mapped[str] = mapped_column(primary_key=True, comment="Its name, as the content has it")
    large: Mapped[bytes] = mapped_column(LargeBinary)
    small: Mapped[bytes] = mapped_column(LargeBinary)
