"""What people looked for and did not find."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "missing",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column(
            "services",
            sa.ARRAY(sa.Text()),
            nullable=False,
            comment="Codes of services, groups or families",
        ),
        sa.Column("audiences", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("access", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=True, comment="Code of the unit; NULL: anywhere"),
        sa.Column(
            "searched",
            sa.Text(),
            nullable=True,
            comment="What was typed into the search; erased after 90 days",
        ),
        sa.Column("body", sa.Text(), nullable=True, comment="What they wrote; erased after 90 days"),
        sa.Column("language", sa.Text(), nullable=False, comment="Interface language"),
        sa.Column(
            "number",
            sa.LargeBinary(),
            nullable=False,
            comment="Of the filling-in: sent twice it is told once",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missing")),
        sa.UniqueConstraint("number", name=op.f("uq_missing_number")),
        schema="core",
        comment="What people did not find on the map, for who plans help",
    )
    op.create_index(op.f("ix_missing_created_at"), "missing", ["created_at"], schema="core")


def downgrade() -> None:
    op.drop_table("missing", schema="core")
