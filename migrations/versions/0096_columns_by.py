"""Whoever has said what the columns of a file mean is one of the first of two people for protected help of it."""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0094"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "import_run",
        sa.Column("columns_by", sa.UUID(), nullable=True, comment="Who said what its columns mean"),
        schema="core",
    )


def downgrade() -> None:
    op.drop_column("import_run", "columns_by", schema="core")
