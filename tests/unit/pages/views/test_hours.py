import datetime as dt

import pytest

from app.i18n import translator
from app.pages.views.hours import Clock, one_line, place_state, table

NOW = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)
CLOCK = Clock(NOW, NOW.date(), "Europe/Warsaw", "PL")
ENGLISH = translator("en")


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("Mo-Fr 12:00-16:00", "Monday–Friday 12:00–16:00"),
        ("Tu,Th 10:00-18:00", "Tuesday 10:00–18:00; Thursday 10:00–18:00"),
        (
            "Mo-Fr 09:00-12:00,13:00-17:00; Sa 10:00-12:00",
            "Monday–Friday 9:00–12:00, 13:00–17:00; Saturday 10:00–12:00",
        ),
        ("24/7", "Open around the clock"),
        ('24/7 unknown "by appointment"', "By appointment"),
        (
            "Mo[1] 10:00-12:00; PH closed",
            "On the first Monday of the month: 10:00–12:00; Public holidays: closed",
        ),
        ("Mo[1] 10:00-12:00; Tu[1] closed; We[1] closed; Th[1] closed", ""),
        ("easter 10:00-12:00", ""),
    ],
)
def test_a_week_fits_one_line_where_it_can(expression: str, words: str) -> None:
    assert one_line(expression, ENGLISH) == words


def test_the_place_speaks_for_itself_and_else_its_open_services_do() -> None:
    closed, open_ = "Mo-Fr 18:00-20:00", "Mo-Fr 10:00-18:00"
    assert place_state({None: closed, "hot_meals": open_}, ENGLISH, CLOCK, has_phone=True).state == "closed"
    assert (
        place_state({None: "", "drinks": closed, "hot_meals": open_}, ENGLISH, CLOCK, has_phone=True).words
        == "Open until\N{NO-BREAK SPACE}18:00"
    )
    assert place_state({None: ""}, ENGLISH, CLOCK, has_phone=True).words == "Hours not known, call first"
    assert place_state({}, ENGLISH, CLOCK, has_phone=True).state == "unknown"


@pytest.mark.parametrize("expression", ["", "24/7 unknown"])
def test_there_is_no_table_of_hours_that_nobody_knows(expression: str) -> None:
    assert table(expression, ENGLISH, CLOCK, has_phone=True) is None


def test_the_table_marks_today() -> None:
    shown = table("Mo-Fr 10:00-18:00", ENGLISH, CLOCK, has_phone=True)
    assert shown is not None
    assert [row.label for row in shown.rows if row.is_today] == ["Tuesday, today"]
