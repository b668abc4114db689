"""Brings a database to the schema of this code, and tells when it has another one."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

from app.localdb.problems import UnsuitableServer

_ALEMBIC_INI = Path(__file__).resolve().parents[2] / "alembic.ini"


class SchemaNewer(UnsuitableServer):
    """The database was made by a newer Pomapa than this one.

    Update this installation, or restore a backup made before the update.
    """


class SchemaBehind(UnsuitableServer):
    """The database has not been brought to this version of Pomapa yet. Run `pomapa db migrate`."""


def migrate(owner_url: str, revision: str = "head") -> None:
    """Bring the database to a revision of the schema, as its owner; `SchemaNewer` when it is past this code."""
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        refuse_newer_schema(connection)
        connection.rollback()
        command.upgrade(_configuration(connection), revision)
        connection.commit()


def check_schema(connection: Connection) -> None:
    """Refuse a database whose schema is not the one of this code."""
    refuse_newer_schema(connection)
    if _revisions(connection) != set(ScriptDirectory.from_config(_configuration(connection)).get_heads()):
        raise SchemaBehind


def refuse_newer_schema(connection: Connection) -> None:
    """Refuse a database with a revision that this code has never heard of."""
    known = {
        script.revision for script in ScriptDirectory.from_config(_configuration(connection)).walk_revisions()
    }
    if not _revisions(connection) <= known:
        raise SchemaNewer


def _revisions(connection: Connection) -> set[str]:
    """Give the revisions that the database says it has; none for an empty one."""
    if connection.scalar(text("SELECT to_regclass('core.alembic_version')")) is None:
        return set()
    return {str(row[0]) for row in connection.execute(text("SELECT version_num FROM core.alembic_version"))}


def _configuration(connection: Connection) -> Config:
    return Config(_ALEMBIC_INI, attributes={"connection": connection})
