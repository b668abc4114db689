"""`pomapa db` on somebody else's server and on our own, as a person runs it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.localdb import LocalCluster
from app.localdb.processes import postmaster_of

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="pomapa-db-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def elsewhere(folder: Path) -> Iterator[LocalCluster]:
    """A server that the program under test does not know as its own."""
    with LocalCluster(folder / "elsewhere") as cluster:
        yield cluster


def pomapa(data: Path, *words: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data), **environment},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_a_server_named_by_its_address_is_used_and_none_is_started(
    folder: Path, elsewhere: LocalCluster
) -> None:
    url = elsewhere.urls.superuser.replace("postgresql+psycopg", "postgresql")
    data = folder / "data"

    before = pomapa(data, "db", "check", DATABASE_URL=url)
    migrated = pomapa(data, "db", "migrate", DATABASE_URL=url)
    after = pomapa(data, "db", "check", DATABASE_URL=url)

    assert before.returncode == 1
    assert "Traceback" not in before.stderr
    assert migrated.returncode == 0, migrated.stderr
    assert after.returncode == 0, after.stderr
    assert not (data / "postgres").exists()
    secret = data / "secret" / "secret_key"
    assert secret.stat().st_mode & 0o077 == 0
    assert len(secret.read_text()) >= 32


def test_a_server_that_may_forget_is_refused_by_a_sentence(folder: Path, elsewhere: LocalCluster) -> None:
    url = elsewhere.urls.superuser.replace("postgresql+psycopg", "postgresql")
    asked = {"DATABASE_URL": url, "DATABASE_APP_URL": f"{url}&options=-c%20synchronous_commit%3Doff"}

    done = pomapa(folder / "data", "db", "migrate", **asked)

    assert done.returncode == 1
    assert "synchronous_commit off" in done.stderr
    assert "Traceback" not in done.stderr


def test_our_own_database_is_started_looked_into_and_stopped(folder: Path) -> None:
    data = folder / "own"
    assert pomapa(data, "db", "migrate").returncode == 0

    shell = pomapa(data, "db", "shell", stdin="SELECT current_user, count(*) FROM published.term;\n")
    url = pomapa(data, "db", "url", "--role", "app").stdout.strip()

    assert "pomapa_reader" in shell.stdout
    assert shell.returncode == 0
    assert url.startswith("postgresql://pomapa_app:")
    refused = pomapa(data, "db", "shell", stdin="SELECT * FROM core.feature;\n")
    assert "permission denied" in refused.stderr
    assert postmaster_of(data / "postgres" / "data") is None
