"""Submissions that were published with corrections, and those that somebody else is asked to decide on."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "submission",
        sa.Column(
            "corrected",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Published as a moderator has corrected it",
        ),
        schema="core",
    )
    op.add_column(
        "submission",
        sa.Column(
            "second_asked_by",
            sa.Uuid(),
            nullable=True,
            comment="Who of staff wants somebody else to decide",
        ),
        schema="core",
    )


def downgrade() -> None:
    op.drop_column("submission", "second_asked_by", schema="core")
    op.drop_column("submission", "corrected", schema="core")
