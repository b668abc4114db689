"""Administrators look after areas: what they say of a unit stands over what a file says, and areas of their own have a history."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0086"
down_revision = "0084"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_JSON = postgresql.JSONB(astext_type=sa.Text())
_TEXTS = postgresql.ARRAY(sa.Text())
_NOTHING = sa.text("'{}'::text[]")

#: A union of units holds all help in them, whatever its level; the units around an area of one's own are approximately those.
_CHAIN = """
    CREATE OR REPLACE FUNCTION core.unit_chain(code text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
      SELECT array_agg(DISTINCT one.code) FROM (
        SELECT $1 AS code
        UNION ALL
        SELECT unnest(array[a.code, a.stable_code] || a.ancestors)
        FROM published.area a WHERE a.code = $1 OR a.stable_code = $1
        UNION ALL
        SELECT m.code
        FROM published.area a
        JOIN published.area_part p ON ST_Intersects(p.geom, a.label)
        JOIN published.area m ON m.code = p.area_code AND {unions}
        WHERE (a.code = $1 OR a.stable_code = $1) AND a.level IN ('gmina', 'uat')
      ) one
    $$
"""
_POINT = """
    CREATE OR REPLACE FUNCTION core.units_of_point(point geometry) RETURNS text[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
    DECLARE
      found text[];
    BEGIN
      SELECT array_agg(DISTINCT part.area_code) INTO found
      FROM published.area_part part WHERE ST_Intersects(part.geom, point);
      IF NOT EXISTS (
        SELECT FROM published.area a
        WHERE a.code = ANY (found) AND a.level NOT IN ('metropolis', 'custom')
      ) THEN
        found := found || ARRAY(
          SELECT part.area_code
          FROM published.area_part part JOIN published.area a ON a.code = part.area_code
          WHERE part.geom && ST_Expand(point, 0.06)
            AND a.level NOT IN ('metropolis', 'custom')
            AND ST_DWithin(CAST(part.geom AS geography), CAST(point AS geography), 3000)
          ORDER BY ST_Distance(CAST(part.geom AS geography), CAST(point AS geography)), part.area_code
          LIMIT 1
        );
      END IF;
      RETURN coalesce((
        SELECT array_agg(DISTINCT one.code)
        FROM published.area a, unnest(array[a.code, a.stable_code] || {ancestors}) AS one(code)
        WHERE a.code = ANY (found)
      ), '{{}}');
    END
    $$
"""
_ANY_UNION = "(m.level = 'metropolis' OR m.members IS NOT NULL)"
_OF_UNITS = "CASE WHEN a.level NOT IN ('metropolis', 'custom') THEN a.ancestors END"


def upgrade() -> None:
    for column in (
        sa.Column(
            "other_names",
            _TEXTS,
            server_default=_NOTHING,
            nullable=False,
            comment="Under which it is found too; never shown",
        ),
        sa.Column(
            "folded_others",
            _TEXTS,
            server_default=_NOTHING,
            nullable=False,
            comment="Names in other languages and other names, folded as geo.names.fold_name does",
        ),
        sa.Column(
            "offered",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="false: the places in it are being counted, and nobody can choose it",
        ),
        sa.Column(
            "kept",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Made at the desk: no file says it otherwise or takes it away",
        ),
        sa.Column(
            "imported",
            _JSON,
            nullable=True,
            comment="Population and names as the file has them; NULL: as they stand here",
        ),
        sa.Column("imported_at", _MOMENT, nullable=True, comment="When a file last said it; NULL: not known"),
        sa.Column(
            "population_source",
            sa.Text(),
            nullable=True,
            comment="Who says so; NULL: the file of the boundary",
        ),
        sa.Column("population_on", sa.Date(), nullable=True, comment="The day of that number"),
    ):
        op.add_column("area", column, schema="published")
    op.create_table(
        "kept_area",
        sa.Column("code", sa.Text(), nullable=False, comment="Stable code of the area"),
        sa.Column("own", sa.Boolean(), nullable=False, comment="Made at the desk; else of a file"),
        sa.Column("version", sa.Integer(), nullable=False, comment="The number of its newest version"),
        sa.Column("content", _JSON, nullable=False, comment="What the desk says of it"),
        sa.Column(
            "outline",
            Geometry("MULTIPOLYGON", srid=4326, spatial_index=False),
            nullable=True,
            comment="As it was uploaded, in WGS 84; NULL of all others",
        ),
        sa.Column("retired", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "to_count", sa.Integer(), nullable=True, comment="Places to look at; NULL: not begun, or done"
        ),
        sa.Column("looked_at", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "counting",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The worker has still to find the places in it",
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_kept_area")),
        schema="core",
        comment="What administrators say of areas",
    )
    op.create_table(
        "kept_area_version",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="From 1"),
        sa.Column("act", sa.Text(), nullable=False, comment="added, changed, put_back, retired, offered"),
        sa.Column("content", _JSON, nullable=False),
        sa.Column("outline", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=True),
        sa.Column("by_id", sa.UUID(), nullable=True, comment="The user; NULL: the program"),
        sa.Column("at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["core.kept_area.code"], name=op.f("fk_kept_area_version_code")),
        sa.PrimaryKeyConstraint("code", "number", name=op.f("pk_kept_area_version")),
        schema="core",
        comment="What an area was said to be once; never changed",
    )
    op.execute(_CHAIN.format(unions=_ANY_UNION))
    op.execute(_POINT.format(ancestors=_OF_UNITS))


def downgrade() -> None:
    op.execute(_POINT.format(ancestors="a.ancestors"))
    op.execute(_CHAIN.format(unions="m.level = 'metropolis'"))
    # The older program would offer what is still being counted, and let files take it away; what files say counts again.
    op.execute("DELETE FROM published.area WHERE kept")
    op.execute(
        """
        UPDATE published.area SET population = CAST(imported ->> 'population' AS integer), names = imported -> 'names'
        WHERE imported IS NOT NULL
        """
    )
    op.drop_table("kept_area_version", schema="core")
    op.drop_table("kept_area", schema="core")
    for name in (
        "population_on", "population_source", "imported_at", "imported", "kept", "offered", "folded_others",
        "other_names",
    ):  # fmt: skip
        op.drop_column("area", name, schema="published")
