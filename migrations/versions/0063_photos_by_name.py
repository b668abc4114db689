"""Revisions and submissions are found by the photos that they name, so that a photo that none names can be forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for table in ("revision", "submission"):
            name = f"ix_{table}_photos"
            # What a try before has left unfinished goes first.
            op.drop_index(name, table, schema="core", postgresql_concurrently=True, if_exists=True)
            op.create_index(
                name,
                table,
                [sa.text("jsonb_path_query_array(content, '$.photos[*].file')")],
                schema="core",
                postgresql_using="gin",
                # What has no photo costs nothing.
                postgresql_where=sa.text("content ? 'photos'"),
                postgresql_concurrently=True,
            )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for table in ("revision", "submission"):
            op.drop_index(
                f"ix_{table}_photos",
                table_name=table,
                schema="core",
                postgresql_concurrently=True,
                if_exists=True,
            )
