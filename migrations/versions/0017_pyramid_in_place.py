"""Counts of the pyramid change in place, and are found by plain bytes.

An index whose condition names the count made every change of it a new entry in every index; and a page needs room
for the row's next version beside the last one. Codes have no language whose order their comparisons should follow.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_cell_empty", table_name="cell", schema="published")
    op.execute("ALTER TABLE published.cell SET (fillfactor = 70)")
    op.execute('ALTER TABLE published.cell ALTER COLUMN facet TYPE text COLLATE "C"')


def downgrade() -> None:
    op.execute('ALTER TABLE published.cell ALTER COLUMN facet TYPE text COLLATE "default"')
    op.execute("ALTER TABLE published.cell RESET (fillfactor)")
    op.create_index("ix_cell_empty", "cell", ["layer"], schema="published", postgresql_where=sa.text("n = 0"))
