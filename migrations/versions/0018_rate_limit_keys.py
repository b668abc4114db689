"""The key of a day's counters of rate limits."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


BEFORE = "HMAC of purpose and client, under a key that no disk holds"
AFTER = "HMAC of purpose and client, under the installation's secret and the key of the day"


def upgrade() -> None:
    op.create_table(
        "rate_limit_key",
        sa.Column("day", sa.Date(), nullable=False, comment="in UTC; deleted when it is over"),
        sa.Column("key", sa.LargeBinary(), nullable=False, comment="256 random bits"),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_rate_limit_key")),
        schema="core",
        prefixes=["UNLOGGED"],
    )
    op.alter_column("rate_limit", "key", comment=AFTER, existing_comment=BEFORE, schema="core")


def downgrade() -> None:
    op.alter_column("rate_limit", "key", comment=BEFORE, existing_comment=AFTER, schema="core")
    op.drop_table("rate_limit_key", schema="core")
