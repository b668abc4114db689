"""What programs have sent under a key of theirs, so that it is taken in once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0054"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column(
            "id",
            sa.LargeBinary(),
            nullable=False,
            comment="HMAC of the key that the program chose, under the installation's secret",
        ),
        sa.Column(
            "body", sa.LargeBinary(), nullable=False, comment="HMAC of what was sent, under the same secret"
        ),
        sa.Column(
            "made",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="From what the answer is made again; no secret and no personal data",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_key")),
        schema="core",
        comment="What programs have sent under a key of theirs; kept for a day",
    )
    op.create_index(op.f("ix_idempotency_key_created_at"), "idempotency_key", ["created_at"], schema="core")


def downgrade() -> None:
    op.drop_table("idempotency_key", schema="core")
