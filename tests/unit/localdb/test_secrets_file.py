import stat
from pathlib import Path

from app.localdb.secrets_file import ROLES, make_passwords, read_passwords


def test_passwords_are_long_different_and_closed_to_others(tmp_path: Path) -> None:
    made = make_passwords(tmp_path)

    assert read_passwords(tmp_path) == made
    assert len(set(made.values())) == len(ROLES) + 1
    assert min(map(len, made.values())) >= 32
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_missing_or_damaged_file_is_no_passwords(tmp_path: Path) -> None:
    assert read_passwords(tmp_path) is None
    make_passwords(tmp_path)
    file = tmp_path / "database.json"
    for damaged in ("", "[]", '{"postgres": "x"}', "\x00"):
        file.write_text(damaged)
        assert read_passwords(tmp_path) is None
