"""Passkeys: a second step without a code, and a way to sign in without mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0073"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column(
            "credential_id", sa.LargeBinary(), nullable=False, comment="As the authenticator has named it"
        ),
        sa.Column("public_key", sa.LargeBinary(), nullable=False, comment="COSE key"),
        sa.Column(
            "sign_count",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="As the authenticator last said; 0: it does not count",
        ),
        sa.Column(
            "transports",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="How a browser reaches it: internal, hybrid, usb …",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="As the person calls it"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "octet_length(credential_id) BETWEEN 1 AND 1023", name=op.f("ck_passkey_credential_id")
        ),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_sign_count")),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 60", name=op.f("ck_passkey_name")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core.user.id"], name=op.f("fk_passkey_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        schema="core",
        comment="What somebody signs in with beside their mail, or instead of it",
    )
    op.create_index(op.f("ix_passkey_user_id"), "passkey", ["user_id"], schema="core")
    op.create_table(
        "passkey_challenge",
        sa.Column(
            "browser_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the cookie it was given to"
        ),
        sa.Column("purpose", sa.Text(), nullable=False, comment="add, prove or sign_in"),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("browser_hash", "purpose", name=op.f("pk_passkey_challenge")),
        schema="core",
        comment="Challenges that were given to a browser and not used yet",
    )
    op.create_index(
        op.f("ix_passkey_challenge_expires_at"), "passkey_challenge", ["expires_at"], schema="core"
    )


def downgrade() -> None:
    # Whoever had passkeys only keeps their recovery codes, which the release before asks nobody for, and signs in by mail.
    op.drop_table("passkey_challenge", schema="core")
    op.drop_table("passkey", schema="core")
