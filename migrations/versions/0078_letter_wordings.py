"""Administrators change the words of the letters that the program sends; what the words were is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_wording",
        sa.Column("kind", sa.Text(), nullable=False, comment="Key in app.mail.letter_kinds"),
        sa.Column("language", sa.Text(), nullable=False, comment="One of the six of the interface"),
        sa.Column("number", sa.Integer(), nullable=False, comment="From 1; the highest holds"),
        sa.Column(
            "subject", sa.Text(), nullable=True, comment="With placeholders; NULL: the product's words again"
        ),
        sa.Column(
            "body", sa.Text(), nullable=True, comment="With placeholders; NULL: the product's words again"
        ),
        sa.Column("by_id", sa.UUID(), nullable=True, comment="The user; NULL: the program"),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "language", "number", name=op.f("pk_letter_wording")),
        schema="core",
    )


def downgrade() -> None:
    op.drop_table("letter_wording", schema="core")
