"""Scopes follow units that change their type, by the stable part of their code; what waits follows new boundaries."""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_WITH_STABLE = """
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
        FROM published.area a, unnest(array[a.code, a.stable_code] || a.ancestors) AS one(code)
        WHERE a.code = ANY (found)
      ), '{}');
    END
    $$
"""
_WITHOUT = """
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
        FROM published.area a, unnest(a.code || a.ancestors) AS one(code)
        WHERE a.code = ANY (found)
      ), '{}');
    END
    $$
"""
# Only what the new boundaries change is written: a row that stays is not locked.
_LOCATE_AGAIN = """
    CREATE FUNCTION core.locate_submissions() RETURNS void LANGUAGE sql AS $$
      UPDATE core.submission s SET area_codes = found.codes
      FROM (SELECT id, core.areas_of(content) AS codes FROM core.submission) found
      WHERE found.id = s.id AND found.codes IS DISTINCT FROM s.area_codes
    $$
"""


def upgrade() -> None:
    op.execute(_WITH_STABLE)
    op.execute(_LOCATE_AGAIN)
    op.execute("GRANT EXECUTE ON FUNCTION core.locate_submissions() TO pomapa_app")
    op.execute("SELECT core.locate_submissions()")


def downgrade() -> None:
    op.execute("DROP FUNCTION core.locate_submissions()")
    op.execute(_WITHOUT)
