"""A protected place is opened up again by its owner and two moderators, and by nobody else: the database holds to it, too."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0048"
branch_labels = None
depends_on = None

# From the most open to the strictest, as in `app.features.place.DISCLOSURES`; a test compares the two.
STRICTNESS = """
CREATE FUNCTION core.strictness(content jsonb) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT coalesce(array_position(ARRAY['exact', 'area', 'partners', 'contact_only'], content #>> '{place,disclosure}'), 1)
$$
"""
# Whatever program text forgets: a moderator alone, an import, a merge or a restored version opens nothing.
GUARD = """
CREATE FUNCTION core.stays_protected() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF core.strictness(NEW.content) < core.strictness(OLD.content) AND NOT EXISTS (
    SELECT FROM core.opening o
    WHERE o.feature_id = NEW.id AND o.state = 'allowed' AND o.second_at > now() - interval '30 days'
  ) THEN
    RAISE EXCEPTION 'a protected place is opened up by its owner and two moderators only'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'stays_protected';
  END IF;
  RETURN NEW;
END $$
"""
TRIGGER = """
CREATE TRIGGER stays_protected BEFORE UPDATE OF content ON core.feature FOR EACH ROW
WHEN (OLD.content #> '{place,disclosure}' IS DISTINCT FROM NEW.content #> '{place,disclosure}')
EXECUTE FUNCTION core.stays_protected()
"""


def upgrade() -> None:
    op.create_table(
        "opening",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column(
            "submission_id", sa.UUID(), nullable=False, comment="What brought the place in; its link asks"
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counts every change of this row",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="Why it is safe; erased 90 days after the end"),
        sa.Column(
            "contact_email",
            sa.Text(),
            nullable=True,
            comment="Personal data: erased 90 days after the end",
        ),
        sa.Column("language", sa.Text(), nullable=False, comment="Interface language of whoever asks"),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("first_by", sa.UUID(), nullable=True, comment="The moderator who agreed first"),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_by", sa.UUID(), nullable=True, comment="Another moderator, who agreed as well"),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "change_id", sa.UUID(), nullable=True, comment="The submission that says where the place is"
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.UUID(), nullable=True, comment="The moderator who refused it or published"),
        sa.Column("note", sa.Text(), nullable=True, comment="What a moderator wrote to whoever asked"),
        sa.CheckConstraint(
            "state IN ('asked', 'allowed', 'opened', 'refused', 'cancelled', 'expired')",
            name=op.f("ck_opening_state"),
        ),
        sa.CheckConstraint("first_by <> second_by", name=op.f("ck_opening_two_people")),
        sa.CheckConstraint(
            "state NOT IN ('allowed', 'opened') OR (first_by IS NOT NULL AND second_by IS NOT NULL AND second_at IS NOT NULL)",
            name=op.f("ck_opening_allowed_by_two"),
        ),
        sa.CheckConstraint(
            "(state IN ('asked', 'allowed')) = (ended_at IS NULL)", name=op.f("ck_opening_ended_at")
        ),
        sa.ForeignKeyConstraint(
            ["feature_id"], ["core.feature.id"], name=op.f("fk_opening_feature_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["core.submission.id"],
            name=op.f("fk_opening_submission_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["core.submission.id"], name=op.f("fk_opening_change_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        schema="core",
        comment="Owners who want a protected place to be shown again",
    )
    op.create_index(
        "uq_opening_standing",
        "opening",
        ["feature_id"],
        unique=True,
        schema="core",
        postgresql_where=sa.text("state IN ('asked', 'allowed')"),
    )
    op.create_index("ix_opening_submission_id", "opening", ["submission_id"], schema="core")
    op.create_index("ix_opening_change_id", "opening", ["change_id"], schema="core")
    op.execute(STRICTNESS)
    op.execute("GRANT EXECUTE ON FUNCTION core.strictness(jsonb) TO pomapa_app")
    op.execute(GUARD)
    op.execute(TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER stays_protected ON core.feature")
    op.execute("DROP FUNCTION core.stays_protected()")
    op.execute("DROP FUNCTION core.strictness(jsonb)")
    op.drop_table("opening", schema="core")
