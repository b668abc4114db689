"""The stamp of when a form was opened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.started import LONGEST_S, Started, read_started

SECRET = "not-a-real-secret-but-long-enough-0123456789"
NOW = 1_790_000_000.0


def test_a_stamp_is_read_back_with_its_age() -> None:
    started = Started.now(NOW)
    found = read_started(started.written(SECRET), SECRET, NOW + 60)
    assert found == started
    assert found is not None
    assert found.age_s(NOW + 60) == 60


@pytest.mark.parametrize("later", [LONGEST_S + 1, -60])
def test_a_stamp_of_another_day_is_none(later: float) -> None:
    assert read_started(Started.now(NOW).written(SECRET), SECRET, NOW + later) is None


def test_a_stamp_of_another_key_is_none() -> None:
    assert read_started(Started.now(NOW).written(SECRET), SECRET + "x", NOW) is None


@given(st.text())
def test_other_texts_are_none(text: str) -> None:
    assert read_started(text, SECRET, NOW) is None


@given(st.integers(0, 47), st.sampled_from("Aa0-_"))
def test_a_changed_letter_makes_it_none(place: int, letter: str) -> None:
    text = Started.now(NOW).written(SECRET)
    changed = text[:place] + letter + text[place + 1 :]
    found = read_started(changed, SECRET, NOW)
    assert found is None or changed == text
