"""What people of staff may do, and where: grants in place of one role; of every submission the units that it lies in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_ROLES = ("editor", "moderator", "administrator")

# The units that a unit lies in, itself among them; a metropolis has no place among the ancestors of its gminas.
_UNIT_CHAIN = """
    CREATE FUNCTION core.unit_chain(code text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
      SELECT array_agg(DISTINCT one.code) FROM (
        SELECT $1 AS code
        UNION ALL
        SELECT unnest(array[a.code, a.stable_code] || a.ancestors)
        FROM published.area a WHERE a.code = $1 OR a.stable_code = $1
        UNION ALL
        SELECT m.code
        FROM published.area a
        JOIN published.area_part p ON ST_Intersects(p.geom, a.label)
        JOIN published.area m ON m.code = p.area_code AND m.level = 'metropolis'
        WHERE (a.code = $1 OR a.stable_code = $1) AND a.level IN ('gmina', 'uat')
      ) one
    $$
"""
# A pier or a house on the border may lie outside all boundaries, which are simplified: the nearest unit counts there.
_POINT_UNITS = """
    CREATE FUNCTION core.units_of_point(point geometry) RETURNS text[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
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
        FROM published.area a, unnest(a.code || a.ancestors) AS one(code)
        WHERE a.code = ANY (found)
      ), '{}');
    END
    $$
"""
# Help for several units lies in what they have in common: whoever is responsible for one of them does not decide for all.
_AREAS_OF = """
    CREATE FUNCTION core.areas_of(content jsonb) RETURNS text[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
    DECLARE
      lng float8;
      lat float8;
      served jsonb;
      common text[];
      unit jsonb;
    BEGIN
      IF jsonb_typeof(content #> '{place,position,lng}') = 'number'
         AND jsonb_typeof(content #> '{place,position,lat}') = 'number' THEN
        lng := content #> '{place,position,lng}';
        lat := content #> '{place,position,lat}';
        IF lng BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90 THEN
          RETURN core.units_of_point(ST_SetSRID(ST_MakePoint(lng, lat), 4326));
        END IF;
        RETURN '{}';
      END IF;
      IF content #>> '{place,area,code}' IS NOT NULL THEN
        RETURN core.unit_chain(content #>> '{place,area,code}');
      END IF;
      served := coalesce(content -> 'area_served', content -> 'areas');
      IF jsonb_typeof(served) <> 'array' THEN
        RETURN '{}';
      END IF;
      FOR unit IN SELECT * FROM jsonb_array_elements(served) LOOP
        IF common IS NULL THEN
          common := core.unit_chain(unit ->> 'code');
        ELSE
          common := ARRAY(SELECT unnest(common) INTERSECT SELECT unnest(core.unit_chain(unit ->> 'code')));
        END IF;
      END LOOP;
      RETURN coalesce(common, '{}');
    END
    $$
"""
_AREAS_OF_FEATURE = """
    CREATE FUNCTION core.areas_of_feature(feature_id uuid) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
      SELECT core.areas_of(f.content) FROM core.feature f WHERE f.id = $1
    $$
"""
_LOCATE = """
    CREATE FUNCTION core.locate_submission() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.area_codes := core.areas_of(NEW.content);
      RETURN NEW;
    END
    $$
"""
_FUNCTIONS = (
    "core.unit_chain(text)",
    "core.units_of_point(geometry)",
    "core.areas_of(jsonb)",
    "core.areas_of_feature(uuid)",
)


def upgrade() -> None:
    _grants()
    for function in (_UNIT_CHAIN, _POINT_UNITS, _AREAS_OF, _AREAS_OF_FEATURE, _LOCATE):
        op.execute(function)
    for signature in _FUNCTIONS:
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO pomapa_app")
    op.add_column(
        "submission",
        sa.Column(
            "area_codes",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
            comment="The units that all of what is proposed lies in; set by trigger",
        ),
        schema="core",
    )
    op.execute("UPDATE core.submission SET area_codes = core.areas_of(content)")
    op.execute(
        """
        CREATE TRIGGER submission_located BEFORE INSERT OR UPDATE OF content ON core.submission
        FOR EACH ROW EXECUTE FUNCTION core.locate_submission()
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER submission_located ON core.submission")
    op.drop_column("submission", "area_codes", schema="core")
    op.execute("DROP FUNCTION core.locate_submission()")
    for signature in reversed(_FUNCTIONS):
        op.execute(f"DROP FUNCTION {signature}")
    op.add_column(
        "user",
        sa.Column(
            "role",
            sa.Text(),
            server_default="editor",
            nullable=False,
            comment="editor, moderator or administrator",
        ),
        schema="core",
    )
    op.alter_column("user", "role", server_default=None, schema="core")
    # The older program knows no limits: whoever has nothing without one may do nothing until somebody has looked.
    op.execute(
        """
        UPDATE core.user u SET
          role = coalesce(best.role, 'editor'),
          suspended_at = CASE WHEN best.role IS NULL THEN coalesce(u.suspended_at, now()) ELSE u.suspended_at END
        FROM core.user one LEFT JOIN LATERAL (
          SELECT g.role FROM core.grant g
          WHERE g.user_id = one.id AND g.confirmed_at IS NOT NULL AND g.areas IS NULL AND g.layers IS NULL
          ORDER BY array_position(ARRAY['administrator', 'moderator', 'editor'], g.role) LIMIT 1
        ) best ON true
        WHERE one.id = u.id
        """
    )
    op.create_check_constraint(
        "role", "user", "role IN ('editor', 'moderator', 'administrator')", schema="core"
    )
    op.drop_table("grant", schema="core")


def _grants() -> None:
    roles = ", ".join(f"'{role}'" for role in _ROLES)
    op.create_table(
        "grant",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False, comment="editor, moderator or administrator"),
        sa.Column(
            "areas",
            postgresql.ARRAY(sa.Text()),
            nullable=True,
            comment="Codes of the units that it holds for, with all below them; NULL: everywhere",
        ),
        sa.Column(
            "layers", postgresql.ARRAY(sa.Text()), nullable=True, comment="Keys of the layers; NULL: all"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("proposed_by", sa.UUID(), nullable=True, comment="Who of staff gave it; NULL: by command"),
        sa.Column(
            "confirmed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Holds from then on; NULL: waits",
        ),
        sa.Column("confirmed_by", sa.UUID(), nullable=True, comment="The second person, where one is needed"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core.user.id"], name=op.f("fk_grant_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
        sa.CheckConstraint(f"role IN ({roles})", name=op.f("ck_grant_role")),
        sa.CheckConstraint(
            "role <> 'administrator' OR (areas IS NULL AND layers IS NULL)",
            name=op.f("ck_grant_administrator_everywhere"),
        ),
        sa.CheckConstraint(
            "cardinality(areas) > 0 AND cardinality(layers) > 0", name=op.f("ck_grant_limits")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by <> user_id AND confirmed_by IS DISTINCT FROM proposed_by)",
            name=op.f("ck_grant_another"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR role = 'editor' OR proposed_by IS NULL OR confirmed_by IS NOT NULL",
            name=op.f("ck_grant_two_people"),
        ),
        schema="core",
        comment="What people of staff may do, and where",
    )
    op.create_index(op.f("ix_grant_user_id"), "grant", ["user_id"], schema="core")
    op.execute(
        """
        INSERT INTO core.grant (user_id, role, created_at, confirmed_at)
        SELECT id, role, created_at, created_at FROM core.user
        """
    )
    op.drop_column("user", "role", schema="core")
