"""`run` on a machine that lacks things: in a copy of the repository's few files, with a PATH of our own making."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from app.localdb.processes import command_line

ROOT = Path(__file__).resolve().parents[2]
#: What every Debian has.
TOOLS = (
    "awk", "basename", "bash", "cat", "cut", "dirname", "env", "find", "flock", "grep", "head", "mktemp", "rm",
    "sed", "sha256sum", "sleep", "sort", "tail", "xargs",
)  # fmt: skip

PYTHON = """\
case "$*" in
  "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
  *"-m pip install"*) {pip} ;;
esac
"""


class Machine:
    """A folder with `run` in it, and one with the programs that can be found."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "pomapa"
        self.root.mkdir()
        for name in ("run", "requirements.lock", "package-lock.json"):
            shutil.copy(ROOT / name, self.root / name)
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.tmp = folder / "tmp"
        self.tmp.mkdir()
        for name in (*TOOLS, "mkdir", "cp"):
            found = shutil.which(name)
            assert found, name
            (self.bin / name).symlink_to(found)
        self.program("id", "echo 1000")
        self.libraries("libpango-1.0.so.0", "libpangoft2-1.0.so.0")

    def program(self, name: str, script: str) -> None:
        """Put a program there that does this."""
        (self.bin / name).write_text(f"#!/usr/bin/env bash\n{script}\n")
        (self.bin / name).chmod(0o755)

    def libraries(self, *names: str) -> None:
        """Let the system have these and no others; its list is longer than a pipe holds."""
        listed = "\n".join(f"\t{name} (libc6,x86-64) => /usr/lib/{name}" for name in names)
        others = "for n in {1..3000}; do echo $'\tlibother'$n'.so.1 (libc6,x86-64) => /usr/lib/libother'$n'.so.1'; done"
        self.program("ldconfig", f"cat <<'LIST'\n{listed}\nLIST\n{others}")

    def start(self, *words: str, **variables: str) -> "subprocess.Popen[str]":
        """Start `run`, with nobody at a terminal; the database is somewhere else, so that its programs don't count."""
        return subprocess.Popen(
            [self.root / "run", *words],
            env={
                "PATH": str(self.bin),
                "TMPDIR": str(self.tmp),
                "DATABASE_URL": "postgresql://elsewhere/pomapa",
                **variables,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        """Give the exit status of `run` and what it said."""
        process = self.start(*words)
        _, said = process.communicate(timeout=30)
        return process.returncode, said


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize(
    "words", [(), ("test",), ("check",), ("--port", "8300"), ("users", "link", "a@b.test")]
)
def test_without_root_it_says_what_to_type(machine: Machine, words: tuple[str, ...]) -> None:
    machine.program("apt-get", "touch called")
    machine.program("sudo", "echo no >&2; exit 1")
    status, said = machine.run(*words)
    assert status == 1
    assert (
        "  sudo apt-get update && sudo apt-get install -y --no-install-recommends python3 python3-venv"
        in said
    )
    assert "docker compose up" in said
    assert not (machine.root / "called").exists()


def test_without_sudo_and_without_apt_it_says_what_it_needs(machine: Machine) -> None:
    status, said = machine.run()
    assert status == 1
    assert "no apt-get" in said
    assert "docker compose up" in said


def test_only_the_tests_of_the_browser_ask_for_one(machine: Machine) -> None:
    machine.program("apt-get", "exit 1")
    _, said = machine.run("test")
    assert " chromium libatomic1\n" in said
    _, said = machine.run("test", "unit")
    assert "chromium" not in said
    assert "libatomic1" not in said


def test_a_python_without_venv_is_named_with_its_version(machine: Machine) -> None:
    machine.program("apt-get", "exit 1")
    machine.program("python3", 'case "$*" in *ensurepip*) exit 1 ;; *print*) echo 3.12 ;; esac')
    status, said = machine.run()
    assert status == 1
    assert "--no-install-recommends python3.12-venv\n" in said


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ((), ()),
        (("test", "unit"), ("libpango-1.0.so.0",)),
        (("export", "paper", "PL-2661011"), ("libpangoft2-1.0.so.0",)),
    ],
)
def test_pango_is_named_with_its_reason_where_it_is_not(
    machine: Machine, words: tuple[str, ...], there: tuple[str, ...]
) -> None:
    machine.program("apt-get", "exit 1")
    machine.program("python3", PYTHON.format(pip="exit 1"))
    machine.program("pg_config", "exit 1")
    machine.libraries(*there)
    status, said = machine.run(*words)
    assert status == 1
    assert (
        "  libpango-1.0-0, libpangoft2-1.0-0: Pango sets the text of municipalities on paper (PDF)\n" in said
    )
    (line,) = [line for line in said.splitlines() if line.startswith("  sudo apt-get update")]
    assert {"libpango-1.0-0", "libpangoft2-1.0-0"} <= set(line.split())


def test_pango_is_not_asked_for_where_it_is(machine: Machine) -> None:
    machine.program("python3", PYTHON.format(pip="exit 1"))
    _, said = machine.run()
    assert "libpango" not in said
    assert "This step failed: Making the Python environment" in said


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("cause: invalid peer certificate: UnknownIssuer", "certificate that this system does not trust"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed", "certificate that this system does not trust"),
        ("npm error code UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "certificate that this system does not trust"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("dns error: failed to lookup address information", "cannot be reached"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "What is above says why"),
    ],
)
def test_a_failed_fetch_shows_its_words_and_its_cause(machine: Machine, words: str, cause: str) -> None:
    machine.program("python3", PYTHON.format(pip=f"echo '{words}' >&2; exit 2"))
    status, said = machine.run()
    assert status == 1
    assert f"  | {words}" in said
    assert cause in said.splitlines()[-1] + said.splitlines()[-3]
    (log,) = machine.tmp.iterdir()
    assert str(log) in said
    assert words in log.read_text()


def test_pip_uv_and_node_are_told_where_certificates_are(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "company.crt").touch()
    machine.program("python3", PYTHON.format(pip="env; exit 1"))
    process = machine.start(SSL_CERT_FILE=str(tmp_path / "company.crt"))
    _, said = process.communicate(timeout=30)
    for name in ("REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        assert f"  | {name}={tmp_path}/company.crt\n" in said
    assert "  | UV_SYSTEM_CERTS=true\n" in said


def test_a_long_step_says_that_it_goes_on(machine: Machine) -> None:
    machine.program("python3", PYTHON.format(pip="sleep 2.5; exit 1"))
    _, said = machine.run()
    assert said.startswith("Making the Python environment …\n")


def test_a_signal_ends_what_was_started(machine: Machine) -> None:
    machine.program(
        "python3", PYTHON.format(pip=f"echo $$ >{machine.tmp}/pid; sleep 60; echo late >{machine.tmp}/late")
    )
    process = machine.start()
    deadline = time.monotonic() + 20
    while not (machine.tmp / "pid").exists() or not (machine.tmp / "pid").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    child = int((machine.tmp / "pid").read_text())
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=10)
    assert process.returncode == 130
    assert said.endswith("Stopped.\n")
    deadline = time.monotonic() + 5
    while command_line(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not command_line(child)
    assert [file.name for file in machine.tmp.iterdir()] == ["pid"]


def test_help_needs_nothing(machine: Machine) -> None:
    process = machine.start("help")
    text, said = process.communicate(timeout=10)
    assert process.returncode == 0
    assert said == ""
    assert "after the first start they are listed" in text
