"""The parts of a published address lie in a column of their own: to find a typed one, dozens of whole contents were read."""

from alembic import op

revision = "0057"
down_revision = "0055"
branch_labels = None
depends_on = None

FILL = """
UPDATE published.feature f
SET address = json_build_array(coalesce(a.parts ->> 'street', ''), a.parts ->> 'house_number',
                               a.parts ->> 'city', coalesce(a.parts ->> 'postcode', ''))::text
FROM published.feature g
CROSS JOIN LATERAL (SELECT CAST(g.whole AS json) #> '{properties,address}' AS parts OFFSET 0) a
WHERE g.id = f.id AND f.geom IS NOT NULL
  AND coalesce(a.parts ->> 'house_number', '') <> '' AND coalesce(a.parts ->> 'city', '') <> ''
"""


def upgrade() -> None:
    op.execute("ALTER TABLE published.feature ADD COLUMN address text")
    op.execute(
        "COMMENT ON COLUMN published.feature.address IS "
        "'Street, house number, town and postcode as a JSON array of strings; of places with a number and a town'"
    )
    op.execute(FILL)


def downgrade() -> None:
    op.execute("ALTER TABLE published.feature DROP COLUMN address")
