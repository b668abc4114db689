"""Who somebody is at a municipality's service stays when it is disconnected, so that it does not come back by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "identity",
        sa.Column(
            "disconnected_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="From then on it signs nobody in",
        ),
        schema="core",
    )
    op.create_check_constraint(
        op.f("ck_identity_counts"), "identity", "NOT counts OR disconnected_at IS NULL", schema="core"
    )


def downgrade() -> None:
    # The release before takes every row for one that signs somebody in.
    op.execute("DELETE FROM core.identity WHERE disconnected_at IS NOT NULL")
    op.drop_constraint(op.f("ck_identity_counts"), "identity", schema="core")
    op.drop_column("identity", "disconnected_at", schema="core")
