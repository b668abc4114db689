import re
import subprocess
from pathlib import Path

import pytest
import typer

from app.cli.application import cli

ROOT = Path(__file__).resolve().parents[2]
RUN = (ROOT / "run").read_text()
WORDS_OF_RUN = {"serve", "test", "check", "fix", "bench", "load", "screenshots", "help"}
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]


def words_after(command: str, text: str) -> list[list[str]]:
    """What follows a command in a document, up to the first option, placeholder or sign."""
    return [rest.split() for rest in re.findall(rf"{re.escape(command)}((?: [a-z][a-z-]*)*)", text)]


def exists(words: list[str]) -> bool:
    """Whether the first word is a command, and the second one too where it is a group."""
    if not words:
        return True
    command = getattr(typer.main.get_command(cli), "commands", {}).get(words[0])
    if command is None:
        return False
    inner = getattr(command, "commands", None)
    return inner is None or len(words) == 1 or words[1] in inner


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_a_document_exists(document: Path) -> None:
    text = document.read_text()
    unknown = [
        words
        for words in (*words_after("./run", text), *words_after("`pomapa", text))
        if words and words[0] not in WORDS_OF_RUN and not exists(words)
    ]
    assert unknown == []


def test_run_is_good_bash() -> None:
    assert subprocess.run(["bash", "-n", ROOT / "run"], check=False).returncode == 0
    assert RUN.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in RUN
    assert (ROOT / "run").stat().st_mode & 0o111


def test_help_names_every_word_of_run() -> None:
    text = subprocess.run(["bash", ROOT / "run", "help"], capture_output=True, text=True, check=True).stdout
    for word in WORDS_OF_RUN - {"serve"}:
        assert f"./run {word}" in text
    assert set(re.findall(r"^  (\w[\w |-]*)\)$", RUN, re.MULTILINE)) <= {
        "serve | web", "test", "check", "fix", "bench", "load", "screenshots", "help | --help | -h"
    }  # fmt: skip
