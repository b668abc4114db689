from pathlib import Path

import pytest

from app.cli.serve import AlreadyRunning, _in_url, _only_one


def test_one_data_directory_has_one_server(tmp_path: Path) -> None:
    with (
        _only_one(tmp_path, "port 8000"),
        pytest.raises(AlreadyRunning, match=r"process \d+, port 8000.*--data"),
        _only_one(tmp_path, "port 9000"),
    ):
        pytest.fail("two servers on one data directory")
    with _only_one(tmp_path, "port 9000"):
        pass


def test_an_unusable_data_directory_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AlreadyRunning, match="--data"), _only_one(tmp_path / "file", "port 8000"):
        pytest.fail("a file is no directory")


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]"), ("::", "127.0.0.1")],
)
def test_the_printed_address_can_be_opened_here(host: str, shown: str) -> None:
    assert _in_url(host) == shown
