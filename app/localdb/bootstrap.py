"""Roles, databases and extensions of a private cluster. Every step can be repeated."""

from collections.abc import Mapping

import psycopg
from psycopg import sql

from app.localdb.secrets_file import APP, OWNER, READER, ROLES

_Connection = psycopg.Connection[tuple[object, ...]]

#: Needed by the schema, and only a superuser may create them.
EXTENSIONS = ("postgis", "unaccent", "pg_trgm", "btree_gist")


def bootstrap_roles(connection: _Connection, passwords: Mapping[str, str]) -> None:
    """Make the login roles, none of which can do more than its grants, with these passwords."""
    present = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role in ROLES:
        name = sql.Identifier(role)
        if role not in present:
            connection.execute(sql.SQL("CREATE ROLE {}").format(name))
        # The server gets the hash, so that the password itself can stand in no log.
        hashed = connection.pgconn.encrypt_password(passwords[role].encode(), role.encode(), b"scram-sha-256")
        connection.execute(
            sql.SQL(
                "ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}"
            ).format(name, sql.Literal(hashed.decode()))
        )


def database_exists(connection: _Connection, name: str) -> bool:
    """Whether the cluster has this database."""
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None


def create_database(connection: _Connection, name: str, template: str | None) -> None:
    """Make a database of the owner role: empty, or a copy of `template` (its files, without going through the log).

    Only our own roles may connect. A copy does not inherit that, so it is said for both.
    """
    source = (
        sql.SQL("TEMPLATE template0")
        if template is None
        else sql.SQL("TEMPLATE {}").format(sql.Identifier(template))
    )
    if template is not None and connection.info.server_version >= 150000:
        source += sql.SQL(" STRATEGY FILE_COPY")
    database = sql.Identifier(name)
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} ").format(database, sql.Identifier(OWNER)) + source
    )


def grant_database(connection: _Connection, name: str) -> None:
    """Let only our own roles connect to a database, and only those that write make temporary tables."""
    database = sql.Identifier(name)
    app, reader = sql.Identifier(APP), sql.Identifier(READER)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, app))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, reader))


def create_extensions(connection: _Connection) -> None:
    """Make the extensions in the schema `public` of the connected database, which nobody else may add to."""
    for extension in EXTENSIONS:
        connection.execute(
            sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(sql.Identifier(extension))
        )
    connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
