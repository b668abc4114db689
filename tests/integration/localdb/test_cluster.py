"""The private cluster's life: sharing, crashes, planted faults. Each test has a cluster of its own."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from app.cli.signals import stopping_by_signal
from app.localdb import LocalCluster, LocalDatabaseError
from app.localdb.problems import DataDirectoryUnusable, UnsuitableServer
from app.localdb.processes import leftover_backends, postmaster_of
from app.localdb.server_user import ServerUser, server_user


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's user can reach, unlike pytest's own; removed with its server."""
    made = Path(tempfile.mkdtemp(prefix="pomapa cluster ż "))
    made.chmod(0o755)
    yield made
    server = postmaster_of(made / "postgres" / "data")
    if server is not None:
        os.kill(server, signal.SIGQUIT)
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def made_once() -> Iterator[Path]:
    """The data directory of a cluster that has run once, to be copied."""
    made = Path(tempfile.mkdtemp(prefix="pomapa-made-"))
    made.chmod(0o755)
    with LocalCluster(made):
        pass
    yield made
    shutil.rmtree(made)


@pytest.fixture
def stopped(folder: Path, made_once: Path) -> Path:
    """The data directory of a cluster that has run once and was stopped."""
    # cp keeps the owners of the files, which are two.
    subprocess.run(["cp", "-a", f"{made_once}/.", folder], check=True)
    return folder


def query(url: str, sql: str) -> object:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        result = connection.execute(text(sql))
        return result.scalar() if result.returns_rows else None


def server_process(folder: Path) -> int:
    pid = postmaster_of(folder / "postgres" / "data")
    assert pid is not None
    return pid


def test_a_new_cluster_is_polish_durable_and_has_postgis(folder: Path) -> None:
    said: list[str] = []
    with LocalCluster(folder, report=said.append) as cluster:
        url = cluster.urls.app
        assert query(
            url, "SELECT string_agg(w, ' ' ORDER BY w) FROM unnest('{śrem,Łódź,lublin,sopot}'::text[]) w"
        ) == ("lublin Łódź sopot śrem")
        assert query(
            url, "SELECT ST_AsText(ST_Transform(ST_SetSRID(ST_Point(21, 52), 4326), 2180)) LIKE 'POINT(637%'"
        )
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert query(url, f"SHOW {setting}") == "on"
        assert query(url, "SHOW listen_addresses") == ""
    assert said == ["Making the database's files."]


def test_whole_pages_are_made_smaller_the_quick_way_where_the_server_knows_it(stopped: Path) -> None:
    with LocalCluster(stopped) as cluster:
        known = query(
            cluster.urls.superuser,
            "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'wal_compression'",
        )
        assert query(cluster.urls.superuser, "SHOW wal_compression") == ("lz4" if known else "pglz")


