import datetime as dt

import pytest

from app.pages.views.notices import days_words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pl", "24–26 grudnia"),
        ("uk", "24–26 грудня"),
        ("en", "December 24–26"),
        ("de", "24.–26. Dezember"),
        ("ro", "24–26 decembrie"),
        ("ru", "24–26 декабря"),
    ],
)
def test_days_of_one_month_name_it_once(language: str, words: str) -> None:
    assert days_words(dt.date(2026, 12, 24), dt.date(2026, 12, 26), language).replace("\u2060", "") == words


def test_days_of_two_months_name_both() -> None:
    assert days_words(dt.date(2026, 12, 30), dt.date(2027, 1, 2), "pl") == "30 grudnia – 2 stycznia"
    assert days_words(dt.date(2026, 12, 24), dt.date(2026, 12, 24), "pl") == "24 grudnia"
