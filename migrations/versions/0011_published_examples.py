"""What is invented is known as such where the public reads, so that every page can say so."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "feature",
        sa.Column(
            "example",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Invented, for demonstration",
        ),
        schema="published",
    )
    op.execute(
        """
        UPDATE published.feature AS p SET example = true
        FROM core.feature AS f WHERE f.id = p.id AND f.example
        """
    )
    op.create_index(
        "ix_published_feature_example",
        "feature",
        ["id"],
        unique=False,
        schema="published",
        postgresql_where=sa.text("example"),
    )


def downgrade() -> None:
    op.drop_index("ix_published_feature_example", table_name="feature", schema="published")
    op.drop_column("feature", "example", schema="published")
