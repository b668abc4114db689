"""Alembic's environment: runs as the owner, waits for locks briefly, looks only at our own schemas."""

from typing import Any

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, create_engine, pool, text

from app.config import get_settings
from app.db import Base
from app.db.models import import_models
from app.db.urls import role_urls

OWN_SCHEMAS = {"core", "published"}
#: A migration that cannot get its lock soon gives up, instead of stopping everybody behind it.
LOCK_TIMEOUT = "3s"

import_models()


def _include_name(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "schema" or name in OWN_SCHEMAS


def _include_object(obj: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    if kind == "table" and name == "alembic_version":
        return False
    return bool(alembic_helpers.include_object(obj, name, kind, reflected, compare_to))  # type: ignore[no-untyped-call]


def _run(connection: Connection) -> None:
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS core"))
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table_schema="core",
        include_schemas=True,
        include_name=_include_name,
        include_object=_include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_type=True,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Run on the connection that the caller hands over, or on the configured owner's."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _run(given)
        return
    engine = create_engine(role_urls(get_settings()).owner, poolclass=pool.NullPool)
    with engine.connect() as connection:
        _run(connection)


main()
