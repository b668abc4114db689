"""Visitors who found a place as the map says: a day and a revision, and nothing of who it was."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, comment="The revision that they looked at"),
        sa.Column(
            "day",
            sa.Date(),
            nullable=False,
            comment="In UTC, as the rate limiter counts: two of one day are of two connections",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["feature_id"], ["core.feature.id"], name=op.f("fk_confirmation_feature_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        schema="core",
        comment="Visitors who found a feature as it is described",
    )
    op.create_index("ix_confirmation_feature", "confirmation", ["feature_id", "created_at"], schema="core")


def downgrade() -> None:
    op.drop_table("confirmation", schema="core")
