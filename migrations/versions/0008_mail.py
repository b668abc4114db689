"""Mails on their way out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=True, comment="Address; NULL once it is no longer needed"),
        sa.Column("language", sa.Text(), nullable=False, comment="One of the six of the interface"),
        sa.Column("template", sa.Text(), nullable=False, comment="Name under templates/mail, without ending"),
        sa.Column(
            "values",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="What the template fills in; NULL once it is no longer needed",
        ),
        sa.Column(
            "unsubscribe_url", sa.Text(), nullable=True, comment="For List-Unsubscribe (RFC 8058); NULL: none"
        ),
        sa.Column(
            "dedupe_key", sa.Text(), nullable=False, comment="A second mail with the same key is not queued"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "given_up_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the last try failed or the address was refused for good",
        ),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True, comment="Kind of failure, without address or text"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_mail_dedupe_key")),
        schema="core",
    )
    op.create_index(
        op.f("ix_outbox_mail_sent_at"),
        "outbox_mail",
        ["sent_at"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("recipient IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_outbox_mail_sent_at"),
        table_name="outbox_mail",
        schema="core",
        postgresql_where=sa.text("recipient IS NOT NULL"),
    )
    op.drop_table("outbox_mail", schema="core")
