import os
import stat
from pathlib import Path

import pytest

from app.localdb.places import PORT, prepare_places, socket_path_fits
from app.localdb.problems import DataDirectoryUnusable
from app.localdb.server_user import ServerUser

OURSELVES = ServerUser("me", os.geteuid(), os.getegid(), switched=False)


class Unwelcome(ServerUser):
    """A server's user whom some parent folder does not let pass."""

    def can_enter(self, directory: Path) -> bool:  # noqa: ARG002 - the signature that it stands for
        return False


class Welcome(ServerUser):
    """A server's user whom every parent folder lets pass."""

    def can_enter(self, directory: Path) -> bool:  # noqa: ARG002 - the signature that it stands for
        return True


def test_secrets_and_sockets_are_closed_to_others(tmp_path: Path) -> None:
    places = prepare_places(tmp_path / "var", OURSELVES, print)

    for folder in (places.secrets, places.sockets, places.logs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_long_path_gets_a_short_folder_for_the_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("ą" * 60) / ("long" * 20)

    places = prepare_places(deep, OURSELVES, print)

    assert socket_path_fits(places.sockets)
    assert not places.sockets.is_relative_to(deep)
    assert places.sockets == prepare_places(deep, OURSELVES, print).sockets
    places.sockets.rmdir()


def test_the_limit_of_a_socket_path_is_107_bytes() -> None:
    name = f"/.s.PGSQL.{PORT}"
    assert socket_path_fits(Path("/" + "a" * (106 - len(name))))
    assert not socket_path_fits(Path("/" + "a" * (107 - len(name))))
    assert not socket_path_fits(Path("/" + "ż" * (60 - len(name) // 2)))


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "run").symlink_to(tmp_path)

    with pytest.raises(DataDirectoryUnusable, match="belongs to another user"):
        prepare_places(tmp_path, OURSELVES, print)


def test_a_file_in_place_of_the_data_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").touch()

    with pytest.raises(DataDirectoryUnusable, match="--data"):
        prepare_places(tmp_path / "var", OURSELVES, print)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as somebody else")
@pytest.mark.parametrize(("owner", "mode"), [(65534, 0o755), (0, 0o777), (0, 0o775)])
def test_as_root_a_folder_that_others_can_write_is_refused(tmp_path: Path, owner: int, mode: int) -> None:
    base = tmp_path / "postgres"
    base.mkdir()
    base.chmod(mode)
    os.chown(base, owner, owner)

    with pytest.raises(DataDirectoryUnusable, match="written by others than root"):
        prepare_places(tmp_path, Welcome("nobody", 65534, 65534, switched=True), print)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as somebody else")
def test_files_move_where_the_servers_user_can_reach_them_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.localdb.places.FALLBACK", tmp_path / "elsewhere")
    said: list[str] = []

    places = prepare_places(tmp_path / "var", Unwelcome("nobody", 65534, 65534, switched=True), said.append)

    assert places.pgdata.is_relative_to(tmp_path / "elsewhere")
    assert places.secrets.is_relative_to(tmp_path / "var")
    assert "nobody cannot reach" in said[0]
