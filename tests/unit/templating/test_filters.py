import datetime as dt

import pytest

from app.i18n import translator
from app.templating.filters import as_written, checked_words, distance, filters_for, phone, postal

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "Checked today"),
        (1, "Checked yesterday"),
        (3, "Checked 3 days ago"),
        (14, "Checked 2 weeks ago"),
        (90, "Checked 3 months ago"),
        (180, "Checked 6 months ago"),
        (181, "Nobody has checked for 6 months"),
        (240, "Nobody has checked for 8 months"),
        (800, "Nobody has checked for 2 years"),
        (-1, "Checked today"),
    ],
)
def test_freshness_in_words(days: int, words: str) -> None:
    assert checked_words(translator("en"), TODAY - dt.timedelta(days=days), TODAY) == words


def test_what_nobody_ever_checked() -> None:
    assert checked_words(translator("en"), None, TODAY) == "Nobody has checked this yet"


@pytest.mark.parametrize(
    ("metres", "polish", "english"),
    [
        (3, "10 m", "10 m"),
        (452, "450 m", "450 m"),
        (1432, "1,4 km", "1.4 km"),
        (9960, "10 km", "10 km"),
        (35_400, "35 km", "35 km"),
    ],
)
def test_distances(metres: float, polish: str, english: str) -> None:
    assert distance("pl", metres).replace("\u00a0", " ") == polish
    assert distance("en", metres).replace("\u00a0", " ") == english


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+48415550123", "41 555 01 23"),
        ("+380441234567", "+380 44 123 4567"),
        ("112", "112"),
        ("not a phone", "not a phone"),
    ],
)
def test_phones_of_home_need_no_prefix(number: str, shown: str) -> None:
    assert phone(number, "PL") == shown


def test_moments_are_those_of_the_place() -> None:
    filters = filters_for(translator("pl"), "Europe/Warsaw", "PL")
    evening = dt.datetime(2026, 11, 24, 23, 30, tzinfo=dt.UTC)
    assert filters["moment"](evening) == "25 listopada, 00:30"
    assert filters["date_long"](evening) == "25 listopada 2026"
    assert filters["time"](evening) == "00:30"
    assert filters["number"](1234567) == "1\u00a0234\u00a0567"
    assert filters["clock"](1500) == "01:00"
    assert filters["weekday"](dt.date(2026, 11, 24)) == "wtorek"


def test_a_sentence_may_end_with_a_day() -> None:
    said = {
        language: filters_for(translator(language), "Europe/Warsaw", "PL")["date_long"]
        for language in ("uk", "ru")
    }
    day = dt.date(2026, 11, 24)
    assert {language: written(day) for language, written in said.items()} == {
        "uk": "24 листопада 2026 року",
        "ru": "24 ноября 2026 года",
    }


def test_units_are_written_in_the_letters_of_the_language() -> None:
    assert distance("uk", 450) == "450\u00a0м"
    assert distance("ru", 1440) == "1,4\u00a0км"


def test_a_phone_keeps_its_order_in_text_from_right_to_left_and_is_never_markup() -> None:
    assert as_written("17 555 01 23") == '<bdi dir="ltr" class="nobr">17 555 01 23</bdi>'
    assert as_written("+380 44 123 4567") == '<bdi dir="ltr" class="nobr">+380 44 123 4567</bdi>'
    assert as_written("pomoc@24.example") == '<bdi dir="ltr">pomoc@24.example</bdi>'
    assert as_written("<b>1</b>") == '<bdi dir="ltr">&lt;b&gt;1&lt;/b&gt;</bdi>'


def test_a_postcode_stays_in_one_line_and_an_address_is_never_markup() -> None:
    assert (
        postal("ul. Planty 12-14, 25-502 Kielce")
        == 'ul. Planty 12-14, <span class="nobr">25-502</span> Kielce'
    )
    assert postal("<b>1</b> & 2") == "&lt;b&gt;1&lt;/b&gt; &amp; 2"
