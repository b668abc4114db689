"""One private PostgreSQL cluster, shared by every process that needs it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql
from sqlalchemy import URL, create_engine

from app.localdb import bootstrap
from app.localdb.binaries import find_installation
from app.localdb.locks import SharedUse, exclusive
from app.localdb.places import PORT, Places, prepare_places
from app.localdb.problems import LocalDatabaseError, ServerDidNotStart
from app.localdb.secrets_file import APP, OWNER, READER, SUPERUSER, make_passwords, read_passwords
from app.localdb.server import START_PATIENCE_S, Server, version_of
from app.localdb.server_checks import check_durability
from app.localdb.server_user import server_user

DATABASE = "pomapa"


@dataclass(frozen=True, slots=True)
class ClusterUrls:
    """SQLAlchemy addresses (`postgresql+psycopg://…`, by the socket) of one database, one for each role."""

    owner: str
    app: str
    reader: str
    superuser: str


class LocalCluster:
    """The private PostGIS below a data directory.

    Any number of processes may `start` it: the first one starts the server, the others join, and the
    last one that stops takes it down. What a killed process leaves behind is put right by the next start.
    """

    def __init__(self, data_dir: Path, *, report: Callable[[str], None] | None = None) -> None:
        """Touch nothing yet; `report` gets a sentence at each step worth telling."""
        self.data_dir = data_dir
        self._report = report or (lambda _sentence: None)
        self._server: Server | None = None
        self._passwords: Mapping[str, str] = {}
        self._use: SharedUse | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Make the cluster when there is none, start its server unless it runs, and check that it is durable.

        `LocalDatabaseError` (or a narrower one) says what is in the way and what to do.
        """
        if self._use is not None:
            return
        user = server_user()
        places = prepare_places(self.data_dir, user, self._report)
        with exclusive(places.start_lock):
            version = version_of(places.pgdata)
            self._server = Server(places, user, find_installation(needed_version=version), self._report)
            self._use = SharedUse(places.use_lock)
            try:
                self._bring_up(self._server, new=version is None)
            except BaseException:
                self._leave()
                raise

    def stop(self) -> None:
        """Leave the cluster; its server is stopped when nobody else uses it."""
        if self._use is None:
            return
        with exclusive(self.places.start_lock):
            self._leave()

    @property
    def places(self) -> Places:
        """Where the files of the started cluster are."""
        return self._running_server.places

    @property
    def urls(self) -> ClusterUrls:
        """The addresses of the product's own database."""
        return self.urls_of(DATABASE)

    def urls_of(self, database: str) -> ClusterUrls:
        """Give the addresses of a database of this cluster."""
        query = {"host": str(self.places.sockets), "port": str(PORT)}

        def url(role: str) -> str:
            address, _, options = (
                URL.create("postgresql+psycopg", role, self._passwords[role], database=database, query=query)
                .render_as_string(hide_password=False)
                .partition("?")
            )
            # A space as "+" is SQLAlchemy's alone; libpq and psql read only "%20".
            return f"{address}?{options.replace('+', '%20')}"

        return ClusterUrls(owner=url(OWNER), app=url(APP), reader=url(READER), superuser=url(SUPERUSER))

    def has_database(self, name: str) -> bool:
        """Whether there is such a database."""
        with self._superuser() as connection:
            return bootstrap.database_exists(connection, name)

    def create_database(self, name: str, *, template: str | None = None) -> ClusterUrls:
        """Make a database with the extensions, or a copy of `template`, to which nobody may be connected."""
        with self._superuser() as connection:
            bootstrap.create_database(connection, name, template)
            bootstrap.grant_database(connection, name)
        if template is None:
            with self._superuser(name) as connection:
                bootstrap.create_extensions(connection)
        return self.urls_of(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, ending the connections to it; nothing happens when there is none."""
        with self._superuser() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _bring_up(self, server: Server, *, new: bool) -> None:
        secrets = server.places.secrets
        passwords = read_passwords(secrets)
        if new:
            passwords = make_passwords(secrets)
            server.initialise(passwords[SUPERUSER])
        elif passwords is None:
            self._report("The file of the database's passwords is missing; new ones are made.")
            passwords = make_passwords(secrets)
            server.reset_superuser_password(passwords[SUPERUSER])
        self._passwords = passwords
        if not server.running:
            server.launch()
        self._wait_until_ready(server)
        with self._superuser() as connection:
            bootstrap.bootstrap_roles(connection, passwords)
            if not bootstrap.database_exists(connection, DATABASE):
                bootstrap.create_database(connection, DATABASE, None)
            bootstrap.grant_database(connection, DATABASE)
        with self._superuser(DATABASE) as connection:
            bootstrap.create_extensions(connection)
        engine = create_engine(self.urls.app)
        try:
            with engine.connect() as connection_as_app:
                check_durability(connection_as_app)
        finally:
            engine.dispose()

    def _wait_until_ready(self, server: Server) -> None:
        """A server that another process started, or that recovers, refuses connections for a while."""
        deadline = time.monotonic() + START_PATIENCE_S
        while True:
            try:
                self._superuser().close()
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline or "password" in str(error) or not server.running:
                    msg = (
                        f"The database server runs, but does not let us in. Its log is in {server.places.logs}. "
                        f"To have new passwords made, remove {server.places.secrets}/database.json and start again."
                    )
                    raise ServerDidNotStart(msg) from error
                time.sleep(0.1)
            else:
                return

    def _leave(self) -> None:
        if self._use is None:
            return
        nobody_else = self._use.release()
        self._use = None
        if nobody_else and self._running_server.running:
            self._running_server.stop()

    def _superuser(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self.places.sockets),
            port=PORT,
            user=SUPERUSER,
            password=self._passwords[SUPERUSER],
            dbname=database,
            connect_timeout=10,
            autocommit=True,
        )

    @property
    def _running_server(self) -> Server:
        if self._server is None:
            msg = "The database has not been started."
            raise LocalDatabaseError(msg)
        return self._server
