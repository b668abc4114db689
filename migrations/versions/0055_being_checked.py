"""Reports of different connections, and the places of which the public reads that they are being checked."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "report",
        sa.Column(
            "independent",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The first about this feature from its connection that day",
        ),
        schema="core",
    )
    op.create_table(
        "being_checked",
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["feature_id"],
            ["published.feature.id"],
            name=op.f("fk_being_checked_feature_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("feature_id", name=op.f("pk_being_checked")),
        schema="published",
        comment="Features of which several people say that they are dangerous, until a moderator has looked",
    )


def downgrade() -> None:
    op.drop_table("being_checked", schema="published")
    op.drop_column("report", "independent", schema="core")
