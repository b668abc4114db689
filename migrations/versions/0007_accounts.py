"""People with an account, their sign-in links and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column(
            "email",
            sa.Text(),
            nullable=False,
            comment="As asked; whether an account has it, the worker finds out",
        ),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column(
            "browser_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="SHA-256 of the cookie of the browser that asked; NULL: any browser may use it",
        ),
        sa.Column(
            "code_tries",
            sa.SmallInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Wrong codes typed in another browser",
        ),
        sa.Column(
            "token_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="SHA-256; NULL until a link was made, and for ever when nobody has the address",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_link_token_hash")),
        schema="core",
    )
    op.create_index(
        op.f("ix_sign_in_link_expires_at"), "sign_in_link", ["expires_at"], unique=False, schema="core"
    )
    op.create_table(
        "user",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("email", sa.Text(), nullable=False, comment="In the form of app.mail.addresses.normalised"),
        sa.Column(
            "name", sa.Text(), server_default=sa.text("''"), nullable=False, comment="As colleagues see it"
        ),
        sa.Column("role", sa.Text(), nullable=False, comment="editor, moderator or administrator"),
        sa.Column("language", sa.Text(), server_default=sa.text("'pl'"), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role IN ('editor', 'moderator', 'administrator')", name=op.f("ck_user_role")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        schema="core",
    )
    op.create_table(
        "session",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the cookie"),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core.user.id"], name=op.f("fk_session_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
        schema="core",
    )
    op.create_index(op.f("ix_session_expires_at"), "session", ["expires_at"], unique=False, schema="core")
    op.create_index(op.f("ix_session_user_id"), "session", ["user_id"], unique=False, schema="core")


def downgrade() -> None:
    op.drop_index(op.f("ix_session_user_id"), table_name="session", schema="core")
    op.drop_index(op.f("ix_session_expires_at"), table_name="session", schema="core")
    op.drop_table("session", schema="core")
    op.drop_table("user", schema="core")
    op.drop_index(op.f("ix_sign_in_link_expires_at"), table_name="sign_in_link", schema="core")
    op.drop_table("sign_in_link", schema="core")
