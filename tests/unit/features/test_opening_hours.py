import datetime as dt
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from app.features.hours_intervals import intervals, state_at
from app.features.hours_reading import read_hours
from app.features.opening_hours import LONGEST, join_rules, read_expression, rules

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("24/7", "24/7"),
        ("mo-fr 9:00-17:00;PH off", "Mo-Fr 09:00-17:00; PH closed"),
        ("Mo-Su 00:00-24:00", "Mo-Su"),
        ('"call first"', '24/7 unknown "call first"'),
        ('Mo-Fr 09:00-17:00 "ring"', 'Mo-Fr 09:00-17:00 unknown "ring"'),
        ('Mo-Fr 09:00-17:00 open "ring"', 'Mo-Fr 09:00-17:00 open "ring"'),
        ('Mo-Fr 09:00-17:00 || "call"', 'Mo-Fr 09:00-17:00 || 24/7 unknown "call"'),
        ('2026 Dec 24 off "a; b || c"', '2026 Dec 24 closed "a; b || c"'),
        ("2028 Feb 29 off", "2028 Feb 29 closed"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_an_expression_is_kept_in_one_spelling(text: str, canonical: str) -> None:
    assert read_expression(text) == canonical
    assert read_expression(canonical) == canonical


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pn-pt 8-16", "hours_unreadable"),
        ("Mo-Fr 8-16", "hours_unreadable"),
        ("26:00", "hours_unreadable"),
        ("25:99", "hours_unreadable"),
        ("always", "hours_unreadable"),
        ("🎉", "hours_unreadable"),
        ("2026 Nov-2027 Feb", "hours_unreadable"),
        ("SH off", "hours_school_holidays"),
        ("Mo-Fr sunrise-sunset", "hours_sun"),
        ("2026 Feb 30 off", "hours_date"),
        ("2226 Dec 24 off", "hours_date"),
        ("Mo-Fr 09:00-17:00;" * 300, "hours_too_long"),
        ("Mo 10:00-11:00;" * 31, "hours_too_long"),
        ('Mo "' + "x" * 121 + '"', "hours_too_long"),
        ('Mo 10:00-11:00 "a\u202eb"', "text_direction"),
        ("Mo\x00", "control_character"),
    ],
)
def test_other_expressions_are_refused(text: str, code: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        read_expression(text)
    assert refused.value.type == code


def test_rules_are_split_outside_of_comments() -> None:
    parts = rules('Mo 10:00-12:00 "a;b||c"; PH off || unknown "x"')
    assert [part.text for part in parts] == ['Mo 10:00-12:00 "a;b||c"', "PH off", 'unknown "x"']
    assert join_rules(parts) == 'Mo 10:00-12:00 "a;b||c"; PH off || unknown "x"'


ATOMS = (
    "Mo", "Mo-Fr", "Su[1]", "PH", "PH -1 day", "easter", "week 1-53/2", "2026", "2026-2099/7", "Feb 29", "Dec 24-26",
    "10:00-12:00", "22:00-02:00", "10:00-26:00", "10:00+", "10:00-16:00/01:30", ",", ", ", ";", "||", "off", "open",
    "unknown", '"x"', "24/7", "SH", "9999", "week 53", "-", "[5]", "Mo[-1]", "00:00-24:00", "pn", "8-16", "🎉", "(", "+1 day",
)  # fmt: skip


def test_hostile_hours_take_less_than_fifty_milliseconds() -> None:
    dice = random.Random(4)
    hostile = [" ".join(dice.choices(ATOMS, k=dice.randrange(1, 90)))[:LONGEST] for _ in range(1500)]
    hostile += [
        " || ".join(["Mo[5] Feb 29 10:00-10:01"] * 18),
        "; ".join(["week 53 Feb 29 Mo 10:00-10:01"] * 16),
    ]
    hostile += [
        "Mo " * 5000,
        "((((" * 100,
        '"' * 499,
        "10:00-12:00," * 41 + "13:00-14:00",
        ";" * 5000,
        "|" * 500,
    ]

    def taken_s(text: str) -> float:
        began = time.process_time()
        reading = read_hours(text)
        if reading.expression:
            state_at(reading.expression, NOON)
            intervals(reading.expression, NOON, NOON + dt.timedelta(days=14))
        return time.process_time() - began

    # What else the machine does costs processor time, too: what was slow once is asked again.
    slow = [text for text in hostile if taken_s(text) >= 0.05]
    assert [text for text in slow if min(taken_s(text) for _ in range(5)) >= 0.05] == []


@given(st.text(alphabet=st.sampled_from('MoTuFr-, ;|"0123456789:/[]PHunknown'), max_size=60))
def test_reading_never_fails_otherwise_than_by_a_refusal(text: str) -> None:
    reading = read_hours(text)
    for expression in (reading.expression, reading.suggestion):
        if expression:
            assert read_expression(expression) == expression
            state_at(expression, NOON)
