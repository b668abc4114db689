"""The log of every change of state, chained by hashes; the application can only add to it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Every field is preceded by its length, so that no two entries give the same bytes.
HASH = """
CREATE FUNCTION core.audit_hash(entry core.audit) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT sha256(coalesce(entry.previous_hash, ''::bytea) || convert_to(string_agg(
    CASE WHEN field IS NULL THEN '-' ELSE length(field) || ':' || field END, ',' ORDER BY place), 'UTF8'))
  FROM unnest(ARRAY[
    entry.id::text, (extract(epoch FROM entry.at) * 1000000)::bigint::text, entry.actor_kind,
    entry.actor_id::text, entry.action, entry.object_type, entry.object_id, entry.detail::text
  ]) WITH ORDINALITY AS fields (field, place)
$$
"""

# Runs as the owner: the application's role may not touch the head of the chain by itself.
CHAIN = """
CREATE FUNCTION core.audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE head core.audit_head;
BEGIN
  SELECT * INTO STRICT head FROM core.audit_head FOR UPDATE;
  NEW.id := head.last_id + 1;
  NEW.at := clock_timestamp();
  NEW.previous_hash := head.last_hash;
  NEW.hash := core.audit_hash(NEW);
  UPDATE core.audit_head SET last_id = NEW.id, last_hash = NEW.hash;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), nullable=False, comment="Position in the chain, without gaps"),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False, comment="staff, submitter or system"),
        sa.Column("actor_id", sa.UUID(), nullable=True, comment="The user, for staff"),
        sa.Column("action", sa.Text(), nullable=False, comment="What was done, such as submission.approved"),
        sa.Column("object_type", sa.Text(), nullable=False, comment="feature, submission, user, import …"),
        sa.Column("object_id", sa.Text(), nullable=False, comment="Its id"),
        sa.Column(
            "detail",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="No personal data",
        ),
        sa.Column(
            "previous_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="Hash of the entry before; set by trigger",
        ),
        sa.Column(
            "hash", sa.LargeBinary(), nullable=True, comment="SHA-256 of this entry and the hash before"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        schema="core",
    )
    op.create_index(
        op.f("ix_audit_object_type_object_id"),
        "audit",
        ["object_type", "object_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "audit_head",
        sa.Column("singleton", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_audit_head")),
        schema="core",
    )

    op.execute("INSERT INTO core.audit_head (singleton, last_id, last_hash) VALUES (true, 0, ''::bytea)")
    op.execute("ALTER TABLE core.audit_head ADD CONSTRAINT ck_audit_head_only CHECK (singleton)")
    op.execute(HASH)
    op.execute(CHAIN)
    op.execute(
        "CREATE TRIGGER audit_chain BEFORE INSERT ON core.audit FOR EACH ROW EXECUTE FUNCTION core.audit_chain()"
    )
    op.execute("GRANT EXECUTE ON FUNCTION core.audit_hash(core.audit) TO pomapa_app")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON core.audit FROM pomapa_app")
    op.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON core.audit_head FROM pomapa_app")


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_chain ON core.audit")
    op.execute("DROP FUNCTION core.audit_chain()")
    op.execute("DROP FUNCTION core.audit_hash(core.audit)")
    op.drop_table("audit_head", schema="core")
    op.drop_index(op.f("ix_audit_object_type_object_id"), table_name="audit", schema="core")
    op.drop_table("audit", schema="core")
