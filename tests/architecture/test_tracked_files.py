import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Hosts of package registries, in halves, so that this file names none either.
REGISTRIES = tuple(
    first + second
    for first, second in (
        ("pypi", ".org"),
        ("files.python", "hosted.org"),
        ("registry.npm", "js.org"),
        ("registry.yarn", "pkg.com"),
        ("deb.debian", ".org"),
        ("deb.node", "source.com"),
    )
)


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("this is not a checkout, or git is not installed")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_package_host_is_named() -> None:
    named = [
        (str(path.relative_to(ROOT)), host)
        for path in tracked()
        for host in REGISTRIES
        if host.encode() in path.read_bytes()
    ]
    assert named == []


def test_the_locks_name_hashes_and_no_addresses() -> None:
    python = (ROOT / "requirements.lock").read_text()
    assert "://" not in python
    pins = [line for line in python.splitlines() if not line.startswith((" ", "#")) and line]
    assert all("==" in line for line in pins)
    assert python.count("--hash=sha256:") >= len(pins)

    node = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for place, package in node.items():
        assert "resolved" not in package, place
        assert place == "" or package.get("integrity", "").startswith("sha512-"), place


def test_no_path_of_one_machine_is_written_down() -> None:
    places = {f"{ROOT}/".encode(), f"{Path.home()}/".encode()} - {b"//", b"/app/"}
    named = [str(path.relative_to(ROOT)) for path in tracked() if any(p in path.read_bytes() for p in places)]
    assert named == []


def test_what_is_made_or_private_is_not_tracked() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    made = (".venv/", "node_modules/", "static/dist/", "var/")
    assert [
        name for name in names if name.startswith(made) or name.endswith((".mo", ".env", "uv.lock"))
    ] == []
