# ruff: noqa: INP001 - a script on its own, not a package
"""Prints the part of `requirements.lock` that the product needs to run, hashes included: no test tools in the image.

Run by the environment into which the whole lock was installed: its metadata says what needs what.
"""

import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GROUPS = ("seed",)


def main() -> None:
    """Write the part to stdout."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = list(project["project"]["dependencies"])
    for group in GROUPS:
        wanted += project["dependency-groups"][group]
    needed = closure(wanted)
    writing = False
    for line in (ROOT / "requirements.lock").read_text().splitlines():
        if not line.startswith(" "):
            writing = normal(line.split("==")[0]) in needed
        if writing:
            sys.stdout.write(line + "\n")


def closure(requirements: list[str]) -> set[str]:
    """Give the names of these packages and of all that they need, whatever the platform."""
    found: set[str] = set()
    waiting = [(name_of(one), extras_of(one)) for one in requirements]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        found.add(name)
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # For another platform than this one; the lock's own markers leave it out again.
        for need in needs:
            asked_by = re.findall(r"""extra\s*==\s*["']([^"']+)""", need)
            if not asked_by or extras & set(asked_by):
                waiting.append((name_of(need), extras_of(need)))
    return found


def name_of(requirement: str) -> str:
    """Give the package of a requirement such as `a[b]>=1; python_version < "4"`."""
    return normal(re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0])


def extras_of(requirement: str) -> frozenset[str]:
    """Give the extras that a requirement asks for."""
    match = re.match(r"[^\[;<>=~!]*\[([^\]]*)\]", requirement)
    return frozenset(part.strip() for part in match[1].split(",")) if match else frozenset()


def normal(name: str) -> str:
    """Give a package's name as locks write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
