"""The changes since a day are found by their moment, however long the log of them is."""

from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

_NAME = "ix_change_of_moment"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # What a try before has left unfinished goes first. Whoever publishes meanwhile goes on.
        _drop()
        op.create_index(
            _NAME,
            "change",
            ["layer", "at", "cursor"],
            schema="published",
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        _drop()


def _drop() -> None:
    op.drop_index(
        _NAME, table_name="change", schema="published", postgresql_concurrently=True, if_exists=True
    )
