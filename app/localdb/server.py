"""The server program on one cluster's files: made, launched, healed after a crash, stopped."""

import os
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from app.localdb.binaries import PostgresInstallation
from app.localdb.configuration import HBA, QUICK_COMPRESSION, configuration
from app.localdb.places import PORT, Places
from app.localdb.problems import LocalDatabaseError, ServerDidNotStart
from app.localdb.processes import end_leftovers, postmaster_of
from app.localdb.secrets_file import SUPERUSER
from app.localdb.server_user import ServerUser

#: Recovery after a crash reads the log since the last checkpoint, which may take minutes.
START_PATIENCE_S = 300
_OWN_CONFIGURATION = "pomapa.conf"


def version_of(pgdata: Path) -> int | None:
    """Give the major version that made these files, or None when there are none yet."""
    try:
        return int((pgdata / "PG_VERSION").read_text().split(".")[0])
    except FileNotFoundError:
        return None


@dataclass(frozen=True, slots=True)
class Server:
    """One cluster's files, the programs that work on them, and the user who runs these.

    The caller holds the lock of starting and stopping.
    """

    places: Places
    user: ServerUser
    installation: PostgresInstallation
    report: Callable[[str], None]

    @property
    def running(self) -> bool:
        """Whether a server runs on these files."""
        return postmaster_of(self.places.pgdata) is not None

    def initialise(self, password: str) -> None:
        """Make the cluster's files beside their place and move them there whole: a broken attempt leaves nothing."""
        self.report("Making the database's files.")
        fresh = self.places.pgdata.with_name("data.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self.user.own(fresh, 0o700)
        # Beside the files, where the server's user cannot put anything in its place.
        password_file = self.places.pgdata.with_name("initdb.password")
        password_file.unlink(missing_ok=True)
        descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(password)
        self.user.own(password_file, 0o600)
        command = [
            self.installation.program("initdb"),
            f"--pgdata={fresh}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
        ]
        if self.installation.version >= 15:
            # Polish order of letters, whatever the operating system knows of locales.
            command += ["--locale-provider=icu", "--icu-locale=pl"]
        try:
            made = self.user.run(command)
        finally:
            password_file.unlink(missing_ok=True)
        if made.returncode != 0:
            msg = f"The database's files could not be made in {self.places.pgdata.parent}: {_last_lines(made.stdout)}"
            raise LocalDatabaseError(msg)
        self.user.append(fresh / "postgresql.conf", f"\ninclude = '{_OWN_CONFIGURATION}'\n")
        fresh.rename(self.places.pgdata)

    def launch(self) -> None:
        """Start the server after clearing away what a killed one left. `ServerDidNotStart` with its own reason."""
        if (self.places.pgdata / "postmaster.pid").exists():
            self.report("The database was not shut down properly last time; it recovers now.")
        self._clear_leftovers()
        own = configuration(
            self.places, has_quick_compression=self._knows("wal_compression", QUICK_COMPRESSION)
        )
        for name, content in ((_OWN_CONFIGURATION, own), ("pg_hba.conf", HBA)):
            self.user.write(self.places.pgdata / name, content)
        start_log = self.places.logs / "start.log"
        start_log.unlink(missing_ok=True)
        # In a thread, which no signal interrupts, and to its end: who is asked to stop in between finds a server that can be.
        with ThreadPoolExecutor(1) as unbroken:
            started = unbroken.submit(self._pg_ctl, "start", "-l", str(start_log)).result()
        if started.returncode != 0:
            reason = self._last_complaint() or _last_lines(started.stdout)
            msg = f"The database server did not start: {reason} Its log is in {self.places.logs}."
            raise ServerDidNotStart(msg)

    def stop(self) -> None:
        """Stop the server: connections are ended, everything is written."""
        stopped = self._pg_ctl("stop", "-m", "fast")
        if stopped.returncode != 0 and self.running:
            msg = f"The database server did not stop: {_last_lines(stopped.stdout)}"
            raise LocalDatabaseError(msg)

    def reset_superuser_password(self, password: str) -> None:
        """Set the superuser's password without knowing the old one, as the owner of the files may."""
        if self.running:
            self.stop()
        self._clear_leftovers()
        done = self.user.run(
            [self.installation.program("postgres"), "--single", "-D", str(self.places.pgdata), "postgres"],
            stdin=f"ALTER ROLE {SUPERUSER} PASSWORD '{password}'\n",
        )
        if done.returncode != 0:
            msg = f"The passwords of the database could not be set anew: {_last_lines(done.stdout)}"
            raise LocalDatabaseError(msg)

    def _clear_leftovers(self) -> None:
        """Remove the marks of a dead server. No server runs on these files and the lock is ours, so whatever
        process the marks name is another program that was given the number since.
        """
        end_leftovers(self.places.name)
        socket = self.places.sockets / f".s.PGSQL.{PORT}"
        for stale in (self.places.pgdata / "postmaster.pid", socket, socket.with_name(socket.name + ".lock")):
            stale.unlink(missing_ok=True)

    def _knows(self, setting: str, value: str) -> bool:
        """Whether the server's program can be started with this value of a setting."""
        asked = (f"{setting}={value}", f"config_file={os.devnull}")
        given = [part for one in asked for part in ("-c", one)]
        postgres = self.installation.program("postgres")
        return self.user.run([postgres, "-D", str(self.places.pgdata), *given, "-C", setting]).returncode == 0

    def _last_complaint(self) -> str:
        """Give what the server itself said last about why it will not start, newest log first."""
        logs = sorted(self.places.logs.glob("*.log"), key=lambda path: path.lstat().st_mtime, reverse=True)
        for log in logs:
            lines = self.user.read(log, lines=50)
            said = [line for line in lines if "FATAL:" in line or "PANIC:" in line or "HINT:" in line]
            if said:
                return " ".join(line.split(":  ", 1)[-1] for line in said[-2:])
        return ""

    def _pg_ctl(self, action: str, *options: str) -> subprocess.CompletedProcess[str]:
        pg_ctl = self.installation.program("pg_ctl")
        return self.user.run(
            [pg_ctl, action, "-D", str(self.places.pgdata), "-w", "-t", str(START_PATIENCE_S), *options],
            timeout_s=START_PATIENCE_S + 30,
        )


def _last_lines(output: str) -> str:
    return " ".join(line.strip() for line in output.strip().splitlines()[-3:])
