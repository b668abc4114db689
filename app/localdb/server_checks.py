"""Whether a server may be trusted with the data: asked at every start, of ours and of anybody's.

All functions take an open SQLAlchemy connection and raise `UnsuitableServer` with what to do.
"""

from sqlalchemy import Connection, text

from app.localdb.binaries import OLDEST_SERVER
from app.localdb.problems import UnsuitableServer

#: Off, each of these lets a power cut undo what a person was told is saved.
_DURABLE = ("fsync", "full_page_writes", "data_checksums")

_CURE = {
    "fsync": "ALTER SYSTEM SET fsync = on; SELECT pg_reload_conf();",
    "full_page_writes": "ALTER SYSTEM SET full_page_writes = on; SELECT pg_reload_conf();",
    "synchronous_commit": "ALTER SYSTEM SET synchronous_commit = on; SELECT pg_reload_conf();",
    "data_checksums": "pg_checksums --enable (with the server stopped)",
}


def check_server(connection: Connection) -> None:
    """Refuse a server that is too old, lacks PostGIS, or is not durable."""
    check_version(connection)
    check_postgis(connection)
    check_durability(connection)


def check_version(connection: Connection) -> None:
    """Refuse a server older than 14."""
    refuse_old_version(int(connection.scalar(text("SHOW server_version_num")) or 0))


def refuse_old_version(server_version_num: int) -> None:
    """Refuse a version number as PostgreSQL writes it: 150004 is 15.4."""
    if server_version_num < OLDEST_SERVER * 10000:
        msg = (
            f"The database server is PostgreSQL {server_version_num // 10000}. "
            f"Pomapa needs {OLDEST_SERVER} or newer: upgrade the server."
        )
        raise UnsuitableServer(msg)


def check_postgis(connection: Connection) -> None:
    """Refuse a database in which PostGIS has not been created."""
    if connection.scalar(text("SELECT extversion FROM pg_extension WHERE extname = 'postgis'")):
        return
    available = connection.scalar(text("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'"))
    msg = (
        "The database has no PostGIS yet. As its superuser, run: CREATE EXTENSION postgis;"
        if available
        else "The database server has no PostGIS. Install it there (on Debian: apt-get install postgresql-postgis), "
        "then, as superuser, run: CREATE EXTENSION postgis;"
    )
    raise UnsuitableServer(msg)


def check_durability(connection: Connection) -> None:
    """Refuse a server that may forget what it confirmed, or would not notice damaged pages.

    Settings count as they are for the connected role, which may have its own.
    """
    settings = {
        name: str(connection.scalar(text(f"SHOW {name}"))) for name in (*_DURABLE, "synchronous_commit")
    }
    bad = [name for name, value in settings.items() if value == "off"]
    if bad:
        cures = " ".join(f"For {name}: {_CURE[name]}" for name in bad)
        msg = f"The database server has {', '.join(bad)} off, so saved data could be lost. Switch it on. {cures}"
        raise UnsuitableServer(msg)


def check_roles(connection: Connection) -> None:
    """Refuse a connection of the wrong kind: the application must not be a superuser, nor lack its schemas."""
    row = connection.execute(
        text("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    ).one()
    if row.rolsuper or row.rolbypassrls:
        msg = (
            f"The application connects to the database as {row.current_user}, who may do everything. "
            "Give it a role with no more than its rights: `pomapa db migrate` makes pomapa_app and pomapa_reader."
        )
        raise UnsuitableServer(msg)


def check_rights(connection: Connection, *, schemas: tuple[str, ...]) -> None:
    """Refuse a role that may not use one of these schemas; they exist only after the migrations."""
    for schema in schemas:
        usable = connection.scalar(
            text("SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = :schema"),
            {"schema": schema},
        )
        if not usable:
            msg = (
                f"The role {connection.scalar(text('SELECT current_user'))} may not use the schema {schema}. "
                "Run `pomapa db migrate` with the owner's DATABASE_URL; it makes the schemas and grants the rights."
            )
            raise UnsuitableServer(msg)
