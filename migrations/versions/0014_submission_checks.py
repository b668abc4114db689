"""A submission of an import remembers when and how its source was checked; there is no risk before there is screening.

Until now what a moderator approved counted as checked on that day, however old the source was. Of submissions
that wait since then it is not known.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "submission",
        sa.Column(
            "verified_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When its source was last checked; NULL: not known",
        ),
        schema="core",
    )
    op.add_column(
        "submission",
        sa.Column(
            "verified_how",
            sa.Text(),
            nullable=True,
            comment="Code of the way the source was checked; NULL for what people submit",
        ),
        schema="core",
    )
    op.drop_column("submission", "risk", schema="core")
    op.drop_column("submission", "risk_reasons", schema="core")


def downgrade() -> None:
    op.add_column(
        "submission",
        sa.Column(
            "risk",
            sa.SmallInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="0 to 100; sum of the reasons",
        ),
        schema="core",
    )
    op.add_column(
        "submission",
        sa.Column(
            "risk_reasons",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        schema="core",
    )
    op.drop_column("submission", "verified_how", schema="core")
    op.drop_column("submission", "verified_at", schema="core")
