"""What waits of a source is one for each layer: a file of organisations and one of places may number their rows alike."""

from alembic import op

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None

_WAITS = "source IS NOT NULL AND state IN ('pending', 'needs_changes')"


def upgrade() -> None:
    _index("layer, source, source_id")


def downgrade() -> None:
    # Of rows that only their layers tell apart the oldest keeps where it is from; the others go on waiting without.
    op.execute(
        f"""
        UPDATE core.submission s SET source = NULL, source_id = NULL
        WHERE {_WAITS} AND EXISTS (
          SELECT FROM core.submission o
          WHERE o.source = s.source AND o.source_id = s.source_id AND o.state IN ('pending', 'needs_changes')
            AND (o.created_at, o.id) < (s.created_at, s.id))
        """  # noqa: S608 - program text
    )
    _index("source, source_id")


def _index(columns: str) -> None:
    op.execute("DROP INDEX core.uq_submission_waiting_source")
    op.execute(
        f"CREATE UNIQUE INDEX uq_submission_waiting_source ON core.submission ({columns}) WHERE {_WAITS}"
    )
