"""What somebody sent as something new stays as they wrote it when a moderator makes a change of it, so that this can be taken back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "submission",
        sa.Column(
            "sent_as_new",
            JSONB(),
            nullable=True,
            comment="Where it came as new: what was sent (content) and the change that a moderator made of it (laid)",
        ),
        schema="core",
    )


def downgrade() -> None:
    op.drop_column("submission", "sent_as_new", schema="core")
