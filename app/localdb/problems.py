"""What can go wrong with a database server, each as a sentence that says what to do."""

from app.errors import PomapaError


class LocalDatabaseError(PomapaError):
    """The database of this installation cannot be used."""


class PostgresMissing(LocalDatabaseError):  # noqa: N818 - families are named by meaning
    """PostgreSQL 14 or newer with PostGIS is not installed.

    Install it with `apt-get install postgresql-postgis`, or start everything with `docker compose up`.
    """


class ServerDidNotStart(LocalDatabaseError):  # noqa: N818 - named by what is wrong
    """The database server did not start."""


class DataDirectoryUnusable(LocalDatabaseError):  # noqa: N818 - named by what is wrong
    """The data directory cannot be used by this user. Choose another one with --data."""


class UnsuitableServer(LocalDatabaseError):  # noqa: N818 - named by what is wrong
    """This database server cannot be trusted with the data."""
