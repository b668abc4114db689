"""What an operator copies from docs/howto/run-in-production.md works together: settings, unit, commands."""

import configparser
import os
import re
import shlex
import subprocess
from pathlib import Path

from app.config import Settings
from tests.architecture.test_documented_commands import exists

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "howto" / "run-in-production.md").read_text()
BLOCKS = re.findall(r"^```\w*\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
#: From here on commands are given to an installation that is there.
OPERATION = TEXT[TEXT.index("## The first administrator") :]


def block(mark: str) -> str:
    found: str
    (found,) = (one for one in BLOCKS if mark in one)
    return found


ENV_FILE = block("# /etc/pomapa.env, readable")
WRAPPER = block("# /usr/local/bin/pomapa")
UNIT = configparser.ConfigParser()
UNIT.optionxform = str  # type: ignore[assignment, method-assign]
UNIT.read_string(block("/etc/systemd/system/pomapa.service"))


def as_systemd_reads_it(text: str) -> dict[str, str]:
    """A line is a setting or a comment; quotation marks round a value go, nothing else ends it."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pairs = (line.partition("=")[::2] for line in lines)
    return {name: value.strip('"') for name, value in pairs}


def as_a_shell_reads_it(text: str, folder: Path) -> dict[str, str]:
    (folder / "env").write_text(text)
    done = subprocess.run(
        ["/bin/sh", "-c", 'set -a; . "$1"; env -0', "sh", folder / "env"],
        env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    pairs = dict(line.split("=", 1) for line in done.stdout.rstrip("\0").split("\0"))
    return {
        name: value for name, value in pairs.items() if name not in {"PATH", "PWD", "OLDPWD", "SHLVL", "_"}
    }


def test_systemd_and_the_shell_read_the_same_settings(tmp_path: Path) -> None:
    settings = as_systemd_reads_it(ENV_FILE)
    assert settings == as_a_shell_reads_it(ENV_FILE, tmp_path)
    assert {name.lower() for name in settings} <= set(Settings.model_fields)
    given = {name.lower(): value for name, value in settings.items()}
    Settings.model_validate(given | {"secret_key": os.urandom(32).hex()})


def test_service_and_commands_share_settings_user_and_data() -> None:
    service = UNIT["Service"]
    run = f"{service['WorkingDirectory']}/run"
    assert f". {service['EnvironmentFile']}\n" in WRAPPER
    assert f"runuser --user {service['User']} -- " in WRAPPER
    assert f' {run} "$@"' in WRAPPER
    assert service["ExecStart"].split()[0] == run
    assert as_systemd_reads_it(ENV_FILE)["DATA_DIR"] == f"/var/lib/{service['StateDirectory']}"
    # Said in one place only, or a command would find another database than the service's.
    assert "--data" not in re.sub("--data-checksums", "", TEXT)


def test_every_command_of_an_operator_is_given_with_the_settings_of_the_installation() -> None:
    assert "./run" not in OPERATION
    lines = [
        line
        for one in re.findall(r"^```\n(.*?)^```", OPERATION, re.MULTILINE | re.DOTALL)
        for line in one.splitlines()
    ]
    told = re.findall(r"`(pomapa [^`]*)`", OPERATION)
    given = [*(re.sub(r".*\$\((.*?)\).*", r"\1", line) for line in lines), *told]
    assert len(given) >= 8
    for line in given:
        program, *words = shlex.split(line, comments=True)
        assert program == "pomapa"
        assert exists(words[:2] if len(words) > 1 and re.fullmatch("[a-z-]+", words[1]) else words[:1]), line


def test_the_command_of_the_howto_hands_on_settings_words_and_folder(tmp_path: Path) -> None:
    """As root gives it; who is changed to is left out here."""
    (tmp_path / "pomapa.env").write_text(ENV_FILE)
    files = {
        "pomapa": WRAPPER.replace("/etc/", f"{tmp_path}/").replace("/srv/pomapa/run", f"{tmp_path}/run"),
        "runuser": '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n',
        "run": '#!/bin/sh\nprintf "%s\\n" "$DATA_DIR" "$MAIL_FROM" "$HOME" "$PWD" "$@"\n',
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        [tmp_path / "pomapa", "users", "grant", "administrator", "a@b.example", "--name", "Your name"],
        cwd=tmp_path, env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": "/root"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "/var/lib/pomapa", "Pomapa <map@example.org>", "/srv/pomapa", str(tmp_path),
        "users", "grant", "administrator", "a@b.example", "--name", "Your name",
    ]  # fmt: skip
