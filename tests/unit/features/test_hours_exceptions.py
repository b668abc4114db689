import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.hours_exceptions import DatedHours, split_exceptions, with_exceptions
from app.features.hours_week import Span

CHRISTMAS = DatedHours(dt.date(2026, 12, 24), dt.date(2026, 12, 26), note="Święta; do zobaczenia")
LONG_DAY = DatedHours(dt.date(2026, 12, 23), dt.date(2026, 12, 23), (Span(540, 1200),))

dates = st.dates(dt.date(2026, 1, 1), dt.date(2030, 12, 31))
exceptions = st.builds(
    lambda first, days, spans, note: DatedHours(first, first + dt.timedelta(days=days), spans, note),
    dates,
    st.integers(0, 40),
    st.sampled_from([(), (Span(540, 720),), (Span(540, 720), Span(780, 1500))]),
    st.sampled_from(["", "Święta", "a; b || c"]),
)


@pytest.mark.parametrize(
    "usual", ["Mo-Fr 09:00-17:00", "24/7", 'Mo-Fr 09:00-17:00 || 24/7 unknown "by appointment"']
)
@given(several=st.lists(exceptions, max_size=4))
def test_exceptions_come_back_from_the_expression(usual: str, several: list[DatedHours]) -> None:
    expression = with_exceptions(usual, several)
    assert split_exceptions(expression) == (usual, tuple(sorted(several)))


def test_exceptions_stand_after_the_week_in_order() -> None:
    assert with_exceptions("Mo-Fr 09:00-17:00", [CHRISTMAS, LONG_DAY]) == (
        'Mo-Fr 09:00-17:00; 2026 Dec 23 09:00-20:00; 2026 Dec 24-2026 Dec 26 closed "Święta; do zobaczenia"'
    )


def test_hours_that_are_not_known_have_no_exceptions() -> None:
    assert split_exceptions("") == ("", ())
