from pathlib import Path

import pytest

from app.localdb.binaries import find_installation
from app.localdb.problems import PostgresMissing


def install(root: Path, version: str, *, postgis: bool = True) -> None:
    bin_dir = root / "lib" / "postgresql" / version / "bin"
    bin_dir.mkdir(parents=True)
    (bin_dir / "postgres").touch()
    extensions = root / "share" / "postgresql" / version / "extension"
    extensions.mkdir(parents=True)
    if postgis:
        (extensions / "postgis.control").touch()


@pytest.fixture(autouse=True)
def nothing_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "no-programs"))


def test_the_newest_server_with_postgis_is_taken(tmp_path: Path) -> None:
    install(tmp_path, "9.6")
    install(tmp_path, "14")
    install(tmp_path, "15")
    install(tmp_path, "17", postgis=False)

    assert find_installation(tmp_path).version == 15


def test_data_of_an_older_server_asks_for_that_server(tmp_path: Path) -> None:
    install(tmp_path, "15")
    install(tmp_path, "16")

    assert find_installation(tmp_path, needed_version=15).version == 15
    with pytest.raises(PostgresMissing, match="postgresql-14-postgis-3"):
        find_installation(tmp_path, needed_version=14)


def test_a_server_older_than_14_is_no_server(tmp_path: Path) -> None:
    install(tmp_path, "13")

    with pytest.raises(PostgresMissing, match=r"apt-get install .*docker compose up"):
        find_installation(tmp_path)


def test_another_system_says_where_its_server_is_with_pg_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "opt" / "bin"
    share = tmp_path / "opt" / "share"
    (share / "extension").mkdir(parents=True)
    (share / "extension" / "postgis.control").touch()
    programs.mkdir()
    for name in ("initdb", "postgres"):
        (programs / name).touch()
    pg_config = programs / "pg_config"
    pg_config.write_text(
        f"#!/bin/sh\ncase $1 in --bindir) echo {programs};; --sharedir) echo {share};; *) echo PostgreSQL 16.4;; esac\n"
    )
    pg_config.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/bin:/usr/bin")

    found = find_installation(tmp_path)

    assert (found.version, found.bin_dir) == (16, programs)
