"""Organisations of which two people have made sure: what makes it another one takes the mark away, whoever writes it."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

# By what people know an organisation: its names, page, numbers in registers, and public ways to reach it, in any order.
KNOWN_BY = """
CREATE FUNCTION core.known_by(content jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT jsonb_build_array(content #> '{name,texts}', content -> 'also_known_as', content -> 'website', content -> 'identifiers',
    (SELECT jsonb_agg(DISTINCT jsonb_build_array(one -> 'kind', one -> 'value'))
     FROM jsonb_array_elements(coalesce(content -> 'contacts', '[]')) AS one
     WHERE coalesce(one ->> 'visibility', 'public') = 'public'))
$$
"""
# By whichever way it becomes another one: an edit, an import, a merge, an older version, or off the map.
GUARD = """
CREATE FUNCTION core.keeps_its_mark() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF NEW.state = 'published' AND core.known_by(NEW.content) IS NOT DISTINCT FROM core.known_by(OLD.content) THEN
    RETURN NULL;
  END IF;
  UPDATE core.verification SET ended_at = now(), version = version + 1 WHERE feature_id = NEW.id AND ended_at IS NULL;
  IF FOUND THEN
    DELETE FROM published.verified_organisation WHERE feature_id = NEW.id;
    INSERT INTO core.audit (actor_kind, action, object_type, object_id, detail)
    VALUES ('system', 'verification.dropped', 'feature', CAST(NEW.id AS text), '{}');
  END IF;
  RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER keeps_its_mark AFTER UPDATE OF content, state ON core.feature FOR EACH ROW
WHEN (OLD.layer = 'organisations') EXECUTE FUNCTION core.keeps_its_mark()
"""


def upgrade() -> None:
    op.create_table(
        "verification",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("feature_id", sa.UUID(), nullable=False, comment="The organisation"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counts every change of this row",
        ),
        sa.Column("first_by", sa.UUID(), nullable=False, comment="Who has made sure first"),
        sa.Column("first_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("first_how", sa.Text(), nullable=False, comment="In which way"),
        sa.Column(
            "first_said", sa.Text(), nullable=True, comment="How exactly; erased 90 days after the end"
        ),
        sa.Column("second_by", sa.UUID(), nullable=True, comment="Somebody else, who has made sure as well"),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_how", sa.Text(), nullable=True, comment="In which way"),
        sa.Column(
            "second_said", sa.Text(), nullable=True, comment="How exactly; erased 90 days after the end"
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.UUID(), nullable=True, comment="Who withdrew it; NULL: the entry changed"),
        sa.Column(
            "note", sa.Text(), nullable=True, comment="Why it was withdrawn; erased 90 days after the end"
        ),
        sa.CheckConstraint("first_by <> second_by", name=op.f("ck_verification_two_people")),
        sa.CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL) AND (second_by IS NULL) = (second_how IS NULL)",
            name=op.f("ck_verification_second"),
        ),
        sa.ForeignKeyConstraint(
            ["feature_id"], ["core.feature.id"], name=op.f("fk_verification_feature_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
        schema="core",
        comment="Organisations of which two people have made sure, or one so far",
    )
    op.create_index(
        "uq_verification_standing",
        "verification",
        ["feature_id"],
        unique=True,
        schema="core",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_verification_feature_id", "verification", ["feature_id"], schema="core")
    op.create_table(
        "verified_organisation",
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["feature_id"],
            ["published.feature.id"],
            name=op.f("fk_verified_organisation_feature_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("feature_id", name=op.f("pk_verified_organisation")),
        schema="published",
        comment="Organisations of which two people have made sure who they are",
    )
    op.execute(KNOWN_BY)
    op.execute("GRANT EXECUTE ON FUNCTION core.known_by(jsonb) TO pomapa_app")
    op.execute(GUARD)
    op.execute(TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER keeps_its_mark ON core.feature")
    op.execute("DROP FUNCTION core.keeps_its_mark()")
    op.execute("DROP FUNCTION core.known_by(jsonb)")
    op.drop_table("verified_organisation", schema="published")
    op.drop_table("verification", schema="core")
