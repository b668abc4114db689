"""The feed of changes is read layer by layer; where something leads is asked of what is published now, not of the feed."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_change_feature_id", table_name="change", schema="published")
    op.create_index("ix_change_of_feature", "change", ["feature_id", "cursor"], schema="published")
    op.create_index("ix_change_of_layer", "change", ["layer", "cursor"], schema="published")
    op.drop_column("change", "merged_into", schema="published")


def downgrade() -> None:
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
    op.drop_index("ix_change_of_layer", table_name="change", schema="published")
    op.drop_index("ix_change_of_feature", table_name="change", schema="published")
    op.create_index("ix_change_feature_id", "change", ["feature_id"], schema="published")
