"""How often somebody may do something."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate_limit",
        sa.Column(
            "key",
            sa.LargeBinary(),
            nullable=False,
            comment="HMAC of purpose and client, under a key that no disk holds",
        ),
        sa.Column(
            "whole_at", sa.DateTime(timezone=True), nullable=False, comment="GCRA's theoretical arrival time"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limit")),
        schema="core",
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_rate_limit_whole_at"), "rate_limit", ["whole_at"], unique=False, schema="core")


def downgrade() -> None:
    op.drop_index(op.f("ix_rate_limit_whole_at"), table_name="rate_limit", schema="core")
    op.drop_table("rate_limit", schema="core")
