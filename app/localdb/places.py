"""Where a cluster keeps its files, and what to do when the obvious place does not work."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.localdb.problems import DataDirectoryUnusable
from app.localdb.server_user import ServerUser

PORT = 5432
#: `sun_path` of a Unix socket's address is 108 bytes with its closing zero.
LONGEST_SOCKET_PATH = 107
#: For a data directory that the server's user cannot reach, such as one below /root.
FALLBACK = Path("/var/lib/pomapa")


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files of one cluster.

    `pgdata` and `logs` belong to the server's user, `secrets` and the two lock files to ours.
    """

    pgdata: Path
    logs: Path
    sockets: Path
    secrets: Path
    start_lock: Path
    use_lock: Path

    @property
    def name(self) -> str:
        """The cluster's own name, which its processes carry in their titles."""
        return "pomapa-" + _short_hash(self.pgdata)


def prepare_places(data_dir: Path, user: ServerUser, report: Callable[[str], None]) -> Places:
    """Make the folders below `data_dir`, or elsewhere where the server's user cannot reach it.

    `DataDirectoryUnusable` when we ourselves may not write there.
    """
    data_dir = data_dir.resolve()
    secrets = data_dir / "secret"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        secrets.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _unusable(data_dir) from error
    if not os.access(secrets, os.R_OK | os.W_OK | os.X_OK):
        raise _unusable(data_dir)

    base = data_dir / "postgres"
    if user.switched and not user.can_enter(data_dir):
        base = FALLBACK / _short_hash(data_dir)
        report(
            f"The user {user.name} cannot reach {data_dir}, so the database's files are kept in {base}. "
            "Move them together with the data directory."
        )
    places = Places(
        pgdata=base / "data",
        logs=base / "log",
        sockets=_socket_dir(base),
        secrets=secrets,
        start_lock=data_dir / "postgres.start.lock",
        use_lock=data_dir / "postgres.use.lock",
    )
    base.mkdir(mode=0o755, parents=True, exist_ok=True)
    _refuse_foreign(base, user)
    for folder in (places.logs, places.sockets):
        _make_owned(folder, user)
    return places


def socket_path_fits(folder: Path) -> bool:
    """Whether the server's socket in this folder has a name that the kernel takes."""
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH


def _socket_dir(base: Path) -> Path:
    folder = base / "run"
    if socket_path_fits(folder):
        return folder
    return Path(tempfile.gettempdir()) / f"pomapa-{_short_hash(base)}"


def _refuse_foreign(base: Path, user: ServerUser) -> None:
    """As root we work only in a folder of root's: in any other one somebody could put links in our way."""
    if not user.switched:
        return
    status = base.stat()
    if {status.st_uid, base.lstat().st_uid} != {os.geteuid()} or status.st_mode & 0o022:
        msg = f"{base} can be written by others than root. Start as its owner, or choose another data directory with --data."
        raise DataDirectoryUnusable(msg)


def _make_owned(folder: Path, user: ServerUser) -> None:
    """Make a folder of the server's user that nobody else may enter.

    In the shared temporary folder somebody else may have put it there first: that one is refused.
    """
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        status = folder.lstat()
        if folder.is_symlink() or status.st_uid not in {user.uid, os.geteuid()}:
            msg = (
                f"{folder} belongs to another user. Remove it, or choose another data directory with --data."
            )
            raise DataDirectoryUnusable(msg) from None
        if status.st_uid == user.uid:
            return
    user.own(folder, 0o700)


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _unusable(data_dir: Path) -> DataDirectoryUnusable:
    return DataDirectoryUnusable(
        f"The data directory {data_dir} cannot be written by this user. Start as the user it belongs to, "
        "or choose another one with --data."
    )
