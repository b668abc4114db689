"""Submissions that came as something new, of which a moderator made a change of what was on the map already."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "submission",
        sa.Column(
            "came_as_new",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Sent as something new; a moderator found it to be on the map",
        ),
        schema="core",
    )


def downgrade() -> None:
    op.drop_column("submission", "came_as_new", schema="core")
