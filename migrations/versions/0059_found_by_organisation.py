"""The entries of an organisation, on the map or off it, and what its people have sent are found without reading everything."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # What a try before has left unfinished goes first.
        for name, table in (
            ("ix_submission_organisation", "submission"),
            ("ix_feature_organisation", "feature"),
        ):
            op.drop_index(name, table, schema="core", postgresql_concurrently=True, if_exists=True)
        op.create_index(
            "ix_submission_organisation",
            "submission",
            ["organisation_id", "created_at"],
            schema="core",
            postgresql_where=sa.text("organisation_id IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_feature_organisation",
            "feature",
            [sa.text("((content -> 'organisation') ->> 'id')")],
            schema="core",
            postgresql_where=sa.text("content ? 'organisation'"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    op.drop_index("ix_feature_organisation", "feature", schema="core")
    op.drop_index("ix_submission_organisation", "submission", schema="core")
