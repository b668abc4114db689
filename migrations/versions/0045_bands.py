"""The place of a submission in the queue is kept in its row, so that a page of it is read from an index."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

#: Points of the screening from which on something is likely spam, and waits behind everything else.
_LIKELY_SPAM = 60
_INCLUDED = ["kind", "layer", "channel", "language", "source"]
_OF_KIND = """
    CREATE FUNCTION core.put_in_band() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.band := CASE WHEN NEW.band = 2 THEN 2 WHEN NEW.kind = 'change' THEN 0 ELSE 1 END;
      RETURN NEW;
    END
    $$
"""
_OF_SCORE = f"""
    CREATE FUNCTION core.put_in_band_by_score() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE core.submission SET
        band = CASE WHEN NEW.score >= {_LIKELY_SPAM} THEN 2 WHEN kind = 'change' THEN 0 ELSE 1 END
      WHERE id = NEW.submission_id AND (band = 2) <> (NEW.score >= {_LIKELY_SPAM});
      RETURN NULL;
    END
    $$
"""  # noqa: S608 - a constant of this migration


def upgrade() -> None:
    op.add_column(
        "submission",
        sa.Column(
            "band",
            sa.SmallInteger(),
            server_default=sa.text("1"),
            nullable=False,
            comment="0 a change, 1 new, 2 likely spam: what stands behind what in the queue; set by triggers",
        ),
        schema="core",
    )
    op.execute(
        f"""
        UPDATE core.submission s SET band =
          CASE WHEN coalesce(k.score, 0) >= {_LIKELY_SPAM} THEN 2 WHEN s.kind = 'change' THEN 0 ELSE 1 END
        FROM core.submission one LEFT JOIN core.screening k ON k.submission_id = one.id
        WHERE one.id = s.id AND (s.kind = 'change' OR k.score >= {_LIKELY_SPAM})
        """  # noqa: S608 - a constant of this migration
    )
    op.execute(_OF_KIND)
    op.execute(_OF_SCORE)
    op.execute(
        "CREATE TRIGGER submission_in_band BEFORE INSERT OR UPDATE OF kind ON core.submission"
        " FOR EACH ROW EXECUTE FUNCTION core.put_in_band()"
    )
    op.execute(
        "CREATE TRIGGER screening_in_band AFTER INSERT OR UPDATE OF score ON core.screening"
        " FOR EACH ROW EXECUTE FUNCTION core.put_in_band_by_score()"
    )
    _index("band", "waits_since", "id")


def downgrade() -> None:
    _index("waits_since", "id")
    op.execute("DROP TRIGGER screening_in_band ON core.screening")
    op.execute("DROP TRIGGER submission_in_band ON core.submission")
    op.execute("DROP FUNCTION core.put_in_band_by_score()")
    op.execute("DROP FUNCTION core.put_in_band()")
    op.drop_column("submission", "band", schema="core")


def _index(*columns: str) -> None:
    op.drop_index("ix_submission_waiting", "submission", schema="core")
    op.create_index(
        "ix_submission_waiting",
        "submission",
        list(columns),
        schema="core",
        postgresql_where=sa.text("state = 'pending'"),
        postgresql_include=_INCLUDED,
    )
