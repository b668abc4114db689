"""What visitors report about a feature, for moderators alone."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="Code of the report reason"),
        sa.Column(
            "body",
            sa.Text(),
            nullable=True,
            comment="What the visitor wrote; erased 90 days after the decision",
        ),
        sa.Column(
            "contact_email",
            sa.Text(),
            nullable=True,
            comment="Personal data: erased 90 days after the decision",
        ),
        sa.Column(
            "language",
            sa.Text(),
            nullable=False,
            comment="Interface language of the visitor; their mail is in it",
        ),
        sa.Column(
            "number",
            sa.LargeBinary(),
            nullable=False,
            comment="Of the filling-in: sent twice it is one report",
        ),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.UUID(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True, comment="done or taken_down"),
        sa.Column("note", sa.Text(), nullable=True, comment="What the moderator wrote to the visitor"),
        sa.CheckConstraint("state IN ('open', 'resolved')", name=op.f("ck_report_state")),
        sa.CheckConstraint("outcome IN ('done', 'taken_down')", name=op.f("ck_report_outcome")),
        sa.CheckConstraint("(state = 'open') = (resolved_at IS NULL)", name=op.f("ck_report_resolved_at")),
        sa.ForeignKeyConstraint(
            ["feature_id"], ["core.feature.id"], name=op.f("fk_report_feature_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("number", name=op.f("uq_report_number")),
        schema="core",
        comment="What visitors say is wrong with a feature",
    )
    op.create_index(
        "ix_report_open",
        "report",
        ["created_at"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_report_feature_id"), "report", ["feature_id"], unique=False, schema="core")


def downgrade() -> None:
    op.drop_table("report", schema="core")
