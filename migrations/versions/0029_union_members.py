"""What an area that is a union is made of, so that it follows the next import of boundaries."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "area",
        sa.Column(
            "members",
            sa.ARRAY(sa.Text()),
            nullable=True,
            comment="Stable codes of the units that this one is the union of; NULL of one with an outline of its own",
        ),
        schema="published",
    )


def downgrade() -> None:
    op.drop_column("area", "members", schema="published")
