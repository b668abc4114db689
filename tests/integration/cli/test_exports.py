"""`pomapa export …`: the file where it was asked for."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.localdb import ClusterUrls
from tests.pdf import claims_of, text_of

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def run(database_urls: ClusterUrls, tmp_path: Path) -> Run:
    engine = create_engine(database_urls.owner)
    with engine.begin() as connection:
        connection.execute(
            text(
                """
                INSERT INTO published.area (code, stable_code, country, level, name, folded, source, licence, fingerprint)
                VALUES ('PL-2661011', 'PL-266101', 'PL', 'gmina', 'Kielce', 'kielce', 'x', 'x', 'x')
                """
            )
        )
    engine.dispose()
    environment = os.environ | {
        "DATABASE_URL": database_urls.owner,
        "DATABASE_APP_URL": database_urls.app,
        "DATABASE_READ_URL": database_urls.reader,
        "DATA_DIR": str(tmp_path / "data"),
        "SECRET_KEY": "not-a-real-secret-but-long-enough-0123456789",
    }

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "app", "export", *words],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return command


def test_the_file_is_where_it_was_asked_for(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "stick" / "Kielce.html"
    done = run("municipality", "PL-2661011", "--language", "uk", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert '<html lang="uk"' in out.read_text()
    assert f"{out}: " in done.stderr


def test_the_paper_is_where_it_was_asked_for(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "board" / "Kielce.pdf"
    done = run("paper", "PL-2661011", "--language", "uk", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "Допомога: Kielce" in text_of(out.read_bytes())
    assert claims_of(out.read_bytes()).language == "uk"
    assert f"{out}: " in done.stderr


@pytest.mark.parametrize("command", ["municipality", "paper"])
def test_an_unknown_code_is_a_sentence(run: Run, tmp_path: Path, command: str) -> None:
    done = run(command, "PL-1", "--out", str(tmp_path / "x"))
    assert done.returncode == 1
    assert done.stderr.endswith("There is no such municipality here. A code looks like PL-2661011.\n")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("command", ["municipality", "paper"])
def test_an_unknown_language_is_refused(run: Run, command: str) -> None:
    assert run(command, "PL-2661011", "--language", "xx").returncode == 2