def test_a_server_that_was_built_without_it_starts_as_well(
    stopped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.localdb.server.QUICK_COMPRESSION", "unheard-of")
    with LocalCluster(stopped) as cluster:
        assert query(cluster.urls.superuser, "SHOW wal_compression") in ("pglz", "on")


def test_roles_can_no_more_than_they_should(folder: Path) -> None:
    with LocalCluster(folder) as cluster:
        for url in (cluster.urls.app, cluster.urls.reader):
            for forbidden in (
                "CREATE TABLE public.t (a int)",
                "CREATE SCHEMA s",
                "CREATE DATABASE d",
                "CREATE ROLE r",
            ):
                with pytest.raises(Exception, match="permission denied"):
                    query(url, forbidden)
            assert query(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        query(cluster.urls.owner, "CREATE SCHEMA core")
        with pytest.raises(Exception, match="permission denied"):
            query(cluster.urls.reader, "CREATE TEMPORARY TABLE t (a int)")


def test_nobody_enters_without_a_password(folder: Path) -> None:
    with LocalCluster(folder) as cluster:
        url = make_url(cluster.urls.superuser)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=url.query["host"], user="postgres", dbname="postgres", passfile="/dev/null")  # type: ignore[arg-type]


def test_files_belong_to_an_unprivileged_user(folder: Path) -> None:
    with LocalCluster(folder):
        pgdata = (folder / "postgres" / "data").stat()
        owner = Path(f"/proc/{server_process(folder)}").stat().st_uid
    assert owner == pgdata.st_uid == server_user().uid != 0
    assert stat.S_IMODE(pgdata.st_mode) == 0o700


def test_the_last_user_of_a_shared_cluster_stops_it(folder: Path) -> None:
    first, second = LocalCluster(folder), LocalCluster(folder)
    first.start()
    first.start()
    pid = server_process(folder)
    second.start()
    assert server_process(folder) == pid

    first.stop()
    assert query(second.urls.reader, "SELECT 1") == 1
    second.stop()
    second.stop()
    assert postmaster_of(folder / "postgres" / "data") is None


def test_what_was_committed_survives_the_servers_violent_death(folder: Path) -> None:
    said: list[str] = []
    cluster = LocalCluster(folder, report=said.append)
    cluster.start()
    query(cluster.urls.owner, "CREATE TABLE kept AS SELECT 42 AS answer")
    busy = psycopg.connect(cluster.urls.owner.replace("+psycopg", ""), autocommit=True)
    os.kill(server_process(folder), signal.SIGKILL)

    with LocalCluster(folder, report=said.append) as again:
        assert query(again.urls.owner, "SELECT answer FROM kept") == 42
    busy.close()
    cluster.stop()
    assert "recovers now" in said[-1]


def test_a_process_number_given_to_another_program_is_not_taken_for_the_server(stopped: Path) -> None:
    user = server_user()
    other = subprocess.Popen(["/bin/sleep", "60"], user=user.uid if user.switched else None)
    pid_file = stopped / "postgres" / "data" / "postmaster.pid"
    pid_file.write_text(
        f"{other.pid}\n{pid_file.parent}\n{int(time.time())}\n5432\n{stopped}/postgres/run\n\n"
    )
    user.own(pid_file, 0o600)
    (stopped / "postgres" / "run" / ".s.PGSQL.5432.lock").write_text(pid_file.read_text())
    try:
        with LocalCluster(stopped) as cluster:
            assert query(cluster.urls.app, "SELECT 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_orphaned_backends_do_not_stand_in_the_way(stopped: Path) -> None:
    with LocalCluster(stopped) as cluster:
        name = cluster.places.name
        postmaster = server_process(stopped)
        held = psycopg.connect(cluster.urls.app.replace("+psycopg", ""), autocommit=True)
        # A stopped process cannot notice that its parent died, as one in a long computation would not.
        backend = held.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        os.kill(postmaster, signal.SIGKILL)
    assert backend in leftover_backends(name)

    with LocalCluster(stopped) as again:
        assert query(again.urls.app, "SELECT 1") == 1
        assert backend not in leftover_backends(name)
    held.close()


def test_an_interrupted_first_start_is_made_again(folder: Path) -> None:
    half_made = folder / "postgres" / "data.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("15\n")

    with LocalCluster(folder) as cluster:
        assert query(cluster.urls.app, "SELECT 1") == 1
    assert not half_made.exists()


def test_who_is_asked_to_stop_while_the_server_starts_leaves_none_running(stopped: Path) -> None:
    pgdata = stopped / "postgres" / "data"

    def ask_to_stop() -> None:
        while postmaster_of(pgdata) is None:
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    def start() -> None:
        asking.start()
        with LocalCluster(stopped):
            # Where it was quicker than we are, it is stopped in order.
            asking.join()

    asking = threading.Thread(target=ask_to_stop)
    with pytest.raises(KeyboardInterrupt), stopping_by_signal():
        start()
    assert postmaster_of(pgdata) is None


@pytest.mark.parametrize("setting", ["fsync", "synchronous_commit", "full_page_writes"])
def test_a_server_that_may_forget_is_refused(stopped: Path, setting: str) -> None:
    auto = stopped / "postgres" / "data" / "postgresql.auto.conf"
    auto.write_text(f"{setting} = off\n")

    with pytest.raises(UnsuitableServer, match=rf"{setting} off.*ALTER SYSTEM SET {setting} = on"):
        LocalCluster(stopped).start()
    assert postmaster_of(auto.parent) is None

    auto.write_text("")
    with LocalCluster(stopped) as cluster:
        assert query(cluster.urls.app, f"SHOW {setting}") == "on"


def test_a_cluster_without_checksums_is_refused(stopped: Path) -> None:
    from app.localdb.binaries import find_installation

    pgdata = stopped / "postgres" / "data"
    done = server_user().run([find_installation().program("pg_checksums"), "--disable", "-D", str(pgdata)])
    assert done.returncode == 0, done.stdout

    with pytest.raises(UnsuitableServer, match=r"data_checksums off.*pg_checksums --enable"):
        LocalCluster(stopped).start()


def test_lost_passwords_are_made_anew(stopped: Path) -> None:
    (stopped / "secret" / "database.json").unlink()

    with LocalCluster(stopped) as cluster:
        assert query(cluster.urls.reader, "SELECT current_user::text") == "pomapa_reader"


def test_a_server_that_cannot_start_says_why_and_where_its_log_is(stopped: Path) -> None:
    (stopped / "postgres" / "data" / "postgresql.auto.conf").write_text("shared_buffers = 'lots'\n")

    with pytest.raises(LocalDatabaseError, match=r"did not start: .*configuration.*log is in"):
        LocalCluster(stopped).start()


def test_a_data_directory_of_nobody_elses_is_refused_in_a_sentence(folder: Path) -> None:
    (folder / "secret").symlink_to("/proc/1/nothing")

    with pytest.raises(DataDirectoryUnusable, match="--data"):
        LocalCluster(folder).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as somebody else")
class TestRootIsNotMisled:
    """The server's user owns its folders and may put links there; root writes through none of them."""

    @pytest.fixture
    def precious(self, folder: Path) -> Iterator[Path]:
        file = folder / "precious"
        file.write_text("root's alone\n")
        file.chmod(0o600)
        yield file
        assert file.read_text() == "root's alone\n"
        assert (file.stat().st_uid, stat.S_IMODE(file.stat().st_mode)) == (0, 0o600)

    @pytest.mark.parametrize("name", ["pomapa.conf", "pg_hba.conf", "pomapa.conf.new", "pg_hba.conf.new"])
    def test_by_links_in_place_of_the_configuration(self, stopped: Path, precious: Path, name: str) -> None:
        planted = stopped / "postgres" / "data" / name
        planted.unlink(missing_ok=True)
        planted.symlink_to(precious)

        with LocalCluster(stopped) as cluster:
            assert query(cluster.urls.app, "SELECT 1") == 1
        assert not planted.is_symlink()

    def test_by_a_link_in_the_files_that_were_just_made(
        self, folder: Path, precious: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = ServerUser.run

        def run_and_plant(user: ServerUser, command: Sequence[str], **options: Any) -> Any:
            done = run(user, command, **options)
            if Path(command[0]).name == "initdb":
                made = folder / "postgres" / "data.new" / "postgresql.conf"
                made.unlink()
                made.symlink_to(precious)
            return done

        monkeypatch.setattr(ServerUser, "run", run_and_plant)
        with pytest.raises(LocalDatabaseError, match="could not write"):
            LocalCluster(folder).start()

    def test_by_a_link_in_place_of_the_first_password(
        self, folder: Path, precious: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is never written where the server's user can make a link."""
        run = ServerUser.run
        places: list[Path] = []

        def note(user: ServerUser, command: Sequence[str], **options: Any) -> Any:
            places.extend(Path(word.removeprefix("--pwfile=")) for word in command if "--pwfile=" in word)
            return run(user, command, **options)

        monkeypatch.setattr(ServerUser, "run", note)
        with LocalCluster(folder):
            pass
        (place,) = places
        assert place.parent.stat().st_uid == 0
        assert not place.exists()
        assert precious.exists()

    def test_by_a_link_in_place_of_a_log(self, stopped: Path, precious: Path) -> None:
        precious.write_text("FATAL:  root's alone\n")
        (stopped / "postgres" / "log" / "z.log").symlink_to(precious)
        (stopped / "postgres" / "data" / "postgresql.auto.conf").write_text("shared_buffers = 'lots'\n")

        with pytest.raises(LocalDatabaseError) as refused:
            LocalCluster(stopped).start()
        assert "root's alone" not in str(refused.value)
        precious.write_text("root's alone\n")


def test_databases_are_made_copied_and_removed(folder: Path) -> None:
    with LocalCluster(folder) as cluster:
        first = cluster.create_database("first")
        query(first.owner, "CREATE TABLE t AS SELECT 7 AS a")
        copy = cluster.create_database("copy", template="first")
        assert query(copy.owner, "SELECT a FROM t") == 7
        assert query(copy.app, "SELECT 1") == 1
        cluster.drop_database("first")
        cluster.drop_database("first")
        assert cluster.has_database("copy")
        assert not cluster.has_database("first")
