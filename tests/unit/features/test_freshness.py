import datetime as dt

import pytest
from babel.support import Translations

from app.features.freshness import Ring, checked_words, confidence, ring
from app.i18n import Translator

TODAY = dt.date(2026, 11, 21)
ENGLISH = Translator("en", Translations(), "Europe/Warsaw")


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


@pytest.mark.parametrize(("days", "expected"), [(0, 0.8), (100, 0.4), (200, 0.2), (-5, 0.8)])
def test_confidence_halves_with_every_half_life(days: float, expected: float) -> None:
    assert confidence(0.8, days, 100) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, Ring.FULL),
        (90, Ring.FULL),
        (91, Ring.HALF),
        (180, Ring.HALF),
        (181, Ring.DOTTED),
        (5000, Ring.DOTTED),
    ],
)
def test_the_ring_shows_the_age_of_the_check(days: int, expected: Ring) -> None:
    assert ring(ago(days), TODAY) is expected


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "Checked today"),
        (1, "Checked yesterday"),
        (3, "Checked 3 days ago"),
        (100, "Checked 3 months ago"),
        (245, "Nobody has checked for 8 months"),
        (800, "Nobody has checked for 2 years"),
        (-1, "Checked today"),
    ],
)
def test_the_age_of_the_check_in_words(days: int, words: str) -> None:
    assert checked_words(ago(days), TODAY, ENGLISH) == words


def test_what_nobody_ever_checked_says_so() -> None:
    assert ring(None, TODAY) is Ring.DOTTED
    assert checked_words(None, TODAY, ENGLISH) == "Nobody has checked this yet"
