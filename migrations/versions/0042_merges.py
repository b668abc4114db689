"""Two entries of one place: pairs that are likely, pairs that are not, merges that can be undone, and where the public is led."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "feature",
        sa.Column(
            "merged_into", sa.UUID(), nullable=True, comment="The feature that it was found to be the same as"
        ),
        schema="core",
    )
    op.create_foreign_key(
        op.f("fk_feature_merged_into"),
        "feature",
        "feature",
        ["merged_into"],
        ["id"],
        source_schema="core",
        referent_schema="core",
        ondelete="SET NULL",
    )
    # A feature is never merged into itself, and what was merged is off the map.
    op.create_check_constraint(
        "merged_into",
        "feature",
        "merged_into IS NULL OR (merged_into <> id AND state = 'unpublished')",
        schema="core",
    )
    op.create_index(
        "ix_feature_merged_into",
        "feature",
        ["merged_into"],
        schema="core",
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    # What the same telephone or page is looked up by, for one content.
    op.create_index(
        "ix_feature_contact_values",
        "feature",
        [sa.text("jsonb_path_query_array(content, '$.contacts[*].value')")],
        schema="core",
        postgresql_using="gin",
    )
    op.create_index(
        "ix_feature_website",
        "feature",
        [sa.text("(content ->> 'website')")],
        schema="core",
        postgresql_where=sa.text("content ? 'website'"),
    )
    op.create_table(
        "merge",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("loser_id", sa.UUID(), nullable=False),
        sa.Column("winner_id", sa.UUID(), nullable=False),
        sa.Column("winner_before", sa.Integer(), nullable=False, comment="Revision of the winner before it"),
        sa.Column("winner_revision", sa.Integer(), nullable=False, comment="Revision of the winner after it"),
        sa.Column("loser_revision", sa.Integer(), nullable=False, comment="Revision of the loser after it"),
        sa.Column(
            "moved",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Reports and submissions that lead to the winner since, as they were before",
        ),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(
            ["loser_id"], ["core.feature.id"], name=op.f("fk_merge_loser_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["winner_id"], ["core.feature.id"], name=op.f("fk_merge_winner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
        schema="core",
        comment="Two entries that were found to be one place",
    )
    op.create_index(
        "uq_merge_standing",
        "merge",
        ["loser_id"],
        unique=True,
        schema="core",
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index("ix_merge_winner", "merge", ["winner_id"], schema="core")
    for name, comment, columns in (
        (
            "duplicate",
            "Pairs of published features that may be one, as the last search found them",
            [
                sa.Column("score", sa.SmallInteger(), nullable=False, comment="1 to 100"),
                sa.Column(
                    "reasons",
                    postgresql.JSONB(astext_type=sa.Text()),
                    nullable=False,
                    comment="The strongest first: code, points and what it needs to be said",
                ),
            ],
        ),
        (
            "not_duplicate",
            "Pairs of which somebody has said that they are two",
            [sa.Column("actor_id", sa.UUID(), nullable=True)],
        ),
    ):
        op.create_table(
            name,
            sa.Column("a", sa.UUID(), nullable=False, comment="The lower id of the two"),
            sa.Column("b", sa.UUID(), nullable=False),
            *columns,
            sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
            sa.CheckConstraint("a < b", name=op.f("ck_" + name + "_order")),
            sa.ForeignKeyConstraint(
                ["a"], ["core.feature.id"], name=op.f("fk_" + name + "_a"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["b"], ["core.feature.id"], name=op.f("fk_" + name + "_b"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("a", "b", name=op.f("pk_" + name)),
            schema="core",
            comment=comment,
        )
        op.create_index("ix_" + name + "_b", name, ["b"], schema="core")
    op.create_index("ix_duplicate_score", "duplicate", [sa.text("score DESC"), "a", "b"], schema="core")
    op.create_table(
        "merged",
        sa.Column("id", sa.UUID(), nullable=False, comment="The id that nothing is published under any more"),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column(
            "into_id",
            sa.UUID(),
            nullable=False,
            comment="The feature that it was found to be the same as",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merged")),
        schema="published",
        comment="Ids that lead to another one",
    )
    op.create_index("ix_published_merged_into", "merged", ["into_id"], schema="published")
    op.add_column(
        "change",
        sa.Column(
            "merged_into",
            sa.UUID(),
            nullable=True,
            comment="Of what was removed: the feature that it leads to",
        ),
        schema="published",
    )


def downgrade() -> None:
    op.drop_column("change", "merged_into", schema="published")
    op.drop_table("merged", schema="published")
    for name in ("not_duplicate", "duplicate", "merge"):
        op.drop_table(name, schema="core")
    for name in ("ix_feature_website", "ix_feature_contact_values", "ix_feature_merged_into"):
        op.drop_index(name, table_name="feature", schema="core")
    op.drop_constraint("merged_into", "feature", schema="core", type_="check")
    op.drop_constraint(op.f("fk_feature_merged_into"), "feature", schema="core", type_="foreignkey")
    op.drop_column("feature", "merged_into", schema="core")
