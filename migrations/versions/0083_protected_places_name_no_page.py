"""What a protected place was read from says where it is: it is kept with none, also with those of long ago."""

from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

_PROTECTED = "coalesce(f.content #>> '{place,disclosure}', 'exact') <> 'exact'"
_KEPT = (
    f"UPDATE core.feature f SET source_url = NULL WHERE f.source_url IS NOT NULL AND {_PROTECTED}",  # noqa: S608 - program text
    f"""
    UPDATE core.import_link l SET source_url = NULL
    FROM core.feature f WHERE f.id = l.feature_id AND l.source_url IS NOT NULL AND {_PROTECTED}
    """,  # noqa: S608 - program text
    f"""
    UPDATE core.submission s SET source_url = NULL
    FROM core.feature f WHERE f.id = s.feature_id AND s.source_url IS NOT NULL AND {_PROTECTED}
    """,  # noqa: S608 - program text
    f"""
    UPDATE core.import_row r SET link_before = jsonb_set(r.link_before, '{{spine,source_url}}', 'null')
    FROM core.feature f
    WHERE f.id = r.feature_id AND r.link_before #>> '{{spine,source_url}}' IS NOT NULL AND {_PROTECTED}
    """,  # noqa: S608 - program text
    f"""
    UPDATE core.import_row r SET link_before = jsonb_set(r.link_before, '{{link,source_url}}', 'null')
    FROM core.feature f
    WHERE CAST(f.id AS text) = r.link_before #>> '{{link,feature_id}}'
      AND r.link_before #>> '{{link,source_url}}' IS NOT NULL AND {_PROTECTED}
    """,  # noqa: S608 - program text
)
# As it would be written today, so that nothing else of it changes; whoever has kept an answer asks again.
_SHOWN = r"""
    WITH cleaned AS (
      UPDATE published.feature
      SET whole = regexp_replace(whole, ',"source_(url|id)":"([^"\\]|\\.)*"', '', 'g')
      WHERE disclosure <> 'exact' AND whole ~ ',"source_(url|id)":"'
      RETURNING layer
    )
    UPDATE published.layer_version v SET version = v.version + 1, changed_at = now()
    WHERE v.layer IN (SELECT layer FROM cleaned)
"""


def upgrade() -> None:
    # As whoever publishes does: the layers first.
    op.execute("SELECT FROM published.layer_version ORDER BY layer FOR UPDATE")
    for statement in (*_KEPT, _SHOWN):
        op.execute(statement)


def downgrade() -> None:
    """Nothing: what was taken away must not come back."""
