"""Trusted organisations publish changes of their own places by themselves: for which units, by whom, and what they did."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

# By whichever way a verification ends: withdrawn, or because what the organisation is known by has changed.
ENDS = """
CREATE FUNCTION core.ends_trust() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE core.trust SET ended_at = now(), version = version + 1
  WHERE organisation_id = NEW.feature_id AND ended_at IS NULL;
  IF FOUND THEN
    INSERT INTO core.audit (actor_kind, action, object_type, object_id, detail)
    VALUES ('system', 'trust.dropped', 'feature', CAST(NEW.feature_id AS text), '{}');
  END IF;
  RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER ends_trust AFTER UPDATE OF ended_at ON core.verification FOR EACH ROW
WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION core.ends_trust()
"""


def upgrade() -> None:
    _trust()
    _own_approval()
    op.execute(ENDS)
    op.execute(TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER ends_trust ON core.verification")
    op.execute("DROP FUNCTION core.ends_trust()")
    op.drop_table("own_approval", schema="core")
    op.drop_table("trust", schema="core")


def _trust() -> None:
    op.create_table(
        "trust",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column(
            "organisation_id", sa.UUID(), nullable=False, comment="An entry of the layer organisations"
        ),
        sa.Column(
            "verification_id",
            sa.UUID(),
            nullable=False,
            comment="By which they are known to be who they are",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counts every change of this row",
        ),
        sa.Column(
            "areas",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="Codes of the units that it holds for, with all below them",
        ),
        sa.Column("layers", postgresql.ARRAY(sa.Text()), nullable=False, comment="Keys of the layers"),
        sa.Column("first_by", sa.UUID(), nullable=False, comment="Which administrator has proposed it"),
        sa.Column("first_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("second_by", sa.UUID(), nullable=True, comment="Another one, who has confirmed it"),
        sa.Column(
            "second_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Holds from then on; NULL: waits",
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.UUID(), nullable=True, comment="Who ended it; NULL: the verification ended"),
        sa.Column("note", sa.Text(), nullable=True, comment="Why it was ended; erased 90 days after the end"),
        sa.CheckConstraint("first_by <> second_by", name=op.f("ck_trust_two_people")),
        sa.CheckConstraint("(second_by IS NULL) = (second_at IS NULL)", name=op.f("ck_trust_second")),
        sa.CheckConstraint(
            "cardinality(areas) > 0 AND cardinality(layers) > 0", name=op.f("ck_trust_limits")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["core.feature.id"],
            name=op.f("fk_trust_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["verification_id"],
            ["core.verification.id"],
            name=op.f("fk_trust_verification_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust")),
        schema="core",
        comment="Organisations that publish changes of their own places by themselves",
    )
    op.create_index(
        "uq_trust_standing",
        "trust",
        ["organisation_id"],
        unique=True,
        schema="core",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_trust_organisation_id"), "trust", ["organisation_id"], schema="core")
    op.create_index(op.f("ix_trust_verification_id"), "trust", ["verification_id"], schema="core")


def _own_approval() -> None:
    op.create_table(
        "own_approval",
        sa.Column("submission_id", sa.UUID(), nullable=False, comment="It may be deleted meanwhile"),
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False, comment="Which admin of the organisation"),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "look_again", sa.Boolean(), nullable=False, comment="A moderator is to look at it afterwards"
        ),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.UUID(), nullable=True, comment="Which moderator has looked at it"),
        sa.Column(
            "undone_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="A moderator has undone it; it waits as any other",
        ),
        sa.ForeignKeyConstraint(
            ["trust_id"], ["core.trust.id"], name=op.f("fk_own_approval_trust_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_own_approval")),
        schema="core",
        comment="What trusted organisations have published by themselves",
    )
    op.create_index("ix_own_approval_trust_id", "own_approval", ["trust_id", "at"], schema="core")
    op.create_index("ix_own_approval_at", "own_approval", ["at"], schema="core")
    op.create_index(
        "ix_own_approval_to_see",
        "own_approval",
        ["at"],
        schema="core",
        postgresql_where=sa.text("look_again AND seen_at IS NULL AND undone_at IS NULL"),
    )
