"""What waits at the desk is located anew in the order in which everybody else holds it."""

from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None

# Whoever forgets a place holds what was submitted about it by the order of its id: two who go another way would wait for each other.
# Only what changes is held and written, by what it says once it is held.
_IN_ORDER = """
    CREATE OR REPLACE FUNCTION core.locate_submissions() RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      held uuid[];
    BEGIN
      SELECT array_agg(id) INTO held FROM (
        SELECT id FROM core.submission
        WHERE core.areas_of(content) IS DISTINCT FROM area_codes
        ORDER BY id FOR UPDATE
      ) one;
      UPDATE core.submission SET area_codes = core.areas_of(content) WHERE id = ANY (held);
    END
    $$
"""
_AS_IT_CAME = """
    CREATE OR REPLACE FUNCTION core.locate_submissions() RETURNS void LANGUAGE sql AS $$
      UPDATE core.submission s SET area_codes = found.codes
      FROM (SELECT id, core.areas_of(content) AS codes FROM core.submission) found
      WHERE found.id = s.id AND found.codes IS DISTINCT FROM s.area_codes
    $$
"""


def upgrade() -> None:
    op.execute(_IN_ORDER)


def downgrade() -> None:
    op.execute(_AS_IT_CAME)
