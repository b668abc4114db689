from pathlib import Path

import pytest

from app.web.etag import compressed_etag, matching_etag, program_digest, strong_etag

TAG = strong_etag("aid_points", 7, "pl")


def test_a_validator_is_strong_and_depends_on_every_part() -> None:
    assert TAG.startswith('"')
    assert TAG.endswith('"')
    assert (
        len(
            {
                TAG,
                strong_etag("aid_points", 7, "uk"),
                strong_etag("aid_points", 8, "pl"),
                strong_etag("aid_points7", "pl"),
            }
        )
        == 4
    )


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        (None, None),
        ("", None),
        ('"other"', None),
        (TAG, TAG),
        (f"W/{TAG}", f"W/{TAG}"),
        (f'"a", W/"b" , {TAG}', TAG),
        ("*", TAG),
        (" * ", TAG),
        (compressed_etag(TAG), compressed_etag(TAG)),
        (TAG.strip('"'), None),
        ("," * 5000, None),
        (TAG + ", " + '"x",' * 400_000, None),
    ],
)
def test_conditions(condition: str | None, held: str | None) -> None:
    assert matching_etag(condition, TAG) == held


def test_the_compressed_form_has_its_own_validator() -> None:
    assert compressed_etag('"ab"') == '"ab-gz"'


def test_a_change_of_the_program_is_another_validator(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    (tmp_path / "data").mkdir()
    before = program_digest(tmp_path)
    program_digest.cache_clear()
    (tmp_path / "data" / "terms.toml").write_text("x = 1")
    assert program_digest(tmp_path) != before
    program_digest.cache_clear()
