"""A real PostGIS for tests: one cluster for a whole run, a migrated template in it, a copy for whoever needs one.

The cluster is the product's own (`app.localdb`), in a temporary folder that all xdist workers of a run
share: in memory where there is enough, since thousands of databases are made and dropped in a run, and each waits for the
disk. `POMAPA_TEST_CLUSTER=DIR` keeps it, and its template, from run to run.

`POMAPA_TEST_AT_ONCE=200` lets so many be in the database at the same moment where a test is about that, each on a connection
of their own; the server and the pools are made large enough. Run those tests with `-n0`: the server has to start anew.
"""

import contextlib
import hashlib
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from app.db import Database
from app.localdb import ClusterUrls, LocalCluster
from app.localdb.locks import exclusive
from app.localdb.processes import PROC, postmaster_of
from app.localdb.schema import migrate

ROOT = Path(__file__).resolve().parents[1]
_RUN_DIR = "POMAPA_TEST_RUN_DIR"
#: A folder in memory, and how much of it has to be free: a run fills about a tenth of it.
_IN_MEMORY, _ENOUGH = Path("/dev/shm"), 8 * 1024**3
_PREFIX = "pomapa-test-"
_numbers = itertools.count(1)
#: So many are at once where a test is about that: by default as many as an installation has connections for.
AT_ONCE = int(os.environ.get("POMAPA_TEST_AT_ONCE", "8"))
#: Half of them are kept open, the others made when they are needed.
POOL_SIZE = max(4, AT_ONCE // 2)


def pytest_configure() -> None:
    """Name the run's folder once; xdist workers inherit the name."""
    if _RUN_DIR not in os.environ:
        _sweep_killed_runs()
        os.environ[_RUN_DIR] = str(_runs() / f"{_PREFIX}{os.getpid()}")


def pytest_unconfigure() -> None:
    """Remove the run's folder; only the process that named it does."""
    folder = Path(os.environ.get(_RUN_DIR, ""))
    if folder.name == f"{_PREFIX}{os.getpid()}":
        shutil.rmtree(folder, ignore_errors=True)
        del os.environ[_RUN_DIR]


@pytest.fixture(scope="session")
def cluster() -> Iterator[LocalCluster]:
    """The running cluster; stopped at the end by whichever worker is last."""
    folder = Path(os.environ.get("POMAPA_TEST_CLUSTER") or os.environ[_RUN_DIR])
    if POOL_SIZE > 4:
        _make_room(folder)
    with LocalCluster(folder) as started:
        yield started


@pytest.fixture(scope="session")
def template(cluster: LocalCluster) -> str:
    """The name of a migrated, otherwise empty database, made once for this state of the code."""
    name = f"template_{_hash_of_schema()}"
    with exclusive(cluster.data_dir / "template.lock"):
        if not cluster.has_database(name):
            # Under its final name only when it is whole: a run may be killed in between.
            unfinished = f"{name}_new"
            cluster.drop_database(unfinished)
            migrate(cluster.create_database(unfinished).owner)
            cluster.create_database(name, template=unfinished)
            cluster.drop_database(unfinished)
    return name


@pytest.fixture
def empty_urls(cluster: LocalCluster) -> Iterator[ClusterUrls]:
    """The addresses of a database with the extensions and no tables, for this test alone."""
    with database_of_its_own(cluster, None) as urls:
        yield urls


@pytest.fixture
def database_urls(cluster: LocalCluster, template: str) -> Iterator[ClusterUrls]:
    """The addresses of a migrated database for this test alone."""
    with database_of_its_own(cluster, template) as urls:
        yield urls


@pytest.fixture(scope="module")
def module_database_urls(cluster: LocalCluster, template: str) -> Iterator[ClusterUrls]:
    """The addresses of a migrated database that the tests of one module share, for data that is dear to load."""
    with database_of_its_own(cluster, template) as urls:
        yield urls


@pytest.fixture
async def db(database_urls: ClusterUrls) -> AsyncIterator[Database]:
    """The application's engines on a migrated database for this test alone."""
    async with _engines(database_urls) as engines:
        yield engines


@pytest.fixture
async def module_db(module_database_urls: ClusterUrls) -> AsyncIterator[Database]:
    """The application's engines on the database that the tests of one module share."""
    async with _engines(module_database_urls) as engines:
        yield engines


@contextlib.contextmanager
def database_of_its_own(cluster: LocalCluster, template: str | None) -> Iterator[ClusterUrls]:
    """The addresses of a database that is there as long as it is used: a copy of `template`, empty without one."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    cluster.drop_database(name)
    yield cluster.create_database(name, template=template)
    cluster.drop_database(name)


@contextlib.asynccontextmanager
async def _engines(urls: ClusterUrls) -> AsyncIterator[Database]:
    database = Database(urls.app, urls.reader, pool_size=POOL_SIZE)
    try:
        yield database
    finally:
        await database.dispose()


def _make_room(folder: Path) -> None:
    """Let the server have connections for all who are at once, from its next start on."""
    with LocalCluster(folder) as started:
        url = started.urls.superuser.replace("+psycopg", "", 1)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET max_connections = {100 + 3 * AT_ONCE}")


def _hash_of_schema() -> str:
    """Give a name to this state of the migrations."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "migrations").rglob("*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _runs() -> Path:
    """Where the folders of runs are made."""
    try:
        has_room = shutil.disk_usage(_IN_MEMORY).free >= _ENOUGH and os.access(_IN_MEMORY, os.W_OK)
    except OSError:
        has_room = False
    return _IN_MEMORY if has_room else Path(tempfile.gettempdir())


def _every_runs() -> Iterator[Path]:
    yield Path(tempfile.gettempdir())
    if _IN_MEMORY.is_dir():
        yield _IN_MEMORY


def _sweep_killed_runs() -> None:
    """A run that was killed could not stop its server: stop it by its own id, and remove its folder."""
    for folder in (found for runs in _every_runs() for found in runs.glob(f"{_PREFIX}*")):
        number = folder.name.removeprefix(_PREFIX)
        if not number.isdigit() or (PROC / number).exists() or folder.stat().st_uid != os.geteuid():
            continue
        server = postmaster_of(folder / "postgres" / "data")
        if server is not None:
            os.kill(server, signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)
