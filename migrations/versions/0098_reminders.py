"""Whoever is behind an entry is asked by letter whether it is still true: which letters were written, and who wants no more."""

import sqlalchemy as sa
from alembic import op

revision = "0098"
down_revision = "0096"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("mailing", sa.UUID(), nullable=False, comment="One letter to one address"),
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column(
            "address",
            sa.LargeBinary(),
            nullable=True,
            comment="SHA-256 of the address; NULL: there was nobody to write to",
        ),
        sa.Column(
            "organisation_id",
            sa.UUID(),
            nullable=True,
            comment="Whose people were asked; NULL: the entry's address",
        ),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["feature_id"],
            ["core.feature.id"],
            name=op.f("fk_reminder_feature_id_feature"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mailing", "feature_id", name=op.f("pk_reminder")),
        schema="core",
        comment="Letters that ask whether entries are still true",
    )
    op.create_index(op.f("ix_reminder_feature_id"), "reminder", ["feature_id", "at"], schema="core")
    op.create_table(
        "unasked",
        sa.Column("address", sa.LargeBinary(), nullable=False, comment="SHA-256 of the address"),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_unasked")),
        schema="core",
        comment="Addresses that want no letters that ask",
    )


def downgrade() -> None:
    op.drop_table("unasked", schema="core")
    op.drop_table("reminder", schema="core")
