"""Which installed PostgreSQL can serve: the newest that has PostGIS."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.localdb.problems import PostgresMissing

OLDEST_SERVER = 14


@dataclass(frozen=True, slots=True)
class PostgresInstallation:
    """The programs of one PostgreSQL, and its major version."""

    bin_dir: Path
    version: int

    def program(self, name: str) -> str:
        """Give the path of one of its programs."""
        return str(self.bin_dir / name)


def find_installation(
    root: Path = Path("/usr"), *, needed_version: int | None = None
) -> PostgresInstallation:
    """Find the newest PostgreSQL with PostGIS below `root` (Debian's layout), else the one on the PATH.

    `needed_version` is the major version that an existing cluster was made with: only that one can
    open its files. `PostgresMissing` when there is none.
    """
    found = [*_debian_installations(root), *_installation_on_path()]
    suitable = [one for one in found if needed_version in {None, one.version}]
    if suitable:
        return max(suitable, key=lambda one: one.version)
    if needed_version is None:
        raise PostgresMissing
    msg = (
        f"The data of this installation was made by PostgreSQL {needed_version}, which is not installed with "
        f"PostGIS. Install it with `apt-get install postgresql-{needed_version}-postgis-3`. To move the data to "
        "a newer PostgreSQL, restore a backup into a new data directory."
    )
    raise PostgresMissing(msg)


def _debian_installations(root: Path) -> list[PostgresInstallation]:
    found = []
    for bin_dir in (root / "lib" / "postgresql").glob("*/bin"):
        name = bin_dir.parent.name
        extensions = root / "share" / "postgresql" / name / "extension"
        if not name.isdigit() or int(name) < OLDEST_SERVER:
            continue
        if (bin_dir / "postgres").exists() and (extensions / "postgis.control").exists():
            found.append(PostgresInstallation(bin_dir, int(name)))
    return found


def _installation_on_path() -> list[PostgresInstallation]:
    """Other systems than Debian keep one PostgreSQL and say where with `pg_config`."""
    pg_config = shutil.which("pg_config")
    if pg_config is None:
        return []
    answers = {}
    for question in ("--bindir", "--sharedir", "--version"):
        asked = subprocess.run([pg_config, question], capture_output=True, text=True, check=False)  # noqa: S603 - a program that we have found ourselves, and no shell
        if asked.returncode != 0:
            return []
        answers[question] = asked.stdout.strip()
    bin_dir = Path(answers["--bindir"])
    digits = "".join(c if c.isdigit() else " " for c in answers["--version"]).split()
    has_postgis = (Path(answers["--sharedir"]) / "extension" / "postgis.control").exists()
    has_server = (bin_dir / "initdb").exists() and (bin_dir / "postgres").exists()
    if not digits or int(digits[0]) < OLDEST_SERVER or not has_postgis or not has_server:
        return []
    return [PostgresInstallation(bin_dir, int(digits[0]))]
