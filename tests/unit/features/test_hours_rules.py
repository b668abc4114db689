import pytest

from app.features.hours_rules import rules_in_words
from app.features.opening_hours import read_expression
from app.i18n import translator
from app.i18n.languages import LANGUAGES
from app.i18n.ordinal_days import COUNTED, ordinal_day


def said(expression: str, language: str = "en") -> list[str]:
    found = rules_in_words(read_expression(expression), translator(language))
    assert found is not None
    return [str(rule) for rule in found]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("We[2] 10:00-12:00", ["On the second Wednesday of the month: 10:00–12:00"]),
        ("We[1,3],Fr 09:00-12:00", ["On the first and third Wednesday of the month, Friday: 9:00–12:00"]),
        ("Mo-Fr 09:00-17:00, Sa[-1] 10:00-14:00", ["Monday–Friday: 9:00–17:00", "On the last Saturday of the month: 10:00–14:00"]),
        ("Apr-Oct Mo-Fr 09:00-17:00; Nov-Mar Mo-Fr 10:00-15:00; PH off", ["April–October, Monday–Friday: 9:00–17:00", "November–March, Monday–Friday: 10:00–15:00", "Public holidays: closed"]),
        ("Mo-Fr 09:00-17:00; Dec 24-26 off", ["Monday–Friday: 9:00–17:00", "December 24–26: closed"]),
        ("2026 Jun 15-2026 Aug 31 Mo-Su 22:00-02:00", ["June 15 – August 31, 2026, every day: 22:00–2:00"]),
        ("2026 Apr-May Mo 10:00-12:00", ["April–May 2026, Monday: 10:00–12:00"]),
        ("week 1-53/2 Mo 09:00-12:00; week 2-53/2 Tu 09:00-12:00", ["In odd weeks of the year, Monday: 9:00–12:00", "In even weeks of the year, Tuesday: 9:00–12:00"]),
        ("week 10 Mo off; week 10-20 Tu off", ["In week 10 of the year, Monday: closed", "In weeks 10–20 of the year, Tuesday: closed"]),
        ('Mo 09:00+; Tu 09:00-17:00+ open "the side door, please"', ["Monday: from\N{NO-BREAK SPACE}9:00", "Tuesday: 9:00–17:00 or longer (the side door, please)"]),
        ('Mo "by appointment"; Tu 09:00-12:00 "by appointment"; We 09:00-12:00 "ring"', ["Monday: by appointment", "Tuesday: 9:00–12:00, by appointment", "Wednesday: 9:00–12:00, not certain (ring)"]),
        ('Sa[1] 10:00-12:00 || "by appointment"', ["On the first Saturday of the month: 10:00–12:00", "At other times: by appointment"]),
        ("24/7; PH off", ["Every day: around the clock", "Public holidays: closed"]),
    ],
)  # fmt: skip
def test_every_rule_is_said_in_words(expression: str, words: list[str]) -> None:
    assert said(expression) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pl", ["Kwiecień–październik, w drugą środę miesiąca: 10:00–12:00", "W drugi i ostatni wtorek miesiąca: 10:00–12:00", "24–26 grudnia: zamknięte"]),
        ("uk", ["Квітень–жовтень, у другу середу місяця: 10:00–12:00", "У другий та останній вівторок місяця: 10:00–12:00", "24–26 грудня: зачинено"]),
        ("ru", ["Апрель–октябрь, во вторую среду месяца: 10:00–12:00", "Во второй и последний вторник месяца: 10:00–12:00", "24–26 декабря: закрыто"]),
        ("de", ["April–Oktober, am zweiten Mittwoch im Monat: 10:00–12:00", "Am zweiten und letzten Dienstag im Monat: 10:00–12:00", "24.–26. Dezember: geschlossen"]),
        ("ro", ["Aprilie–octombrie, în a doua miercuri din lună: 10:00–12:00", "În a doua și ultima marți din lună: 10:00–12:00", "24–26 decembrie: închis"]),
    ],
)  # fmt: skip
def test_rules_are_said_as_natives_say_them(language: str, words: list[str]) -> None:
    expression = "Apr-Oct We[2] 10:00-12:00; Tu[2,-1] 10:00-12:00; Dec 24-26 off"
    assert said(expression, language) == words


def test_every_language_counts_every_day() -> None:
    for language in LANGUAGES:
        phrases = {ordinal_day(language, (number,), day) for number in COUNTED for day in range(7)}
        assert len(phrases) == 49
    assert ordinal_day("uk", (-1,), 2) == "в останню середу місяця"
    assert ordinal_day("ru", (-2,), 6) == "в предпоследнее воскресенье месяца"


@pytest.mark.parametrize(
    "expression",
    [
        "easter -2 days off",
        "Sa[2] +1 day 10:00-12:00",
        "We[-3] 10:00-12:00",
        "2026+ Mo 10:00-12:00",
        "; ".join(f"Mo[1] {hour:02}:00-{hour + 1:02}:00" for hour in range(15)),
    ],
)
def test_what_has_no_words_is_left_to_others(expression: str) -> None:
    assert rules_in_words(read_expression(expression), translator("pl")) is None
