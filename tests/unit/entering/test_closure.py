import datetime as dt

import pytest

from app.entering.closure import read_day


@pytest.mark.parametrize("typed", ["21.11.2026", "21. 11. 2026", "2026-11-21"])
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert read_day(typed) == dt.date(2026, 11, 21)


def test_day_and_month_are_not_guessed() -> None:
    assert read_day("3.4.2026") == dt.date(2026, 4, 3)


@pytest.mark.parametrize("typed", ["11/21/2026", "21.13.2026", "31.2.2026", "21.11.26", "jutro"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - two libraries word it differently
        read_day(typed)
