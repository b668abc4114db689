"""The chain of the audit log goes on from its last entry; the head is written once in a transaction.

Before, each entry made a new version of the head's one row. A transaction sees all versions that it has made,
so that the ten-thousandth entry of an import had to look through ten thousand of them.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# The same bytes as before, written out: taking an array apart and joining it again cost more than the hash.
_FIELDS = (
    "entry.id::text",
    "(extract(epoch FROM entry.at) * 1000000)::bigint::text",
    "entry.actor_kind",
    "entry.actor_id::text",
    "entry.action",
    "entry.object_type",
    "entry.object_id",
    "entry.detail::text",
)
HASH = f"""
CREATE OR REPLACE FUNCTION core.audit_hash(entry core.audit) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT sha256(coalesce(entry.previous_hash, ''::bytea) || convert_to(
    {" || ',' || ".join(f"coalesce(length({field}) || ':' || {field}, '-')" for field in _FIELDS)}, 'UTF8'))
$$
"""

# Runs as the owner: the application's role may not touch the head of the chain by itself. The head is locked
# by the first entry of a transaction, which puts concurrent transactions in order. It also goes on from the
# head when entries behind it are missing, so that the gap is seen.
CHAIN = """
CREATE OR REPLACE FUNCTION core.audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  head core.audit_head;
  last record;
BEGIN
  SELECT * INTO STRICT head FROM core.audit_head FOR UPDATE;
  SELECT id, hash INTO last FROM core.audit ORDER BY id DESC LIMIT 1;
  IF last.id > head.last_id THEN
    NEW.id := last.id + 1;
    NEW.previous_hash := last.hash;
  ELSE
    NEW.id := head.last_id + 1;
    NEW.previous_hash := head.last_hash;
  END IF;
  NEW.at := clock_timestamp();
  NEW.hash := core.audit_hash(NEW);
  RETURN NEW;
END $$
"""
HEAD = """
CREATE FUNCTION core.audit_advance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE core.audit_head SET last_id = NEW.id, last_hash = NEW.hash
  WHERE NEW.id = (SELECT max(id) FROM core.audit);
  RETURN NULL;
END $$
"""
HEAD_TRIGGER = """
CREATE CONSTRAINT TRIGGER audit_head AFTER INSERT ON core.audit
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core.audit_advance()
"""

HASH_BEFORE = """
CREATE OR REPLACE FUNCTION core.audit_hash(entry core.audit) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT sha256(coalesce(entry.previous_hash, ''::bytea) || convert_to(string_agg(
    CASE WHEN field IS NULL THEN '-' ELSE length(field) || ':' || field END, ',' ORDER BY place), 'UTF8'))
  FROM unnest(ARRAY[
    entry.id::text, (extract(epoch FROM entry.at) * 1000000)::bigint::text, entry.actor_kind,
    entry.actor_id::text, entry.action, entry.object_type, entry.object_id, entry.detail::text
  ]) WITH ORDINALITY AS fields (field, place)
$$
"""
CHAIN_BEFORE = """
CREATE OR REPLACE FUNCTION core.audit_chain() RETURNS trigger
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
    op.execute(HASH)
    op.execute(CHAIN)
    op.execute(HEAD)
    op.execute("REVOKE EXECUTE ON FUNCTION core.audit_advance() FROM PUBLIC")
    op.execute(HEAD_TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_head ON core.audit")
    op.execute("DROP FUNCTION core.audit_advance()")
    op.execute(CHAIN_BEFORE)
    op.execute(HASH_BEFORE)
