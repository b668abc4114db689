"""The public past of what is published: what changed in each revision, checks that changed nothing, and a row for readers.

What was published before is compared, and gets its row, when the worker renews the openings, which writes every row anew,
batch by batch: a layer that has none counts as never renewed.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "revision",
        sa.Column(
            "changed",
            sa.ARRAY(sa.Text()),
            nullable=True,
            comment="Public members that are not as before; NULL: not compared yet",
        ),
        schema="core",
    )
    op.add_column(
        "revision",
        sa.Column(
            "verified_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="The last check that was known then",
        ),
        schema="core",
    )
    op.add_column(
        "revision",
        sa.Column("verified_how", sa.Text(), nullable=True, comment="Code of the way of that check"),
        schema="core",
    )
    op.create_table(
        "feature_check",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.Text(), nullable=False, comment="Code of the way it was checked"),
        sa.Column("by", sa.Text(), nullable=False, comment="moderator or visitors"),
        sa.ForeignKeyConstraint(
            ["feature_id"], ["core.feature.id"], name=op.f("fk_feature_check_feature_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feature_check")),
        schema="core",
        comment="Checks of published features that changed nothing",
    )
    op.create_index(op.f("ix_feature_check_feature_id"), "feature_check", ["feature_id"], schema="core")
    op.create_table(
        "history",
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column(
            "events",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="The newest first: on, kind, fields, how, by; names of fields, never what stood in them",
        ),
        sa.Column("earlier", sa.Integer(), nullable=False, comment="How many there were before these"),
        sa.Column("since", sa.Date(), nullable=False, comment="Day of the first of all"),
        sa.ForeignKeyConstraint(
            ["feature_id"], ["published.feature.id"], name=op.f("fk_history_feature_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feature_id", name=op.f("pk_history")),
        schema="published",
        comment="The past of what is published, by the day",
    )
    # Nothing can have changed in a first revision, nor by taking down and putting back.
    op.execute(
        "UPDATE core.revision SET changed = '{}' WHERE number = 1 OR action IN ('unpublish', 'republish')"
    )
    op.create_index(
        "ix_revision_not_compared",
        "revision",
        ["feature_id"],
        schema="core",
        postgresql_where=sa.text("changed IS NULL"),
    )
    # The last check is known of the live revision alone.
    op.execute(
        """
        UPDATE core.revision r SET verified_at = f.verified_at, verified_how = f.verified_how
        FROM core.feature f WHERE f.id = r.feature_id AND f.revision = r.number AND f.verified_at IS NOT NULL
        """
    )
    op.execute("UPDATE published.layer_version SET openings_from = NULL")


def downgrade() -> None:
    op.drop_table("history", schema="published")
    op.drop_table("feature_check", schema="core")
    op.drop_index("ix_revision_not_compared", table_name="revision", schema="core")
    for name in ("verified_how", "verified_at", "changed"):
        op.drop_column("revision", name, schema="core")
