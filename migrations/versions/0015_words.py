"""The distinct words of what is published, for search as somebody types."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "word",
        sa.Column("word", sa.Text(collation="C"), nullable=False, comment="Folded"),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_word_n")),
        sa.PrimaryKeyConstraint("word", "layer", name=op.f("pk_word")),
        schema="published",
        comment="Distinct words of names, descriptions and addresses",
    )
    op.create_index(
        "ix_word_similar",
        "word",
        ["word"],
        schema="published",
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
    )
    # Those of what is published already; later ones are counted as they are published.
    op.execute(
        """
        INSERT INTO published.word (word, layer, n)
        SELECT l.lexeme, f.layer, count(*)
        FROM published.feature f CROSS JOIN LATERAL unnest(f.search) AS l
        WHERE l.weights && '{A,C}' AND length(l.lexeme) BETWEEN 2 AND 40 AND l.lexeme ~ '[^0-9]'
        GROUP BY l.lexeme, f.layer
        """
    )


def downgrade() -> None:
    op.drop_index("ix_word_similar", table_name="word", schema="published")
    op.drop_table("word", schema="published")
