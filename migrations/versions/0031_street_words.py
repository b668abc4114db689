"""Words of streets and how they sound: a misspelt street is found, and one in Cyrillic letters."""

import sqlalchemy as sa
from alembic import op

from geo.sounds import sound_of

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_BATCH = 10_000
# House numbers of the name of a street are neither completed nor corrected.
_WORDS = """
SELECT DISTINCT ltrim(w.word, '@') FROM published.street s CROSS JOIN LATERAL unnest(tsvector_to_array(s.words)) AS w (word)
WHERE w.word ~ '[^0-9@]' ORDER BY 1
"""
_ADD = """
INSERT INTO published.street_word (word, sound)
SELECT * FROM unnest(CAST(:words AS text[]), CAST(:sounds AS text[]))
"""


def upgrade() -> None:
    op.create_table(
        "street_word",
        sa.Column("word", sa.Text(collation="C"), nullable=False, comment="Folded"),
        sa.Column(
            "sound", sa.Text(), nullable=False, comment="In plain letters, the same for every spelling of it"
        ),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_street_word")),
        schema="published",
        comment="Distinct words of streets and their towns, and how they sound",
    )
    op.create_index(
        "ix_street_word_sound",
        "street_word",
        ["sound"],
        schema="published",
        postgresql_using="gin",
        postgresql_ops={"sound": "gin_trgm_ops"},
    )
    # Those of the streets that are there already; a later import brings its own.
    connection = op.get_bind()
    words = connection.execute(sa.text(_WORDS)).scalars().all()
    for start in range(0, len(words), _BATCH):
        some = words[start : start + _BATCH]
        connection.execute(sa.text(_ADD), {"words": list(some), "sounds": [sound_of(word) for word in some]})


def downgrade() -> None:
    op.drop_index("ix_street_word_sound", table_name="street_word", schema="published")
    op.drop_table("street_word", schema="published")
