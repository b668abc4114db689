"""The tables and functions of procrastinate in the schema `jobs`, for a migration to put there."""

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection

#: Inside our transactions the search path is ours; the functions bring their own, so that both fit.
OWN_SEARCH_PATH = """
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = jobs, pg_catalog', f);
  END LOOP;
END $$;
"""
GRANTS = """
GRANT USAGE ON SCHEMA jobs TO pomapa_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO pomapa_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA jobs TO pomapa_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO pomapa_app;
"""
DROP_ALL = """
DO $$
DECLARE thing record;
BEGIN
  FOR thing IN SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = 'jobs'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('DROP TABLE %s CASCADE', thing.name);
  END LOOP;
  FOR thing IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace LOOP
    EXECUTE format('DROP FUNCTION %s CASCADE', thing.name);
  END LOOP;
  FOR thing IN SELECT oid::regtype AS name FROM pg_type
    WHERE typnamespace = 'jobs'::regnamespace AND typtype IN ('e', 'c') LOOP
    EXECUTE format('DROP TYPE %s CASCADE', thing.name);
  END LOOP;
END $$;
"""


def apply_sql() -> str:
    """All statements that fill the schema `jobs`, which has to exist, as one script without parameters."""
    schema = SchemaManager.get_schema()
    return f"SET LOCAL search_path = jobs, public;\n{schema}\n{OWN_SEARCH_PATH}\n{GRANTS}\nSET LOCAL search_path = public;"


def apply_schema(connection: Connection) -> None:
    """Fill the schema `jobs` on a migration's connection, in its transaction."""
    _run_script(connection, apply_sql())


def drop_schema(connection: Connection) -> None:
    """Empty the schema `jobs` again."""
    _run_script(connection, DROP_ALL)


def _run_script(connection: Connection, script: str) -> None:
    # Several statements, with per cent signs and colons of their own: only the driver itself takes them as they are.
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(script)
