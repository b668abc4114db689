"""The program as a person calls it: exit codes and sentences, never a stack trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from app.cli import application

ROOT = Path(__file__).resolve().parents[3]


def pomapa(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_help_names_the_commands() -> None:
    done = pomapa("--help")
    assert done.returncode == 0
    for word in ("serve", "web", "db"):
        assert f" {word} " in done.stdout


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"ENVIRONMENT": "production"}, "SECRET_KEY is missing, short or a sample"),
        (
            {"ENVIRONMENT": "production", "SECRET_KEY": "sésame" * 6},
            "SECRET_KEY is missing, short or a sample",
        ),
        ({"POOL_SIZE": "many"}, "setting POOL_SIZE: "),
        ({"DATABASE_URL": "postgresql://nobody:sésame@127.0.0.1:1/none"}, "The database does not answer"),
        ({"DATABASE_URL": "not an address: sésame"}, "DATABASE_URL"),
        ({"DATA_DIR": "/proc/nowhere"}, "choose another"),
    ],
)
def test_what_stands_in_the_way_is_a_sentence(
    environment: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    done = pomapa("db", "check", **{"DATA_DIR": str(tmp_path), **environment})

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "sésame" not in done.stderr


def test_a_misspelt_command_says_so() -> None:
    done = pomapa("sevre")
    assert done.returncode == 2
    assert "No such command" in done.stderr


def test_only_a_setting_is_called_a_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Content(BaseModel):
        """What somebody has written."""

        opening: int

    def read(**_: object) -> None:
        Content.model_validate({"opening": "sésame"})

    monkeypatch.setattr(application, "cli", read)
    with pytest.raises(SystemExit):
        application.main()
    said = capsys.readouterr().err
    assert said.startswith("pomapa: Content opening: ")
    assert "sésame" not in said
