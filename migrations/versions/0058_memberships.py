"""People of organisations: who belongs to which, and what they send for it."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "membership",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column(
            "organisation_id", sa.UUID(), nullable=False, comment="An entry of the layer organisations"
        ),
        sa.Column("role", sa.Text(), nullable=False, comment="member or admin"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core.user.id"], name=op.f("fk_membership_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["core.feature.id"],
            name=op.f("fk_membership_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("user_id", "organisation_id", name=op.f("uq_membership_user_id_organisation_id")),
        sa.CheckConstraint("role IN ('member', 'admin')", name=op.f("ck_membership_role")),
        schema="core",
        comment="Who belongs to which organisation",
    )
    op.create_index(op.f("ix_membership_organisation_id"), "membership", ["organisation_id"], schema="core")
    op.add_column(
        "submission",
        sa.Column(
            "organisation_id",
            sa.UUID(),
            nullable=True,
            comment="The organisation for which one of its people sent it",
        ),
        schema="core",
    )
    op.add_column(
        "submission",
        sa.Column("sent_by", sa.UUID(), nullable=True, comment="Who of the organisation sent it"),
        schema="core",
    )
    op.create_check_constraint(
        "sent_for", "submission", "(organisation_id IS NULL) = (sent_by IS NULL)", schema="core"
    )
    _say_who_checks("moderator, visitors or organisation", before="moderator or visitors")


def downgrade() -> None:
    _say_who_checks("moderator or visitors", before="moderator, visitors or organisation")
    op.drop_constraint(op.f("ck_submission_sent_for"), "submission", schema="core")
    op.drop_column("submission", "sent_by", schema="core")
    op.drop_column("submission", "organisation_id", schema="core")
    op.drop_table("membership", schema="core")


def _say_who_checks(words: str, *, before: str) -> None:
    op.alter_column(
        "feature_check",
        "by",
        existing_type=sa.Text(),
        existing_nullable=False,
        comment=words,
        existing_comment=before,
        schema="core",
    )
