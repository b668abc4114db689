"""What every command needs: the settings, the installation's secret, and a database that answers."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import NullPool, create_engine

from app.cli.console import say, working
from app.config import Settings, get_settings
from app.db.roles import ensure_logins
from app.db.urls import role_urls
from app.localdb import LocalCluster, LocalDatabaseError
from app.localdb.schema import migrate
from app.localdb.server_checks import check_postgis, check_server, check_version

_HANDED_DOWN = ("database_url", "database_app_url", "database_read_url", "database_direct_url")


@contextlib.contextmanager
def database(data_dir: Path | None = None) -> Iterator[Settings]:
    """Give settings with the addresses of a running database for the time of the block.

    `DATABASE_URL` names it; without, the private cluster below the data directory is started and, when
    nobody else uses it any more, stopped. This process and its children find the same in their environment.
    """
    if data_dir is not None:
        os.environ["DATA_DIR"] = str(data_dir.absolute())
    settings = Settings()
    settings = settings.model_copy(update={"secret_key": _secret_key(settings)})
    if settings.database_url:
        _hand_down(settings)
        yield settings
        return
    cluster = LocalCluster(settings.data_dir, report=say)
    try:
        with working("Starting the database."):
            cluster.start()
        urls = cluster.urls
        settings = settings.model_copy(
            update={
                "database_url": urls.owner,
                "database_app_url": urls.app,
                "database_read_url": urls.reader,
                "database_direct_url": urls.app,
            }
        )
        _hand_down(settings)
        yield settings
    finally:
        cluster.stop()


def use_own_secret() -> None:
    """Let this process sign with the installation's secret, also where nobody has handed one down."""
    os.environ["SECRET_KEY"] = _secret_key(Settings()).get_secret_value()
    get_settings.cache_clear()


def prepare_database(settings: Settings) -> None:
    """Check the server, bring its schema to this code's and let the roles log in, as the owner."""
    urls = role_urls(settings)
    owner = create_engine(urls.owner, poolclass=NullPool)
    with owner.connect() as connection:
        check_version(connection)
        check_postgis(connection)
    with working("Bringing the database to this version."):
        migrate(urls.owner)
    with owner.begin() as connection:
        ensure_logins(connection, settings)
    with create_engine(urls.app, poolclass=NullPool).connect() as connection:
        check_server(connection)


def _secret_key(settings: Settings) -> SecretStr:
    """Give the configured secret, or the one made for this installation at its first start."""
    if settings.secret_key.get_secret_value():
        return settings.secret_key
    folder = settings.data_dir / "secret"
    file = folder / "secret_key"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as opened:
                opened.write(secrets.token_hex(32))
        return SecretStr(file.read_text())
    except OSError as error:
        msg = (
            f"The data directory {settings.data_dir} cannot be written by this user. Start as the user it "
            "belongs to, or choose another one with --data."
        )
        raise LocalDatabaseError(msg) from error


def _hand_down(settings: Settings) -> None:
    os.environ["SECRET_KEY"] = settings.secret_key.get_secret_value()
    os.environ["DATA_DIR"] = str(settings.data_dir.absolute())
    for name in _HANDED_DOWN:
        if value := getattr(settings, name):
            os.environ[name.upper()] = value
    get_settings.cache_clear()
