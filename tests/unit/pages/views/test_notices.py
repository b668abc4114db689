"""What holds for a while is told from two weeks ahead until its last day, and in days as a language writes them."""

import datetime as dt

import pytest

from app.i18n import translator
from app.pages.views.notices import days_words, notices
from app.taxonomy.vocabulary import load_vocabulary


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


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (dt.date(2026, 12, 9), []),
        (dt.date(2026, 12, 10), ["Closed: December 24–26"]),
        (dt.date(2026, 12, 25), ["Closed: December 24–26", "Please note: December 25"]),
        (dt.date(2026, 12, 26), ["Closed: December 24–26"]),
        (dt.date(2026, 12, 27), []),
    ],
)
def test_notices_show_from_two_weeks_before_until_their_last_day(today: dt.date, shown: list[str]) -> None:
    text = {"texts": {"pl": "Święta"}, "source": "pl"}
    of_a_day = {"kind": "info", "text": text, "starts": "2026-12-25", "ends": "2026-12-25"}
    of_three = {"kind": "closed", "text": text, "starts": "2026-12-24", "ends": "2026-12-26"}
    found = notices({"notices": [of_a_day, of_three]}, translator("en"), load_vocabulary(), today)
    assert [notice.title.replace("\u2060", "") for notice in found] == shown


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (
            dt.date(2026, 11, 30),
            [("Begins on December 1, 2026", "info"), ("Ends on December 26, 2026", "info")],
        ),
        (dt.date(2026, 12, 26), [("Ends on December 26, 2026", "info")]),
        (dt.date(2026, 12, 27), [("Ended on December 26, 2026", "warn")]),
    ],
)
def test_an_offer_ends_until_its_last_day_and_has_ended_from_the_next_one(
    today: dt.date, shown: list[tuple[str, str]]
) -> None:
    data = {"valid_from": "2026-12-01", "valid_until": "2026-12-26"}
    told = notices(data, translator("en"), load_vocabulary(), today)
    assert [(notice.title, notice.kind) for notice in told] == shown
