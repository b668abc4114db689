"""A command as a person runs it, against a database of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from sqlalchemy import create_engine, text
from typer.testing import CliRunner, Result

from app.localdb import ClusterUrls

Run = Callable[..., Result]


@pytest.fixture
def environment(database_urls: ClusterUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the operator of an installation has set."""
    monkeypatch.setenv("DATABASE_URL", database_urls.owner)
    monkeypatch.setenv("DATABASE_APP_URL", database_urls.app)
    monkeypatch.setenv("DATABASE_READ_URL", database_urls.reader)
    monkeypatch.setenv("DATABASE_DIRECT_URL", database_urls.app)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef0123456789abcdef")


def running(commands: typer.Typer, *begin: str) -> Run:
    """Give what runs one of these commands, whose first words may be given here."""
    return lambda *arguments: CliRunner().invoke(commands, [*begin, *arguments])


def count(urls: ClusterUrls, table: str) -> int:
    """How many rows a table has."""
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        found = int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)
    engine.dispose()
    return found
