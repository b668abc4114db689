"""The spine, its revisions, and the read model that the public sees."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feature",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False, comment="Key of the layer, as in the address"),
        sa.Column("state", sa.Text(), nullable=False, comment="published or unpublished"),
        sa.Column("revision", sa.Integer(), nullable=False, comment="Number of the live revision"),
        sa.Column(
            "content",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Content of the live revision",
        ),
        sa.Column(
            "source",
            sa.Text(),
            nullable=True,
            comment="Data set that it came from; NULL when people entered it",
        ),
        sa.Column("source_id", sa.Text(), nullable=True, comment="Its id there"),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column(
            "licence", sa.Text(), nullable=True, comment="SPDX id or name of the licence of the source"
        ),
        sa.Column("attribution", sa.Text(), nullable=True),
        sa.Column(
            "example",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Invented, for demonstration",
        ),
        sa.Column(
            "verified_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When somebody last checked that it is true",
        ),
        sa.Column("verified_how", sa.Text(), nullable=True, comment="Code of the way it was checked"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('published', 'unpublished')", name=op.f("ck_feature_state")),
        sa.CheckConstraint("(source IS NULL) = (source_id IS NULL)", name=op.f("ck_feature_source")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_feature_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feature")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_feature_source_source_id")),
        schema="core",
        comment="The spine of every layer; content is the live revision's",
    )
    op.create_index(
        "ix_feature_example",
        "feature",
        ["id"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("example"),
    )
    op.create_index(
        op.f("ix_feature_layer_state"), "feature", ["layer", "state"], unique=False, schema="core"
    )
    op.create_table(
        "cell",
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("facet", sa.Text(), nullable=False, comment="'' for all; f:, g:, s:, a:, l: and a code"),
        sa.Column("z", sa.SmallInteger(), nullable=False, comment="Zoom of the tile; the cell is finer"),
        sa.Column("cell", sa.BigInteger(), nullable=False, comment="Morton code at the cell's own zoom"),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column(
            "families", sa.ARRAY(sa.Integer()), nullable=False, comment="How many of each of the six families"
        ),
        sa.Column(
            "sum_lng",
            sa.BigInteger(),
            nullable=False,
            comment="Sum of the longitudes in millionths of a degree",
        ),
        sa.Column(
            "sum_lat",
            sa.BigInteger(),
            nullable=False,
            comment="Sum of the latitudes in millionths of a degree",
        ),
        sa.CheckConstraint("n >= 0", name=op.f("ck_cell_n")),
        sa.PrimaryKeyConstraint("layer", "facet", "z", "cell", name=op.f("pk_cell")),
        schema="published",
        comment="Cluster pyramid: counts per cell, facet and zoom",
    )
    op.create_index(
        "ix_cell_empty",
        "cell",
        ["layer"],
        unique=False,
        schema="published",
        postgresql_where=sa.text("n = 0"),
    )
    op.create_table(
        "change",
        sa.Column("cursor", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="published or removed"),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("cursor", name=op.f("pk_change")),
        schema="published",
    )
    op.create_index(op.f("ix_change_feature_id"), "change", ["feature_id"], unique=False, schema="published")
    op.create_table(
        "feature",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
            comment="Published position; lng, lat",
        ),
        sa.Column(
            "qk", sa.BigInteger(), nullable=False, comment="Morton code at zoom 26; -1 without a position"
        ),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column(
            "family",
            sa.SmallInteger(),
            nullable=False,
            comment="Number of the family of the first service, 0 to 5",
        ),
        sa.Column(
            "services_0", sa.BigInteger(), nullable=False, comment="Mask of the services at positions 0 to 59"
        ),
        sa.Column(
            "services_1",
            sa.BigInteger(),
            nullable=False,
            comment="Mask of the services at positions 60 to 119",
        ),
        sa.Column("audiences", sa.BigInteger(), nullable=False, comment="Mask of the audiences"),
        sa.Column("languages", sa.BigInteger(), nullable=False, comment="Mask of the languages spoken"),
        sa.Column("access", sa.BigInteger(), nullable=False, comment="Mask of the conditions of access"),
        sa.Column("organisation_id", sa.UUID(), nullable=True),
        sa.Column("disclosure", sa.Text(), nullable=False, comment="exact, area, partners or contact_only"),
        sa.Column("area_codes", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "hours",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Rules from which the openings are renewed each night",
        ),
        sa.Column("search", postgresql.TSVECTOR(), nullable=False),
        sa.Column("slim", sa.Text(), nullable=False, comment="GeoJSON Feature for map and list"),
        sa.Column(
            "whole", sa.Text(), nullable=False, comment="GeoJSON Feature with the whole public content"
        ),
        sa.CheckConstraint("disclosure = 'exact' OR geom IS NULL", name=op.f("ck_feature_disclosure")),
        sa.CheckConstraint(
            "CASE WHEN geom IS NULL THEN qk = -1 AND lng IS NULL AND lat IS NULL ELSE qk >= 0 AND lng = ST_X(geom) AND lat = ST_Y(geom) END",
            name=op.f("ck_feature_position"),
        ),
        sa.CheckConstraint(
            "geom IS NULL OR (NOT ST_IsEmpty(geom) AND ST_X(geom) BETWEEN -180 AND 180 AND ST_Y(geom) BETWEEN -90 AND 90)",
            name=op.f("ck_feature_geom"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feature")),
        schema="published",
        comment="One row per published feature: all that the public may know",
    )
    op.create_index(
        "ix_published_feature_area_codes",
        "feature",
        ["area_codes"],
        unique=False,
        schema="published",
        postgresql_using="gin",
    )
    op.create_index(
        "ix_published_feature_geom",
        "feature",
        ["geom"],
        unique=False,
        schema="published",
        postgresql_using="gist",
    )
    op.create_index(
        "ix_published_feature_key",
        "feature",
        ["layer", "qk", "id"],
        unique=True,
        schema="published",
        postgresql_include=[
            "services_0",
            "services_1",
            "audiences",
            "languages",
            "access",
            "family",
            "lng",
            "lat",
        ],
    )
    op.create_index(
        "ix_published_feature_organisation",
        "feature",
        ["organisation_id"],
        unique=False,
        schema="published",
        postgresql_where=sa.text("organisation_id IS NOT NULL"),
    )
    op.create_index(
        "ix_published_feature_search",
        "feature",
        ["search"],
        unique=False,
        schema="published",
        postgresql_using="gin",
    )
    op.create_table(
        "layer_version",
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "openings_from", sa.Date(), nullable=True, comment="Day from which the openings were written"
        ),
        sa.PrimaryKeyConstraint("layer", name=op.f("pk_layer_version")),
        schema="published",
    )
    op.create_table(
        "revision",
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "action", sa.Text(), nullable=False, comment="publish, import, unpublish, republish, revert"
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.UUID(), nullable=True, comment="The user who decided; NULL for the system"),
        sa.Column("submission_id", sa.UUID(), nullable=True, comment="The submission it came from"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["feature_id"], ["core.feature.id"], name=op.f("fk_revision_feature_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feature_id", "number", name=op.f("pk_revision")),
        schema="core",
        comment="Every content a feature ever had",
    )
    op.create_table(
        "opening",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True, comment="Code of the service; NULL for the place"),
        sa.Column("span", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="open, or unknown (by arrangement)"),
        sa.CheckConstraint("state IN ('open', 'unknown')", name=op.f("ck_opening_state")),
        sa.ForeignKeyConstraint(
            ["feature_id"], ["published.feature.id"], name=op.f("fk_opening_feature_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        schema="published",
    )
    op.create_index("ix_opening_feature", "opening", ["feature_id"], unique=False, schema="published")
    op.create_index(
        "ix_opening_span", "opening", ["span"], unique=False, schema="published", postgresql_using="gist"
    )
    op.create_table(
        "service_position",
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="Code of the service; '' for the place itself"),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=3857,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
            comment="Web Mercator",
        ),
        sa.ForeignKeyConstraint(
            ["feature_id"],
            ["published.feature.id"],
            name=op.f("fk_service_position_feature_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("feature_id", "code", name=op.f("pk_service_position")),
        schema="published",
    )
    op.create_index(
        "ix_service_position_near",
        "service_position",
        ["layer", "code", "geom"],
        unique=False,
        schema="published",
        postgresql_using="gist",
    )


def downgrade() -> None:
    op.drop_index(
        "ix_service_position_near", table_name="service_position", schema="published", postgresql_using="gist"
    )
    op.drop_table("service_position", schema="published")
    op.drop_index("ix_opening_span", table_name="opening", schema="published", postgresql_using="gist")
    op.drop_index("ix_opening_feature", table_name="opening", schema="published")
    op.drop_table("opening", schema="published")
    op.drop_table("revision", schema="core")
    op.drop_table("layer_version", schema="published")
    op.drop_index(
        "ix_published_feature_search", table_name="feature", schema="published", postgresql_using="gin"
    )
    op.drop_index(
        "ix_published_feature_organisation",
        table_name="feature",
        schema="published",
        postgresql_where=sa.text("organisation_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_published_feature_key",
        table_name="feature",
        schema="published",
        postgresql_include=[
            "services_0",
            "services_1",
            "audiences",
            "languages",
            "access",
            "family",
            "lng",
            "lat",
        ],
    )
    op.drop_index(
        "ix_published_feature_geom", table_name="feature", schema="published", postgresql_using="gist"
    )
    op.drop_index(
        "ix_published_feature_area_codes", table_name="feature", schema="published", postgresql_using="gin"
    )
    op.drop_table("feature", schema="published")
    op.drop_index(op.f("ix_change_feature_id"), table_name="change", schema="published")
    op.drop_table("change", schema="published")
    op.drop_index("ix_cell_empty", table_name="cell", schema="published", postgresql_where=sa.text("n = 0"))
    op.drop_table("cell", schema="published")
    op.drop_index(op.f("ix_feature_layer_state"), table_name="feature", schema="core")
    op.drop_index(
        "ix_feature_example", table_name="feature", schema="core", postgresql_where=sa.text("example")
    )
    op.drop_table("feature", schema="core")
