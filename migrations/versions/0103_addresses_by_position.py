"""Addresses are found by their position, so that a pin in a form is told as an address."""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0099"
branch_labels = None
depends_on = None

_NAME = "ix_address_position"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # What a try before has left unfinished goes first.
        _drop()
        op.create_index(
            _NAME,
            "address",
            [sa.text("point(lng, lat)")],
            schema="published",
            postgresql_using="spgist",
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        _drop()


def _drop() -> None:
    op.drop_index(
        _NAME, table_name="address", schema="published", postgresql_concurrently=True, if_exists=True
    )
