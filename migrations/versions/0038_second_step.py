"""The second step of signing in: apps that show codes, recovery codes, and which sessions have passed it."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_step",
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True, comment="The secret in use"),
        sa.Column("begun", sa.LargeBinary(), nullable=True, comment="The secret that waits to be confirmed"),
        sa.Column(
            "last_step",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="30 s since 1970; codes of it and before were used",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core.user.id"], name=op.f("fk_second_step_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_step")),
        schema="core",
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column(
            "code_hash", sa.LargeBinary(), nullable=False, comment="HMAC under the installation's secret"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core.user.id"], name=op.f("fk_recovery_code_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("user_id", "code_hash", name=op.f("uq_recovery_code_user_id_code_hash")),
        schema="core",
    )
    op.add_column(
        "session",
        sa.Column(
            "second_step_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the second step was passed; NULL: only the link was used",
        ),
        schema="core",
    )


def downgrade() -> None:
    op.drop_column("session", "second_step_at", schema="core")
    op.drop_table("recovery_code", schema="core")
    op.drop_table("second_step", schema="core")
