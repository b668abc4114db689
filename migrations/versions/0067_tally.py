"""What went through the queue is counted for years, also when the submissions themselves have been deleted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

#: What was withdrawn before it was confirmed never came to the desk.
_CAME = "{0}.state <> 'unconfirmed' AND ({0}.state <> 'withdrawn' OR {0}.confirmed_at IS NOT NULL)"
_COLUMNS = "submission_id, layer, kind, area_codes, came_at, decided_at, decided_by, outcome, reason"
_DECIDED = "CASE WHEN {0}.state IN ('approved', 'rejected', 'spam') THEN {0}.{1} END"
_VALUES = ", ".join(
    [
        "{0}.id, {0}.layer, {0}.kind, {0}.area_codes, {0}.waits_since",
        *(_DECIDED.format("{0}", column) for column in ("decided_at", "decided_by", "state")),
        "CASE WHEN {0}.state = 'rejected' THEN {0}.decision_reason END",
    ]
)
_COUNT = f"""
    INSERT INTO core.tally AS kept ({_COLUMNS})
    SELECT {_VALUES.format("one")} FROM {{source}} one WHERE {_CAME.format("one")}
    ON CONFLICT (submission_id) DO UPDATE SET
      layer = EXCLUDED.layer, kind = EXCLUDED.kind, area_codes = EXCLUDED.area_codes,
      came_at = EXCLUDED.came_at, decided_at = EXCLUDED.decided_at, decided_by = EXCLUDED.decided_by,
      outcome = EXCLUDED.outcome, reason = EXCLUDED.reason
    WHERE (kept.*) IS DISTINCT FROM (EXCLUDED.*)
"""  # noqa: S608 - constants
# What comes in together is counted together; of what changes, only those rows in which something changes that counts.
_FUNCTION = """
    CREATE FUNCTION core.tally_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      {count};
      RETURN NULL;
    END
    $$
"""
_COUNTED = "state, {0}.layer, {0}.kind, {0}.area_codes, {0}.waits_since, {0}.decided_at, {0}.decided_by, {0}.decision_reason"


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("submission_id", sa.UUID(), nullable=False, comment="It may be deleted meanwhile"),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="new or change"),
        sa.Column(
            "area_codes",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="The units that all of what is proposed lies in",
        ),
        sa.Column(
            "came_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Since when the desk knew of it",
        ),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="NULL: it waits, or was withdrawn",
        ),
        sa.Column("decided_by", sa.UUID(), nullable=True, comment="Who of staff; NULL: the program"),
        sa.Column("outcome", sa.Text(), nullable=True, comment="approved, rejected or spam"),
        sa.Column(
            "reason", sa.Text(), nullable=True, comment="Code of the canned reason it was turned down for"
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_tally")),
        schema="core",
        comment="What went through the queue, for statistics: no content, and kept when the submission is deleted",
    )
    op.create_index(
        "ix_tally_came_at", "tally", ["came_at"], schema="core", postgresql_include=["area_codes"]
    )
    op.create_index(
        "ix_tally_decided_at",
        "tally",
        ["decided_at"],
        schema="core",
        postgresql_where=sa.text("decided_at IS NOT NULL"),
        postgresql_include=["layer", "came_at", "decided_by", "outcome", "reason", "area_codes"],
    )
    op.execute(_COUNT.format(source="core.submission"))
    op.execute(_FUNCTION.format(name="new", count=_COUNT.format(source="changed")))
    op.execute(_FUNCTION.format(name="changed", count=_COUNT.format(source="(SELECT NEW.*)")))
    op.execute(
        "CREATE TRIGGER submission_tallied AFTER INSERT ON core.submission"
        " REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION core.tally_new()"
    )
    before, after = (f"({row}.{_COUNTED.format(row)})" for row in ("OLD", "NEW"))
    op.execute(
        "CREATE TRIGGER submission_tallied_anew AFTER UPDATE ON core.submission FOR EACH ROW"
        f" WHEN ({before} IS DISTINCT FROM {after}) EXECUTE FUNCTION core.tally_changed()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER submission_tallied_anew ON core.submission")
    op.execute("DROP TRIGGER submission_tallied ON core.submission")
    op.execute("DROP FUNCTION core.tally_changed()")
    op.execute("DROP FUNCTION core.tally_new()")
    op.drop_table("tally", schema="core")
