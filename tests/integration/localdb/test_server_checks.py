from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from app.localdb import ClusterUrls, LocalCluster
from app.localdb.problems import UnsuitableServer
from app.localdb.schema import SchemaBehind, SchemaNewer, check_schema, migrate
from app.localdb.server_checks import check_postgis, check_rights, check_roles, check_server


@pytest.fixture
def connection(database_urls: ClusterUrls) -> Iterator[Connection]:
    with create_engine(database_urls.app, poolclass=NullPool).connect() as connected:
        yield connected


def as_superuser(urls: ClusterUrls, sql: str) -> None:
    with create_engine(urls.superuser, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as c:
        c.execute(text(sql))


def test_our_own_server_passes(connection: Connection) -> None:
    check_server(connection)
    check_roles(connection)
    check_schema(connection)
    check_rights(connection, schemas=("core", "published", "jobs"))


def test_a_database_without_postgis_is_refused(cluster: LocalCluster, empty_urls: ClusterUrls) -> None:
    as_superuser(empty_urls, "DROP EXTENSION postgis CASCADE")
    with (
        create_engine(empty_urls.app, poolclass=NullPool).connect() as c,
        pytest.raises(UnsuitableServer, match="CREATE EXTENSION postgis"),
    ):
        check_postgis(c)


def test_a_role_that_does_not_wait_for_the_disk_is_refused(database_urls: ClusterUrls) -> None:
    database = database_urls.app.rsplit("/", 1)[1].split("?")[0]
    as_superuser(database_urls, f"ALTER ROLE pomapa_app IN DATABASE {database} SET synchronous_commit = off")
    with (
        create_engine(database_urls.app, poolclass=NullPool).connect() as c,
        pytest.raises(UnsuitableServer, match="synchronous_commit off"),
    ):
        check_server(c)


def test_a_schema_newer_than_the_code_is_refused(database_urls: ClusterUrls, connection: Connection) -> None:
    as_superuser(database_urls, "UPDATE core.alembic_version SET version_num = '9999'")

    with pytest.raises(SchemaNewer, match="newer Pomapa"):
        check_schema(connection)
    with pytest.raises(SchemaNewer):
        migrate(database_urls.owner)


def test_a_database_that_was_never_migrated_asks_for_it(empty_urls: ClusterUrls) -> None:
    with create_engine(empty_urls.app, poolclass=NullPool).connect() as c:
        with pytest.raises(SchemaBehind, match="pomapa db migrate"):
            check_schema(c)
        with pytest.raises(UnsuitableServer, match="pomapa db migrate"):
            check_rights(c, schemas=("core",))


def test_the_reader_may_not_use_the_core(database_urls: ClusterUrls) -> None:
    with create_engine(database_urls.reader, poolclass=NullPool).connect() as c:
        check_rights(c, schemas=("published",))
        with pytest.raises(UnsuitableServer, match="pomapa_reader may not use the schema core"):
            check_rights(c, schemas=("core",))


def test_the_application_is_no_superuser(database_urls: ClusterUrls) -> None:
    with (
        create_engine(database_urls.superuser, poolclass=NullPool).connect() as c,
        pytest.raises(UnsuitableServer, match="may do everything"),
    ):
        check_roles(c)
