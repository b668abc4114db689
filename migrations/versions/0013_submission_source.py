"""The last submission of a row of a source is found by one index, in whatever state it is.

An import asks for it once for every row. Without the index each batch read all submissions there were.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_submission_source",
        "submission",
        ["source", "source_id", "created_at"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("source IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_submission_source", table_name="submission", schema="core")
