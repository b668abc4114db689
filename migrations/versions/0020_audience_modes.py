"""Who may come, in which mode: audiences that come first, those that alone are helped, and whether everyone is welcome.

The columns of features that are published already are filled by the worker's renewal of openings, which writes every row
anew, batch by batch: a layer that has none counts as never renewed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, comment in (
        ("audiences_preferred", "Mask of the audiences that come first somewhere"),
        ("audiences_only", "Mask of the audiences that alone are helped somewhere"),
    ):
        op.add_column(
            "feature",
            sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False, comment=comment),
            schema="published",
        )
    op.add_column(
        "feature",
        sa.Column(
            "for_everyone",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Whether everyone is welcome somewhere, and nobody first",
        ),
        schema="published",
    )
    op.execute("UPDATE published.layer_version SET openings_from = NULL")


def downgrade() -> None:
    for name in ("for_everyone", "audiences_only", "audiences_preferred"):
        op.drop_column("feature", name, schema="published")
