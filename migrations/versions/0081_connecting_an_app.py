"""The set-up of an app belongs to the session that began it: what lies there from before belongs to nobody, and is gone."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

_BEFORE = "add, prove or sign_in"
_NOW = "add, connect, prove or sign_in"


def upgrade() -> None:
    op.execute("DELETE FROM core.second_step WHERE sealed IS NULL")
    op.execute("UPDATE core.second_step SET begun = NULL WHERE begun IS NOT NULL")
    _comment(_NOW, _BEFORE)


def downgrade() -> None:
    op.execute("DELETE FROM core.passkey_challenge WHERE purpose = 'connect'")
    _comment(_BEFORE, _NOW)


def _comment(comment: str, before: str) -> None:
    op.alter_column(
        "passkey_challenge",
        "purpose",
        existing_type=sa.Text(),
        existing_nullable=False,
        comment=comment,
        existing_comment=before,
        schema="core",
    )
