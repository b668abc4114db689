"""What the public's role can reach, asked of the catalogue itself: a table that somebody adds is checked, too."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.db import Database, session

#: PostGIS gives these to everybody and needs them; they hold nothing of ours.
OF_POSTGIS = {"public.spatial_ref_sys", "public.geometry_columns", "public.geography_columns"}
SYSTEM = "('pg_catalog', 'information_schema', 'pg_toast')"


async def test_the_reader_can_read_published_and_nothing_else(db: Database) -> None:
    async with db.reading() as reader:
        rows = await reader.execute(
            text(
                f"""
                SELECT n.nspname || '.' || c.relname AS name, n.nspname AS schema,
                       has_schema_privilege(n.oid, 'USAGE') AND (
                         has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT')) AS readable,
                       has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') AS writable
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname NOT IN {SYSTEM}
                """
            )
        )
        found = rows.all()
    assert {row.schema for row in found} >= {"core", "published", "jobs"}
    assert {row.name for row in found if row.readable and row.schema != "published"} <= OF_POSTGIS
    assert all(row.readable for row in found if row.schema == "published")
    assert [row.name for row in found if row.writable] == []


async def test_the_reader_has_no_sequence_and_no_function_of_ours(db: Database) -> None:
    async with db.reading() as reader:
        sequences = await reader.execute(
            text(
                f"""SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.relkind = 'S' AND n.nspname NOT IN {SYSTEM}
                      AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'USAGE, SELECT, UPDATE') END"""
            )
        )
        assert sequences.all() == []
        functions = await reader.execute(
            text(
                """SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                   WHERE n.nspname IN ('core', 'jobs', 'published') AND has_schema_privilege(n.oid, 'USAGE')
                     AND has_function_privilege(p.oid, 'EXECUTE')"""
            )
        )
        assert functions.all() == []


async def test_the_reader_may_not_become_anybody_else(db: Database) -> None:
    async with db.reading() as reader:
        row = (
            await reader.execute(
                text(
                    """SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
                              has_database_privilege(current_database(), 'CREATE, TEMPORARY') AS makes,
                              has_schema_privilege('public', 'CREATE') AS creates
                       FROM pg_roles WHERE rolname = current_user"""
                )
            )
        ).one()
        assert not any(row)
        members = await reader.execute(
            text(
                "SELECT roleid FROM pg_auth_members WHERE member = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
            )
        )
        assert members.all() == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM core.submission",
        "SELECT contact_email FROM core.submission",
        "SELECT * FROM core.feature",
        'SELECT * FROM core."user"',
        "SELECT * FROM core.outbox_mail",
        "SELECT * FROM jobs.procrastinate_jobs",
        "INSERT INTO published.change (layer, feature_id, kind) VALUES ('x', gen_random_uuid(), 'y')",
        "UPDATE published.feature SET name = 'x'",
        "DELETE FROM published.cell",
        "CREATE TABLE published.mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "COPY published.feature TO '/tmp/stolen'",
        "SELECT pg_read_file('/etc/passwd')",
        "SET ROLE pomapa_app",
        "SET SESSION AUTHORIZATION pomapa_app",
    ],
)
async def test_the_reader_is_refused(db: Database, statement: str) -> None:
    async with db.reading() as reader:
        with pytest.raises(
            ProgrammingError, match=r"permission denied|must be superuser|only roles with privileges"
        ):
            await reader.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core.audit SET action = 'x'",
        "DELETE FROM core.audit",
        "TRUNCATE core.audit",
        "UPDATE core.audit_head SET last_id = 0",
        "DROP TABLE core.audit",
        "ALTER TABLE core.feature ADD COLUMN x int",
        "CREATE TABLE core.mine (a int)",
        "DROP TRIGGER audit_chain ON core.audit",
    ],
)
async def test_a6_the_application_can_neither_change_the_audit_log_nor_the_schema(
    db: Database, statement: str
) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        async with session(db) as s:
            await s.execute(text(statement))
