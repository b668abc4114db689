"""The queue of the desk: spam as a state, who looks at what, saved views, decisions on many at once that can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_BEFORE = ("unconfirmed", "pending", "needs_changes", "approved", "rejected", "withdrawn")
_PIN = (
    "CASE WHEN jsonb_typeof(content #> '{place,position,lng}') = 'number'"
    " AND jsonb_typeof(content #> '{place,position,lat}') = 'number'"
    " THEN ST_SetSRID(ST_MakePoint(CAST(content #> '{place,position,lng}' AS double precision),"
    " CAST(content #> '{place,position,lat}' AS double precision)), 4326) END"
)


def upgrade() -> None:
    _states(*_BEFORE, "spam")
    op.execute(
        f"""
        ALTER TABLE core.submission
          ADD COLUMN waits_since timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(confirmed_at, created_at)) STORED,
          ADD COLUMN pin geometry(Point, 4326) GENERATED ALWAYS AS ({_PIN}) STORED
        """
    )
    op.execute(
        "COMMENT ON COLUMN core.submission.waits_since IS 'Since when the desk knows of it: what the clock of the queue counts from'"
    )
    op.execute(
        "COMMENT ON COLUMN core.submission.pin IS 'Where the proposed place is; NULL without a position'"
    )
    op.create_index(
        "ix_submission_waiting",
        "submission",
        ["waits_since", "id"],
        schema="core",
        postgresql_where=sa.text("state = 'pending'"),
        postgresql_include=["kind", "layer", "channel", "language", "source"],
    )
    op.create_index(
        "ix_submission_waiting_pin",
        "submission",
        ["pin"],
        schema="core",
        postgresql_using="gist",
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "lease",
        sa.Column("submission_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column(
            "taken_at", sa.DateTime(timezone=True), nullable=False, comment="Since when without a break"
        ),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False, comment="Nobody's from then on"),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["core.submission.id"],
            name=op.f("fk_lease_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core.user.id"], name=op.f("fk_lease_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_lease")),
        schema="core",
        comment="Who is looking at a submission just now",
    )
    op.create_index(op.f("ix_lease_user_id"), "lease", ["user_id"], schema="core")
    op.create_table(
        "saved_view",
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False, comment="The filters, as in the address"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name=op.f("ck_saved_view_name")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core.user.id"], name=op.f("fk_saved_view_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "name", name=op.f("pk_saved_view")),
        schema="core",
        comment="Filters of the queue that a person uses again",
    )
    op.create_table(
        "bulk",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False, comment="Who planned it"),
        sa.Column("act", sa.Text(), nullable=False, comment="approve, reject or spam"),
        sa.Column(
            "query", sa.Text(), nullable=False, comment="The filters of the list that it was chosen from"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True, comment="NULL: not confirmed"),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True, comment="Code of the canned reason"),
        sa.Column("note", sa.Text(), nullable=True, comment="What the moderator wrote to the submitters"),
        sa.CheckConstraint("act IN ('approve', 'reject', 'spam')", name=op.f("ck_bulk_act")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core.user.id"], name=op.f("fk_bulk_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk")),
        schema="core",
        comment="Decisions on many submissions at once",
    )
    op.create_index(op.f("ix_bulk_user_id"), "bulk", ["user_id"], schema="core")
    op.create_table(
        "bulk_item",
        sa.Column("bulk_id", sa.UUID(), nullable=False),
        sa.Column("submission_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="As it was when this was planned"),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=True,
            comment="done, undone, changed, or the class of what stood in its way; NULL: not tried",
        ),
        sa.ForeignKeyConstraint(
            ["bulk_id"], ["core.bulk.id"], name=op.f("fk_bulk_item_bulk_id_bulk"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["core.submission.id"],
            name=op.f("fk_bulk_item_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("bulk_id", "submission_id", name=op.f("pk_bulk_item")),
        schema="core",
        comment="What a decision on many was planned for, and what came of it",
    )
    op.create_index(op.f("ix_bulk_item_submission_id"), "bulk_item", ["submission_id"], schema="core")


def downgrade() -> None:
    for table in ("bulk_item", "bulk", "saved_view", "lease"):
        op.drop_table(table, schema="core")
    op.drop_index("ix_submission_waiting_pin", "submission", schema="core")
    op.drop_index("ix_submission_waiting", "submission", schema="core")
    op.drop_column("submission", "pin", schema="core")
    op.drop_column("submission", "waits_since", schema="core")
    # What nobody was told of is turned down without a word: the older program knows no spam.
    op.execute("UPDATE core.submission SET state = 'rejected', contact_email = NULL WHERE state = 'spam'")
    _states(*_BEFORE)


def _states(*states: str) -> None:
    names = ", ".join(f"'{state}'" for state in states)
    op.execute("ALTER TABLE core.submission DROP CONSTRAINT ck_submission_state")
    op.execute(f"ALTER TABLE core.submission ADD CONSTRAINT ck_submission_state CHECK (state IN ({names}))")
