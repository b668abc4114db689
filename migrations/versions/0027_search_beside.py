"""What a search compares lies in the row itself.

A published row is some 3.6 kB. The server put aside what made it longer than two: the whole content, which is read of one
place at a time, and of many rows the words too, which a search reads of hundreds. Now only the content, where that is
enough. Rows of before follow when the worker renews the openings, which writes every row anew.
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

#: Bytes of a row above which the longest of its values are put aside.
_LONGEST_ROW = 2800


def upgrade() -> None:
    op.execute(f"ALTER TABLE published.feature SET (toast_tuple_target = {_LONGEST_ROW})")


def downgrade() -> None:
    op.execute("ALTER TABLE published.feature RESET (toast_tuple_target)")
