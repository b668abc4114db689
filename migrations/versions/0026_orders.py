"""Orders of the list, and who may come on a wide map, by indexes.

A list in the order of checks, names or openings is read along an index. The index of keys holds the modes of audiences
too, so that a tile counts by them without looking at the features. What publications put off for the indexes of words is
bounded: every search has to read through it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_KEY = ("layer", "qk", "id")
_BESIDE = ("services_0", "services_1", "audiences", "languages", "access", "family", "lng", "lat")
_MODES = ("audiences_preferred", "audiences_only", "for_everyone")
#: Kilobytes that are put off; the server's own bound is four megabytes.
_PUT_OFF = 64
_OF_WORDS = ("ix_published_feature_search", "ix_published_feature_area_codes", "ix_word_similar")


def upgrade() -> None:
    _replace_key_index((*_BESIDE, *_MODES))
    op.create_index(
        "ix_published_feature_checked",
        "feature",
        ["layer", sa.text("verified_on DESC NULLS LAST"), "id"],
        schema="published",
    )
    op.create_index("ix_published_feature_name", "feature", ["layer", "name", "id"], schema="published")
    op.create_index(
        "ix_opening_next",
        "opening",
        [sa.text("lower(span)"), "feature_id"],
        schema="published",
        postgresql_where=sa.text("state = 'open'"),
    )
    for name in _OF_WORDS:
        op.execute(f"ALTER INDEX published.{name} SET (gin_pending_list_limit = {_PUT_OFF})")


def downgrade() -> None:
    for name in _OF_WORDS:
        op.execute(f"ALTER INDEX published.{name} RESET (gin_pending_list_limit)")
    op.drop_index("ix_opening_next", table_name="opening", schema="published")
    op.drop_index("ix_published_feature_name", table_name="feature", schema="published")
    op.drop_index("ix_published_feature_checked", table_name="feature", schema="published")
    _replace_key_index(_BESIDE)


def _replace_key_index(beside: tuple[str, ...]) -> None:
    op.drop_index("ix_published_feature_key", table_name="feature", schema="published")
    op.create_index(
        "ix_published_feature_key",
        "feature",
        list(_KEY),
        unique=True,
        schema="published",
        postgresql_include=list(beside),
    )
