from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from app.cli.demo import demo_commands
from app.localdb import ClusterUrls


def test_one_command_loads_and_one_removes(
    database_urls: ClusterUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_urls.owner)
    monkeypatch.setenv("DATABASE_APP_URL", database_urls.app)
    monkeypatch.setenv("DATABASE_READ_URL", database_urls.reader)
    monkeypatch.setenv("DATABASE_DIRECT_URL", database_urls.app)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef0123456789abcdef")

    def features() -> int:
        engine = create_engine(database_urls.owner)
        with engine.connect() as connection:
            number = int(connection.execute(text("SELECT count(*) FROM published.feature")).scalar_one())
        engine.dispose()
        return number

    loaded = CliRunner().invoke(demo_commands, ["load"])
    assert (loaded.exit_code, features()) == (0, 345), loaded.output
    assert "./run demo remove" in loaded.output
    again = CliRunner().invoke(demo_commands, ["load"])
    assert (again.exit_code, features()) == (0, 345)
    assert "already" in again.output
    removed = CliRunner().invoke(demo_commands, ["remove"])
    assert (removed.exit_code, features()) == (0, 0)
