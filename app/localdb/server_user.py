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

    def own(self, path: Path, mode: int) -> None:
        """Give a directory or file to this user."""
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
