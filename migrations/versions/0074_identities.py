"""Signing in with a municipality: who people are at its service, and attempts that are under way."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False, comment="The service, as it calls itself"),
        sa.Column(
            "subject",
            sa.Text(),
            nullable=False,
            comment="What it calls this person, for ever; no mail address",
        ),
        sa.Column(
            "counts",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="They have passed a second step there that counts here",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core.user.id"], name=op.f("fk_identity_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identity_issuer_subject")),
        sa.UniqueConstraint("user_id", "issuer", name=op.f("uq_identity_user_id_issuer")),
        schema="core",
        comment="Who people are at the sign-in services of municipalities",
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column(
            "provider", sa.Text(), nullable=False, comment="The short name of the service in the settings"
        ),
        sa.Column(
            "state_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of what the service sends back"
        ),
        sa.Column(
            "browser_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of the cookie of the browser that began it",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_sign_in_attempt_state_hash")),
        schema="core",
        comment="Attempts to sign in with a municipality",
    )
    op.create_index(op.f("ix_sign_in_attempt_expires_at"), "sign_in_attempt", ["expires_at"], schema="core")


def downgrade() -> None:
    op.drop_table("sign_in_attempt", schema="core")
    op.drop_table("identity", schema="core")
