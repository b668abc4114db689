"""Administrative units, their boundaries and the gazetteer."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area",
        sa.Column(
            "code",
            sa.Text(),
            nullable=False,
            comment="Country and register code: PL-2661011 (TERYT with type), PL-2661, PL-26, RO-54975 (SIRUTA), RO-CJ",
        ),
        sa.Column(
            "stable_code",
            sa.Text(),
            nullable=False,
            comment="The code without what changes when a unit changes its type: PL-266101 for a gmina, else the code",
        ),
        sa.Column("country", sa.Text(), nullable=False, comment="ISO 3166-1 alpha-2"),
        sa.Column(
            "level",
            sa.Text(),
            nullable=False,
            comment="gmina, powiat, voivodeship, uat, county, metropolis, custom",
        ),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=True,
            comment="Type within the level: city, urban, rural, urban_rural, land; NULL when not known",
        ),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="In the language of the country, as people write it"
        ),
        sa.Column("folded", sa.Text(), nullable=False, comment="The name folded as geo.names.fold_name does"),
        sa.Column(
            "names",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Names in other languages, by language code",
        ),
        sa.Column(
            "parent_code",
            sa.Text(),
            nullable=True,
            comment="Code of the unit that this one belongs to, whether or not that one is loaded",
        ),
        sa.Column(
            "ancestors",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
            comment="Codes from the parent upwards",
        ),
        sa.Column("population", sa.Integer(), nullable=True, comment="Inhabitants; NULL when not known"),
        sa.Column(
            "area_km2", sa.Double(), nullable=True, comment="Area on the spheroid; NULL without a boundary"
        ),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
            comment="Boundary in WGS 84; NULL when the source has none",
        ),
        sa.Column(
            "label",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
            comment="One fixed point inside the largest part, for a label",
        ),
        sa.Column("year", sa.Integer(), nullable=True, comment="Year of the state that the boundary shows"),
        sa.Column("source", sa.Text(), nullable=False, comment="Who publishes the boundary"),
        sa.Column("licence", sa.Text(), nullable=False, comment="Terms of the boundary"),
        sa.Column(
            "fingerprint",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of everything imported, so that a second import sees what has changed",
        ),
        sa.CheckConstraint("code ~ '^[A-Z]{2}-[0-9A-Za-z_-]{1,40}$'", name=op.f("ck_area_code")),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_area_country")),
        sa.CheckConstraint(
            "level IN ('gmina', 'powiat', 'voivodeship', 'uat', 'county', 'metropolis', 'custom')",
            name=op.f("ck_area_level"),
        ),
        sa.CheckConstraint("geom IS NULL OR NOT ST_IsEmpty(geom)", name=op.f("ck_area_geom_not_empty")),
        sa.CheckConstraint("population >= 0", name=op.f("ck_area_population")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area")),
        schema="published",
        comment="Administrative units, metropolises and custom areas with their boundaries",
    )
    op.create_index(
        "ix_area_ancestors", "area", ["ancestors"], unique=False, schema="published", postgresql_using="gin"
    )
    op.create_index(
        "ix_area_folded",
        "area",
        ["folded"],
        unique=False,
        schema="published",
        postgresql_ops={"folded": "text_pattern_ops"},
    )
    op.create_index(
        "ix_area_geom", "area", ["geom"], unique=False, schema="published", postgresql_using="gist"
    )
    op.create_index("ix_area_level_country", "area", ["country", "level"], unique=False, schema="published")
    op.create_index("ix_area_parent_code", "area", ["parent_code"], unique=False, schema="published")
    op.create_index("ix_area_stable_code", "area", ["stable_code"], unique=False, schema="published")
    op.create_table(
        "place",
        sa.Column("id", sa.Text(), nullable=False, comment="Source and its id: geonames:756135"),
        sa.Column("country", sa.Text(), nullable=False, comment="ISO 3166-1 alpha-2"),
        sa.Column("name", sa.Text(), nullable=False, comment="In the language of the country"),
        sa.Column(
            "names",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Names in other languages, by language code, where known",
        ),
        sa.Column("folded", sa.Text(), nullable=False, comment="The name folded as geo.names.fold_name does"),
        sa.Column("kind", sa.Text(), nullable=False, comment="settlement, or part of one"),
        sa.Column(
            "admin1",
            sa.Text(),
            nullable=True,
            comment="Code of the first-level unit: PL-26; NULL when not known",
        ),
        sa.Column(
            "area_codes",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
            comment="Codes of the areas that the place lies in, smallest first; filled when boundaries are loaded",
        ),
        sa.Column("population", sa.Integer(), nullable=False, comment="People; 0 when not known"),
        sa.Column("lng", sa.Double(), nullable=False, comment="Longitude of the centre in WGS 84"),
        sa.Column("lat", sa.Double(), nullable=False, comment="Latitude of the centre in WGS 84"),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
            comment="The centre in WGS 84",
        ),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_place_country")),
        sa.CheckConstraint("kind IN ('settlement', 'part')", name=op.f("ck_place_kind")),
        sa.CheckConstraint(
            "lng BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name=op.f("ck_place_position")
        ),
        sa.CheckConstraint("population >= 0", name=op.f("ck_place_population")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        schema="published",
        comment="Settlements of the gazetteer (GeoNames, CC BY 4.0)",
    )
    op.create_index(
        "ix_place_area_codes",
        "place",
        ["area_codes"],
        unique=False,
        schema="published",
        postgresql_using="gin",
    )
    op.create_index(
        "ix_place_geom", "place", ["geom"], unique=False, schema="published", postgresql_using="gist"
    )
    op.create_table(
        "area_part",
        sa.Column("area_code", sa.Text(), nullable=False, comment="The area that the piece belongs to"),
        sa.Column("part", sa.Integer(), nullable=False, comment="Number of the piece, from 1"),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
            comment="The piece in WGS 84",
        ),
        sa.ForeignKeyConstraint(
            ["area_code"],
            ["published.area.code"],
            name=op.f("fk_area_part_area_code"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("area_code", "part", name=op.f("pk_area_part")),
        schema="published",
        comment="Boundaries cut into pieces of at most 128 vertices",
    )
    op.create_index(
        "ix_area_part_geom", "area_part", ["geom"], unique=False, schema="published", postgresql_using="gist"
    )
    op.create_table(
        "place_name",
        sa.Column("place_id", sa.Text(), nullable=False, comment="The place"),
        sa.Column("folded", sa.Text(), nullable=False, comment="The name folded as geo.names.fold_name does"),
        sa.Column(
            "own",
            sa.Boolean(),
            nullable=False,
            comment="Whether it is the name in the language of the country",
        ),
        sa.Column(
            "country", sa.Text(), nullable=False, comment="Of the place, so that the search reads one table"
        ),
        sa.Column(
            "population",
            sa.Integer(),
            nullable=False,
            comment="Of the place, so that the search reads one table",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["published.place.id"], name=op.f("fk_place_name_place_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("place_id", "folded", name=op.f("pk_place_name")),
        schema="published",
        comment="Folded names of the gazetteer's places in all their languages",
    )
    op.create_index(
        "ix_place_name_prefix",
        "place_name",
        ["folded"],
        unique=False,
        schema="published",
        postgresql_ops={"folded": "text_pattern_ops"},
        postgresql_include=["population", "country", "own"],
    )
    op.create_index(
        "ix_place_name_spelling",
        "place_name",
        ["folded"],
        unique=False,
        schema="published",
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )


def downgrade() -> None:
    op.drop_index(
        "ix_place_name_spelling",
        table_name="place_name",
        schema="published",
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
    op.drop_index(
        "ix_place_name_prefix",
        table_name="place_name",
        schema="published",
        postgresql_ops={"folded": "text_pattern_ops"},
        postgresql_include=["population", "country", "own"],
    )
    op.drop_table("place_name", schema="published")
    op.drop_index("ix_area_part_geom", table_name="area_part", schema="published", postgresql_using="gist")
    op.drop_table("area_part", schema="published")
    op.drop_index("ix_place_geom", table_name="place", schema="published", postgresql_using="gist")
    op.drop_index("ix_place_area_codes", table_name="place", schema="published", postgresql_using="gin")
    op.drop_table("place", schema="published")
    op.drop_index("ix_area_stable_code", table_name="area", schema="published")
    op.drop_index("ix_area_parent_code", table_name="area", schema="published")
    op.drop_index("ix_area_level_country", table_name="area", schema="published")
    op.drop_index("ix_area_geom", table_name="area", schema="published", postgresql_using="gist")
    op.drop_index(
        "ix_area_folded", table_name="area", schema="published", postgresql_ops={"folded": "text_pattern_ops"}
    )
    op.drop_index("ix_area_ancestors", table_name="area", schema="published", postgresql_using="gin")
    op.drop_table("area", schema="published")
