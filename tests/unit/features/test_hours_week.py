import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.hours_week import MIDNIGHT, Span, Week, WeekKind, clock, minutes_of, week_of
from app.features.opening_hours import ONLY_BY_APPOINTMENT, read_expression

WORKDAY = (Span(480, 960),)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    edges = sorted(draw(st.lists(st.integers(0, 95), min_size=2, max_size=8, unique=True)))
    found = [Span(edges[i] * 15, edges[i + 1] * 15) for i in range(0, len(edges) - 1, 2)]
    if draw(st.booleans()) and found[-1].start > 17 * 60:
        found[-1] = Span(found[-1].start, MIDNIGHT + draw(st.integers(1, 16)) * 15)
    return tuple(found)


weeks = st.builds(
    Week,
    kind=st.just(WeekKind.FIXED),
    days=st.tuples(*[st.one_of(st.just(()), spans())] * 7).filter(any),
    holidays=st.one_of(st.none(), st.just(()), spans()),
    otherwise_by_appointment=st.booleans(),
)


@given(weeks)
def test_a_week_comes_back_from_its_expression(week: Week) -> None:
    try:
        expression = week.expression()
    except ValueError:
        return  # seven different days of four spans do not fit into 500 letters
    assert read_expression(expression) == expression
    assert week_of(expression) == week


@pytest.mark.parametrize(
    ("week", "expression"),
    [
        (Week(WeekKind.ALWAYS), "24/7"),
        (Week(WeekKind.APPOINTMENT), ONLY_BY_APPOINTMENT),
        (Week(WeekKind.UNKNOWN), ""),
        (Week(WeekKind.FIXED, (WORKDAY,) * 5 + ((), ()), ()), "Mo-Fr 08:00-16:00; PH closed"),
        (
            Week(WeekKind.FIXED, (WORKDAY, (), WORKDAY, (), (), (Span(1320, 1560),), (Span(0, 1440),))),
            "Mo,We 08:00-16:00; Sa 22:00-02:00; Su",
        ),
    ],
)
def test_a_week_as_an_expression(week: Week, expression: str) -> None:
    assert week.expression() == expression
    assert week_of(expression) == week


@pytest.mark.parametrize(
    ("expression", "same"),
    [
        ("Mo,We 10:00-12:00,14:00-16:00, Fr 10:00-12:00", "Mo,We 10:00-12:00,14:00-16:00; Fr 10:00-12:00"),
        ("24/7; PH closed", "Mo-Su; PH closed"),
        ("10:00-12:00", "Mo-Su 10:00-12:00"),
        ("Fr-Mo 10:00-12:00", "Mo,Fr-Su 10:00-12:00"),
        ("Mo-Fr 10:00-12:00; We closed", "Mo-Tu,Th-Fr 10:00-12:00"),
        ("Mo-Fr 22:00-26:00", "Mo-Fr 22:00-02:00"),
    ],
)
def test_other_spellings_fit_into_a_week(expression: str, same: str) -> None:
    week = week_of(read_expression(expression))
    assert week is not None
    assert week.expression() == read_expression(same)


@pytest.mark.parametrize(
    "expression",
    ["week01-53/2 Mo 10:00-12:00", "Mo[1] 10:00-12:00", "Jun-Aug Mo 10:00-12:00", 'Mo 10:00-12:00 unknown "x"',
     "Mo 10:00+", "Mo 08:00-09:00,10:00-11:00,12:00-13:00,14:00-15:00,16:00-17:00"],
)  # fmt: skip
def test_what_a_week_cannot_hold_is_none(expression: str) -> None:
    assert week_of(expression) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("9", 540), ("9:05", 545), ("09.30", 570), ("24:00", 1440), ("1630", 990), ("930", 570), ("16,30", 990)],
)
def test_times_of_day(text: str, minutes: int) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["24:01", "9:60", "-1", "", "9am", "٩"])
def test_no_times_of_day(text: str) -> None:
    with pytest.raises(ValueError, match="time"):
        minutes_of(text)


def test_midnight_has_two_names() -> None:
    assert (clock(0), clock(1440), clock(1560)) == ("00:00", "24:00", "02:00")


@pytest.mark.parametrize(("start", "end"), [(600, 600), (600, 500), (-1, 10), (1440, 1500), (0, 1441)])
def test_impossible_spans_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="span"):
        Span(start, end)
