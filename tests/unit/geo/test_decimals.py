import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.decimals import DecimalError, parse_decimal


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0.0), ("21.0122", 21.0122), ("-3", -3.0), ("007.50", 7.5), ("1" * 25, 1e25 / 9)],
)
def test_a_plain_decimal_is_read(text: str, number: float) -> None:
    assert parse_decimal(text) == pytest.approx(number)


@pytest.mark.parametrize("text", ["-0", "-0.000"])
def test_negative_zero_gives_zero(text: str) -> None:
    assert math.copysign(1.0, parse_decimal(text)) == 1.0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number_empty"),
        (" ", "number_empty"),
        ("NaN", "number_nan"),
        ("-nan", "number_nan"),
        ("inf", "number_infinite"),
        ("-Infinity", "number_infinite"),
        ("1e400", "number_exponent"),
        ("1E5", "number_exponent"),
        ("1_000", "number_grouped"),
        ("1 000", "number_grouped"),
        ("1" * 26, "number_too_long"),
        ("0." + "0" * 24, "number_too_long"),
        ("+1", "number_malformed"),
        (".5", "number_malformed"),
        ("5.", "number_malformed"),
        ("1,5", "number_malformed"),
        ("1.5\n", "number_malformed"),
        (" 1.5", "number_malformed"),
        ("٣", "number_malformed"),
        ("１", "number_malformed"),
        ("0x10", "number_malformed"),
        ("--1", "number_malformed"),
        ("1\x00", "number_malformed"),
    ],
)
def test_each_cause_has_its_code(text: str, code: str) -> None:
    with pytest.raises(DecimalError) as raised:
        parse_decimal(text)
    assert raised.value.code == code


def test_the_message_does_not_echo_the_input() -> None:
    with pytest.raises(DecimalError) as raised:
        parse_decimal("<script>")
    assert "script" not in str(raised.value)
    assert str(raised.value)


@given(st.text(max_size=30))
def test_any_text_gives_a_finite_number_or_a_decimal_error(text: str) -> None:
    with contextlib.suppress(DecimalError):
        assert math.isfinite(parse_decimal(text))
