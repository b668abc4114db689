import threading
import time
from pathlib import Path

import pytest

from app.cli.running import AlreadyRunning, only_one, running_address


def test_one_data_directory_has_one_server(tmp_path: Path) -> None:
    with only_one(tmp_path, "port 8000") as note:
        note("http://127.0.0.1:8000")
        refused = pytest.raises(AlreadyRunning, match=r"\(process \d+, port 8000\)\. .*--data")
        with refused, only_one(tmp_path, "port 9000"):
            pytest.fail("two servers on one data directory")
    with only_one(tmp_path, "port 9000"):
        pass


def test_an_unusable_data_directory_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AlreadyRunning, match="--data"), only_one(tmp_path / "file", "port 8000"):
        pytest.fail("a file is no directory")


def test_the_address_is_known_while_the_server_runs(tmp_path: Path) -> None:
    assert running_address(tmp_path) is None
    with only_one(tmp_path, "port 8300") as note:
        assert running_address(tmp_path) is None
        note("http://127.0.0.1:8300")
        assert running_address(tmp_path) == "http://127.0.0.1:8300"
    assert running_address(tmp_path) is None


def test_asking_does_not_keep_a_server_from_starting(tmp_path: Path) -> None:
    with only_one(tmp_path, "port 1"):
        pass
    asking = True

    def ask() -> None:
        while asking:
            running_address(tmp_path)
            time.sleep(0.001)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        for _ in range(20):
            with only_one(tmp_path, "port 2"):
                pass
    finally:
        asking = False
        thread.join()
