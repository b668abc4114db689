"""Protected help is published by two people: what the first one has said yes to is kept until the second one has."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0094"
down_revision = "0092"
branch_labels = None
depends_on = None

# By whichever way a submission is written anew or decided: who comes next begins anew.
FORGETS = """
CREATE FUNCTION core.forgets_agreement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  DELETE FROM core.agreement WHERE submission_id = NEW.id;
  RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER forgets_agreement AFTER UPDATE OF state, content, feature_id ON core.submission FOR EACH ROW
WHEN (OLD.state <> NEW.state OR OLD.content <> NEW.content OR OLD.feature_id IS DISTINCT FROM NEW.feature_id)
EXECUTE FUNCTION core.forgets_agreement()
"""
# How much harm there would be does not say that it is spam: it is never a reason to wait behind all else.
_LESS = """- CASE WHEN NEW.reasons @? '$[*] ? (@.code starts with "protected_")' THEN (
    SELECT coalesce(sum(CAST(r ->> 'points' AS integer)), 0) FROM jsonb_array_elements(NEW.reasons) r
    WHERE r ->> 'code' IN ('protected_contact', 'protected_where')) ELSE 0 END"""
_OF_SCORE = """
CREATE OR REPLACE FUNCTION core.put_in_band_by_score() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_spam boolean := NEW.score {less} >= 60;
BEGIN
  UPDATE core.submission SET
    band = CASE WHEN is_spam THEN 2 WHEN kind = 'change' THEN 0 ELSE 1 END
  WHERE id = NEW.submission_id AND (band = 2) <> is_spam;
  RETURN NULL;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("submission_id", sa.UUID(), nullable=True),
        sa.Column("feature_id", sa.UUID(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False, comment="Action of the version that it would make"),
        sa.Column("mark", sa.Text(), nullable=False, comment="SHA-256 of all that would be public by it"),
        sa.Column(
            "content",
            postgresql.JSONB(),
            nullable=True,
            comment="A submission as its first reader has corrected it, or what is chosen of an entry",
        ),
        sa.Column(
            "base_revision", sa.Integer(), nullable=True, comment="The live revision that it was made from"
        ),
        sa.Column("agreed_by", sa.UUID(), nullable=False, comment="Who has said yes"),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(submission_id IS NULL) <> (feature_id IS NULL)", name=op.f("ck_agreement_of_one")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["core.submission.id"],
            name=op.f("fk_agreement_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["feature_id"],
            ["core.feature.id"],
            name=op.f("fk_agreement_feature_id_feature"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_agreement_submission_id")),
        sa.UniqueConstraint("feature_id", name=op.f("uq_agreement_feature_id")),
        schema="core",
        comment="The first of two people who publish something of protected help",
    )
    op.execute(FORGETS)
    op.execute(TRIGGER)
    op.execute(_OF_SCORE.format(less=_LESS))


def downgrade() -> None:
    op.execute(_OF_SCORE.format(less=""))
    op.execute("DROP TRIGGER forgets_agreement ON core.submission")
    op.execute("DROP FUNCTION core.forgets_agreement()")
    op.drop_table("agreement", schema="core")
