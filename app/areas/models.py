"""Tables of the published areas (units with their boundaries) and of the gazetteer (places by name)."""

import datetime as dt
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import ARRAY, CheckConstraint, DateTime, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

LEVELS = ("gmina", "powiat", "voivodeship", "uat", "county", "metropolis", "custom")


class Area(Base):
    """A unit of administration, a metropolis or a polygon of the operator's own."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint("level IN ({})".format(", ".join(f"'{level}'" for level in LEVELS)), name="level"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
        CheckConstraint("code ~ '^[A-Z]{2}-[0-9A-Za-z_-]{1,40}$'", name="code"),
        CheckConstraint("population >= 0", name="population"),
        CheckConstraint("geom IS NULL OR NOT ST_IsEmpty(geom)", name="geom_not_empty"),
        Index("ix_area_stable_code", "stable_code"),
        Index("ix_area_level_country", "country", "level"),
        Index("ix_area_parent_code", "parent_code"),
        Index("ix_area_folded", "folded", postgresql_ops={"folded": "text_pattern_ops"}),
        Index("ix_area_ancestors", "ancestors", postgresql_using="gin"),
        Index("ix_area_geom", "geom", postgresql_using="gist"),
        {
            "schema": "published",
            "comment": "Administrative units, metropolises and custom areas with their boundaries",
        },
    )

    code: Mapped[str] = mapped_column(
        primary_key=True,
        comment="Country and register code: PL-2661011 (TERYT with type), PL-2661, PL-26, RO-54975 (SIRUTA), RO-CJ",
    )
    stable_code: Mapped[str] = mapped_column(
        comment="The code without what changes when a unit changes its type: PL-266101 for a gmina, else the code",
    )
    country: Mapped[str] = mapped_column(comment="ISO 3166-1 alpha-2")
    level: Mapped[str] = mapped_column(comment="gmina, powiat, voivodeship, uat, county, metropolis, custom")
    kind: Mapped[str | None] = mapped_column(
        comment="Type within the level: city, urban, rural, urban_rural, land; NULL when not known"
    )
    name: Mapped[str] = mapped_column(comment="In the language of the country, as people write it")
    folded: Mapped[str] = mapped_column(comment="The name folded as geo.names.fold_name does")
    names: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'::jsonb"), comment="Names in other languages, by language code"
    )
    parent_code: Mapped[str | None] = mapped_column(
        comment="Code of the unit that this one belongs to, whether or not that one is loaded"
    )
    ancestors: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=text("'{}'::text[]"), comment="Codes from the parent upwards"
    )
    members: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text),
        comment="Stable codes of the units that this one is the union of; NULL of one with an outline of its own",
    )
    population: Mapped[int | None] = mapped_column(comment="Inhabitants; NULL when not known")
    area_km2: Mapped[float | None] = mapped_column(comment="Area on the spheroid; NULL without a boundary")
    geom: Mapped[WKBElement | None] = mapped_column(
        Geometry("MULTIPOLYGON", srid=4326, spatial_index=False),
        comment="Boundary in WGS 84; NULL when the source has none",
    )
    label: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", srid=4326, spatial_index=False),
        comment="One fixed point inside the largest part, for a label",
    )
    year: Mapped[int | None] = mapped_column(comment="Year of the state that the boundary shows")
    source: Mapped[str] = mapped_column(comment="Who publishes the boundary")
    licence: Mapped[str] = mapped_column(comment="Terms of the boundary")
    fingerprint: Mapped[str] = mapped_column(
        comment="SHA-256 of everything imported, so that a second import sees what has changed"
    )
    other_names: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=text("'{}'::text[]"), comment="Under which it is found too; never shown"
    )
    folded_others: Mapped[list[str]] = mapped_column(
        ARRAY(Text),
        server_default=text("'{}'::text[]"),
        comment="Names in other languages and other names, folded as geo.names.fold_name does",
    )
    offered: Mapped[bool] = mapped_column(
        server_default=text("true"),
        comment="false: the places in it are being counted, and nobody can choose it",
    )
    kept: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="Made at the desk: no file says it otherwise or takes it away"
    )
    imported: Mapped[dict[str, Any] | None] = mapped_column(
        comment="Population and names as the file has them; NULL: as they stand here"
    )
    imported_at: Mapped[dt.datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When a file last said it; NULL: not known"
    )
    population_source: Mapped[str | None] = mapped_column(
        comment="Who says so; NULL: the file of the boundary"
    )
    population_on: Mapped[dt.date | None] = mapped_column(comment="The day of that number")


class AreaPart(Base):
    """A piece of an area's boundary, small enough for a fast point in polygon."""

    __tablename__ = "area_part"
    __table_args__ = (
        Index("ix_area_part_geom", "geom", postgresql_using="gist"),
        {"schema": "published", "comment": "Boundaries cut into pieces of at most 128 vertices"},
    )

    area_code: Mapped[str] = mapped_column(
        ForeignKey("published.area.code", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
        comment="The area that the piece belongs to",
    )
    part: Mapped[int] = mapped_column(primary_key=True, comment="Number of the piece, from 1")
    geom: Mapped[WKBElement] = mapped_column(
        Geometry("POLYGON", srid=4326, spatial_index=False), comment="The piece in WGS 84"
    )


class Place(Base):
    """A settlement of the gazetteer."""

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
        CheckConstraint("kind IN ('settlement', 'part')", name="kind"),
        CheckConstraint("population >= 0", name="population"),
        CheckConstraint("lng BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="position"),
        Index("ix_place_geom", "geom", postgresql_using="gist"),
        Index("ix_place_area_codes", "area_codes", postgresql_using="gin"),
        {"schema": "published", "comment": "Settlements of the gazetteer (GeoNames, CC BY 4.0)"},
    )

    id: Mapped[str] = mapped_column(primary_key=True, comment="Source and its id: geonames:756135")
    country: Mapped[str] = mapped_column(comment="ISO 3166-1 alpha-2")
    name: Mapped[str] = mapped_column(comment="In the language of the country")
    names: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'::jsonb"), comment="Names in other languages, by language code, where known"
    )
    folded: Mapped[str] = mapped_column(comment="The name folded as geo.names.fold_name does")
    kind: Mapped[str] = mapped_column(comment="settlement, or part of one")
    admin1: Mapped[str | None] = mapped_column(
        comment="Code of the first-level unit: PL-26; NULL when not known"
    )
    area_codes: Mapped[list[str]] = mapped_column(
        ARRAY(Text),
        server_default=text("'{}'::text[]"),
        comment="Codes of the areas that the place lies in, smallest first; filled when boundaries are loaded",
    )
    population: Mapped[int] = mapped_column(comment="People; 0 when not known")
    lng: Mapped[float] = mapped_column(comment="Longitude of the centre in WGS 84")
    lat: Mapped[float] = mapped_column(comment="Latitude of the centre in WGS 84")
    geom: Mapped[WKBElement] = mapped_column(
        Geometry("POINT", srid=4326, spatial_index=False), comment="The centre in WGS 84"
    )


class PlaceName(Base):
    """One way of writing a place's name, folded: the vocabulary of the search."""

    __tablename__ = "place_name"
    __table_args__ = (
        Index(
            "ix_place_name_prefix",
            "folded",
            postgresql_ops={"folded": "text_pattern_ops"},
            postgresql_include=["population", "country", "own"],
        ),
        Index(
            "ix_place_name_spelling",
            "folded",
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
        {"schema": "published", "comment": "Folded names of the gazetteer's places in all their languages"},
    )

    place_id: Mapped[str] = mapped_column(
        ForeignKey("published.place.id", ondelete="CASCADE"), primary_key=True, comment="The place"
    )
    folded: Mapped[str] = mapped_column(
        primary_key=True, comment="The name folded as geo.names.fold_name does"
    )
    own: Mapped[bool] = mapped_column(comment="Whether it is the name in the language of the country")
    country: Mapped[str] = mapped_column(comment="Of the place, so that the search reads one table")
    population: Mapped[int] = mapped_column(comment="Of the place, so that the search reads one table")
