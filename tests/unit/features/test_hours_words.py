import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from babel.support import Translations

from app.features.hours_intervals import state_at
from app.features.hours_words import hours_table, state_words
from app.features.opening_hours import ONLY_BY_APPOINTMENT, read_expression
from app.i18n import Translator

WARSAW = ZoneInfo("Europe/Warsaw")
ENGLISH = Translator("en", Translations(), "Europe/Warsaw")  # message ids are the English words
TUESDAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("expression", "now", "words"),
    [
        ("Mo-Fr 10:00-18:00", "2026-11-24T12:00", "Open until 18:00"),
        ("Mo-Fr 10:00-18:00", "2026-11-24T17:20", "Closes in 40 min"),
        ("Mo-Fr 10:00-18:00", "2026-11-24T17:59", "Closes in 1 min"),
        ("Mo-Fr 09:00-18:00", "2026-11-24T19:00", "Closed, opens tomorrow at 9:00"),
        ("Mo-Fr 09:00-18:00", "2026-11-24T07:00", "Closed, opens at 9:00"),
        ("Mo-Fr 09:00-18:00", "2026-11-20T19:00", "Closed, opens on Monday at 9:00"),
        ("2027 Jan 5 10:00-12:00", "2026-11-24T12:00", "Closed, opens on January 5 at 10:00"),
        ("24/7 closed", "2026-11-24T12:00", "Closed"),
        ("24/7", "2026-11-24T12:00", "Open around the clock"),
        ("24/7; PH off", "2026-11-24T12:00", "Open"),
        ("Mo-Su 18:00-24:00", "2026-11-24T19:00", "Open until 24:00"),
        ("Mo-Su 18:00-02:00", "2026-11-24T19:00", "Open until 2:00"),
        ("Mo-Su 18:00-00:30", "2026-11-24T19:00", "Open until 0:30"),
        ("", "2026-11-24T12:00", "Hours not known, call first"),
        ('Mo-Fr unknown "x"', "2026-11-24T12:00", "Hours not known, call first"),
        (ONLY_BY_APPOINTMENT, "2026-11-24T12:00", "By appointment"),
    ],
)
def test_the_state_in_words(expression: str, now: str, words: str) -> None:
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=WARSAW)
    assert (
        state_words(state_at(read_expression(expression), moment), ENGLISH, moment, has_phone=True) == words
    )


def test_nobody_is_told_to_call_where_there_is_no_telephone() -> None:
    moment = dt.datetime(2026, 11, 24, 12, tzinfo=WARSAW)
    ask = "Hours not known, ask before you go"
    assert state_words(state_at("", moment), ENGLISH, moment, has_phone=False) == ask
    assert hours_table("", ENGLISH, TUESDAY).notes == (ask,)


def table(expression: str, today: dt.date = TUESDAY) -> list[tuple[str, str, bool]]:
    rows = hours_table(read_expression(expression), ENGLISH, today).rows
    return [(row.label, row.hours, row.is_today) for row in rows]


def test_a_week_has_a_row_for_every_day() -> None:
    assert table("Mo-Fr 10:00-12:00,13:00-18:00; Sa 10:00-14:00; PH off") == [
        ("Monday", "10:00–12:00, 13:00–18:00", False),
        ("Tuesday, today", "10:00–12:00, 13:00–18:00", True),
        ("Wednesday", "10:00–12:00, 13:00–18:00", False),
        ("Thursday", "10:00–12:00, 13:00–18:00", False),
        ("Friday", "10:00–12:00, 13:00–18:00", False),
        ("Saturday", "10:00–14:00", False),
        ("Sunday and public holidays", "closed", False),
    ]


def test_holidays_with_hours_of_their_own_have_a_row() -> None:
    rows = table("Mo-Su 10:00-18:00; PH 10:00-12:00", dt.date(2026, 11, 11))
    assert rows[-1] == ("Public holidays, today", "10:00–12:00", True)
    assert not any(today for _, _, today in rows[:-1])


def test_hours_that_no_week_holds_are_told_for_the_next_seven_days() -> None:
    rows = table('Tu[4] 10:00-12:00; We unknown "ring"; Th unknown "by appointment"')
    assert rows[0] == ("Tuesday, November 24, today", "10:00–12:00", True)
    assert [row[1] for row in rows[1:4]] == ["hours not known", "by appointment", "closed"]


def test_hours_that_no_week_holds_are_told_rule_by_rule_too() -> None:
    fourth = hours_table("Tu[4] 10:00-12:00", ENGLISH, TUESDAY)
    assert [(row.label, row.hours) for row in fourth.usual] == [
        ("On the fourth Tuesday of the month", "10:00–12:00")
    ]
    assert (len(fourth.rows), fourth.notes) == (7, ())
    # In a week in which it stays closed, seven closed days tell nothing.
    assert hours_table("Tu[4] 10:00-12:00", ENGLISH, TUESDAY + dt.timedelta(days=1)).rows == ()
    nobody_knows = hours_table("easter 10:00-12:00", ENGLISH, TUESDAY)
    assert (len(nobody_knows.rows), nobody_knows.usual) == (7, ())
    assert nobody_knows.notes == ("These are the next seven days.",)


def test_exceptions_to_come_are_told_apart() -> None:
    told = hours_table(
        read_expression('Mo-Fr 10:00-18:00; 2026 Dec 24-26 off "Święta"; 2026 Nov 1 off'), ENGLISH, TUESDAY
    )
    assert [(row.label, row.hours, row.note) for row in told.exceptions] == [
        ("December 24 – December 26", "closed", "Święta")
    ]


@pytest.mark.parametrize(
    ("expression", "note"),
    [
        ("24/7", "Open around the clock"),
        ("", "Hours not known, call first"),
        (ONLY_BY_APPOINTMENT, "By appointment"),
        ('Mo 10:00-12:00 || unknown "by appointment"', "At other times by appointment"),
    ],
)
def test_what_needs_no_table_is_a_sentence(expression: str, note: str) -> None:
    assert hours_table(read_expression(expression), ENGLISH, TUESDAY, has_phone=True).notes == (note,)


def test_days_are_named_in_the_language_of_the_reader() -> None:
    ukrainian = Translator("uk", Translations(), "Europe/Warsaw")
    assert hours_table("Mo-Fr 10:00-18:00", ukrainian, TUESDAY).rows[0].label == "Понеділок"
