from pathlib import Path

import pytest

from app.localdb.locks import SharedUse, exclusive
from app.localdb.problems import LocalDatabaseError


def test_the_last_one_out_is_told_so(tmp_path: Path) -> None:
    first = SharedUse(tmp_path / "use")
    second = SharedUse(tmp_path / "use")

    assert first.release() is False
    assert second.release() is True


def test_a_lock_that_is_held_is_waited_for_and_then_refused(tmp_path: Path) -> None:
    with (
        exclusive(tmp_path / "start"),
        pytest.raises(LocalDatabaseError, match="Another process"),
        exclusive(tmp_path / "start", patience_s=0.1),
    ):
        pytest.fail("two held the lock at once")
    with exclusive(tmp_path / "start", patience_s=0.1):
        pass
