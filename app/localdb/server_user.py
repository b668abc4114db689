"""The operating system's user that the server runs as: never root."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.localdb.problems import LocalDatabaseError

#: A server needs nothing of the caller's environment; PGDATA or PGPORT in it would lead it astray.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class ServerUser:
    """Who runs the server. `switched` is true when that is somebody else than we are."""

    name: str
    uid: int
    gid: int
    switched: bool

    def run(
        self, command: Sequence[str], *, stdin: str | None = None, timeout_s: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, in `/`, away from the terminal's Ctrl-C; its stdout holds stderr too.

        `LocalDatabaseError` when it does not end in `timeout_s`.
        """
        try:
            return subprocess.run(  # noqa: S603 - the programs are PostgreSQL's, the arguments ours
                list(command),
                cwd="/",
                env=_ENVIRONMENT,
                input=stdin or "",
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=timeout_s,
                check=False,
                start_new_session=True,
                user=self.uid if self.switched else None,
                group=self.gid if self.switched else None,
                extra_groups=[] if self.switched else None,
            )
        except subprocess.TimeoutExpired:
            msg = f"{Path(command[0]).name} did not end within {timeout_s:.0f} seconds. Try again when the machine is less busy."
            raise LocalDatabaseError(msg) from None

    def can_enter(self, directory: Path) -> bool:
        """Whether this user may pass through every parent down to `directory`."""
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(directory)]).returncode == 0

    def write(self, path: Path, content: str) -> None:
        """Write a file in a folder of this user's, whole or not at all; `LocalDatabaseError` when it cannot be.

        This user does it: whoever owns the folder may put a link where we would write as root.
        """
        self._write(path, content, 'rm -f -- "$1.new" && cat > "$1.new" && mv -f -- "$1.new" "$1"')

    def append(self, path: Path, content: str) -> None:
        """Write on at the end of a file in a folder of this user's, as this user."""
        self._write(path, content, 'cat >> "$1"')

    def _write(self, path: Path, content: str, script: str) -> None:
        done = self.run(["/bin/sh", "-c", f"umask 077 && {script}", "sh", str(path)], stdin=content)
        if done.returncode != 0:
            msg = f"The user {self.name} could not write {path}: {done.stdout.strip()}"
            raise LocalDatabaseError(msg)

    def read(self, path: Path, *, lines: int) -> list[str]:
        """Give the last lines of a file in a folder of this user's, read with no more than this user's rights."""
        return self.run(["/usr/bin/tail", "-n", str(lines), "--", str(path)]).stdout.splitlines()

    def own(self, path: Path, mode: int) -> None:
        """Give a directory or file to this user; `path` stands in a folder of ours, since links are followed."""
        if self.switched:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)


def server_user() -> ServerUser:
    """Give the user the server runs as: ourselves, or, when we are root, `postgres`, else `nobody`.

    PostgreSQL refuses to run as root.
    """
    uid = os.geteuid()
    if uid != 0:
        return ServerUser(_name_of(uid), uid, os.getegid(), switched=False)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(name, entry.pw_uid, entry.pw_gid, switched=True)
    msg = "There is no unprivileged user to run PostgreSQL as. Create one with `adduser --system --group postgres`."
    raise LocalDatabaseError(msg)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
