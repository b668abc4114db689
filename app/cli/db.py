"""`pomapa db`: the database's schema, and ways into it for people."""

import os
import shutil
import subprocess
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import NullPool, create_engine, make_url

from app.cli.console import say, working
from app.cli.installation import database, prepare_database
from app.cli.reference_data import load_reference_data
from app.config import Settings
from app.db.urls import role_urls
from app.errors import PomapaError
from app.localdb import LocalCluster
from app.localdb.schema import check_models, check_schema, migrate
from app.localdb.server_checks import check_rights, check_roles, check_server

db_commands = typer.Typer(
    help="The database: bring it up to date, check it, look into it.", no_args_is_help=True
)

DataDir = Annotated[Path | None, typer.Option("--data", help="Data directory; default: $DATA_DIR or var.")]


class Role(StrEnum):
    """Whose rights a person takes."""

    READER = "reader"
    APP = "app"
    OWNER = "owner"


RoleOption = Annotated[Role, typer.Option("--role", help="reader sees only what is public.")]


class ProgramMissing(PomapaError):  # noqa: N818 - families are named by meaning
    """`psql` is not installed. Install it with `apt-get install postgresql-client`."""


@db_commands.command("migrate")
def migrate_command(data: DataDir = None) -> None:
    """Bring the database to this version of Pomapa."""
    with database(data) as settings:
        prepare_database(settings)
        load_reference_data(settings)
    say("The database is at this version.")


@db_commands.command("check")
def check_command(data: DataDir = None) -> None:
    """Check that the server can be trusted and that the database is at this version."""
    with database(data) as settings:
        urls = role_urls(settings)
        with create_engine(urls.app, poolclass=NullPool).connect() as connection:
            check_server(connection)
            check_roles(connection)
            check_schema(connection)
            check_rights(connection, schemas=("core", "published", "jobs"))
        with create_engine(urls.read, poolclass=NullPool).connect() as connection:
            check_rights(connection, schemas=("published",))
    say("The database is sound and at this version.")


@db_commands.command("check-models")
def check_models_command() -> None:
    """For developers: check that the migrations make the tables of the code, on a server made for it."""
    folder = Path(tempfile.mkdtemp(prefix="pomapa-check-"))
    folder.chmod(0o755)
    try:
        with working("Comparing the migrations with the models."), LocalCluster(folder) as cluster:
            migrate(cluster.urls.owner)
            check_models(cluster.urls.owner)
    finally:
        shutil.rmtree(folder)
    say("The migrations make exactly the tables of the code.")


@db_commands.command("shell")
def shell_command(role: RoleOption = Role.READER, data: DataDir = None) -> None:
    """Open psql, as the reader of what is public unless another role is named."""
    psql = shutil.which("psql")
    if psql is None:
        raise ProgramMissing
    with database(data) as settings:
        url = make_url(_url(settings, role))
        environment = {
            **os.environ,
            "PGUSER": url.username or "",
            # Not on the command line, where every user of the machine could read it.
            "PGPASSWORD": str(url.password or ""),
            "PGDATABASE": url.database or "",
            "PGHOST": str(url.query.get("host") or url.host or ""),
            "PGPORT": str(url.query.get("port") or url.port or 5432),
        }
        finished = subprocess.run([psql], env=environment, check=False)  # noqa: S603 - a program that we have found ourselves, and no shell
    sys.exit(finished.returncode)


@db_commands.command("url")
def url_command(role: RoleOption = Role.READER, data: DataDir = None) -> None:
    """Print the address of the database for QGIS, psql and other programs; it holds the role's password."""
    with database(data) as settings:
        print(_url(settings, role).replace("postgresql+psycopg://", "postgresql://", 1))


def _url(settings: Settings, role: Role) -> str:
    urls = role_urls(settings)
    return {Role.READER: urls.read, Role.APP: urls.app, Role.OWNER: urls.owner}[role]
