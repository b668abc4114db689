"""Extensions, schemas, roles and what each role may do."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLES = """
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['pomapa_app', 'pomapa_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
    END IF;
  END LOOP;
EXCEPTION WHEN duplicate_object THEN
  NULL; -- another migration on this server made the same role at the same moment
END $$
"""

# PostGIS is not a trusted extension: where the owner may not create it, it has to be there already.
EXTENSIONS = ("postgis", "unaccent", "pg_trgm", "btree_gist")


def upgrade() -> None:
    op.execute(ROLES)
    for extension in EXTENSIONS:
        op.execute(
            f"""
            DO $$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = '{extension}') THEN
                CREATE EXTENSION {extension} SCHEMA public;
              END IF;
            END $$
            """
        )
    op.execute("CREATE SCHEMA IF NOT EXISTS published")
    op.execute("CREATE SCHEMA IF NOT EXISTS jobs")
    op.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    op.execute("GRANT USAGE ON SCHEMA public TO pomapa_app, pomapa_reader")
    op.execute("GRANT USAGE ON SCHEMA core, jobs, published TO pomapa_app")
    op.execute("GRANT USAGE ON SCHEMA published TO pomapa_reader")
    # A process that starts asks whether the schema is the one of its code.
    op.execute("GRANT SELECT ON core.alembic_version TO pomapa_app")
    op.execute(
        """
        DO $$ BEGIN
          EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
          EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO pomapa_app', current_database());
          EXECUTE format('GRANT CONNECT ON DATABASE %I TO pomapa_reader', current_database());
        END $$
        """
    )
    for schema in ("core", "published", "jobs"):
        op.execute(
            f"""ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}
                GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO pomapa_app"""
        )
        op.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO pomapa_app"
        )
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA published GRANT SELECT ON TABLES TO pomapa_reader")
    # What is made later is nobody's to call until a migration says whose.
    op.execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")


def downgrade() -> None:
    op.execute("ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC")
    op.execute("DROP SCHEMA published CASCADE")
    op.execute("DROP SCHEMA jobs CASCADE")
    for schema in ("core",):
        op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE ALL ON TABLES FROM pomapa_app")
        op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE ALL ON SEQUENCES FROM pomapa_app")
    op.execute("REVOKE USAGE ON SCHEMA core FROM pomapa_app")
    # The roles, the extensions and the schema core, which holds Alembic's own table, stay.
