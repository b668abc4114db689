"""What people propose, and what was said about it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="new or change"),
        sa.Column("channel", sa.Text(), nullable=False, comment="form, api or import"),
        sa.Column(
            "feature_id",
            sa.UUID(),
            nullable=True,
            comment="What is to be changed; after approval, what was published",
        ),
        sa.Column(
            "base_revision", sa.Integer(), nullable=True, comment="Revision that the change was made from"
        ),
        sa.Column(
            "content",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="The whole proposed content",
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counts every change of this row",
        ),
        sa.Column(
            "language",
            sa.Text(),
            nullable=False,
            comment="Interface language of the submitter; their mails are in it",
        ),
        sa.Column(
            "contact_email",
            sa.Text(),
            nullable=True,
            comment="Personal data: erased 90 days after the decision",
        ),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("attribution", sa.Text(), nullable=True),
        sa.Column(
            "risk",
            sa.SmallInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="0 to 100; sum of the reasons",
        ),
        sa.Column(
            "risk_reasons",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.UUID(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True, comment="Code of the canned reason"),
        sa.Column(
            "decision_note", sa.Text(), nullable=True, comment="What the moderator wrote to the submitter"
        ),
        sa.CheckConstraint(
            "(kind = 'new') = (base_revision IS NULL)", name=op.f("ck_submission_base_revision")
        ),
        sa.CheckConstraint("channel IN ('form', 'api', 'import')", name=op.f("ck_submission_channel")),
        sa.CheckConstraint("kind IN ('new', 'change')", name=op.f("ck_submission_kind")),
        sa.CheckConstraint(
            "state IN ('unconfirmed', 'pending', 'needs_changes', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_submission_state"),
        ),
        sa.CheckConstraint("(source IS NULL) = (source_id IS NULL)", name=op.f("ck_submission_source")),
        sa.ForeignKeyConstraint(["feature_id"], ["core.feature.id"], name=op.f("fk_submission_feature_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        schema="core",
        comment="Proposed features and changes, with their decisions",
    )
    op.create_index("ix_submission_feature", "submission", ["feature_id"], unique=False, schema="core")
    op.create_index("ix_submission_queue", "submission", ["state", "created_at"], unique=False, schema="core")
    op.create_index(
        "uq_submission_waiting_source",
        "submission",
        ["source", "source_id"],
        unique=True,
        schema="core",
        postgresql_where=sa.text("source IS NOT NULL AND state IN ('pending', 'needs_changes')"),
    )
    op.create_table(
        "submission_note",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("submission_id", sa.UUID(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("author IN ('moderator', 'submitter')", name=op.f("ck_submission_note_author")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["core.submission.id"],
            name=op.f("fk_submission_note_submission_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_note")),
        schema="core",
    )
    op.create_index(
        op.f("ix_submission_note_submission_id"),
        "submission_note",
        ["submission_id"],
        unique=False,
        schema="core",
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_submission_note_submission_id"), table_name="submission_note", schema="core")
    op.drop_table("submission_note", schema="core")
    op.drop_index(
        "uq_submission_waiting_source",
        table_name="submission",
        schema="core",
        postgresql_where=sa.text("source IS NOT NULL AND state IN ('pending', 'needs_changes')"),
    )
    op.drop_index("ix_submission_queue", table_name="submission", schema="core")
    op.drop_index("ix_submission_feature", table_name="submission", schema="core")
    op.drop_table("submission", schema="core")
