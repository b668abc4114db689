"""Opening hours for search engines, held against the rules of schema.org."""

import datetime as dt
import re
from typing import Any

import pytest

from app.features.opening_hours import read_expression
from app.pages.views.linked_hours import opening_specifications

TODAY = dt.date(2026, 11, 24)
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
WEEK = [*WEEKDAYS, "Saturday", "Sunday"]


def rows(expression: str) -> list[dict[str, Any]]:
    return opening_specifications(read_expression(expression), TODAY)


def row(opens: str, closes: str, **more: Any) -> dict[str, Any]:
    return {"@type": "OpeningHoursSpecification", "opens": opens, "closes": closes} | more


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Mo-Fr 10:00-18:00", [row("10:00", "18:00", dayOfWeek=WEEKDAYS)]),
        (
            "Mo-Fr 10:00-12:00,13:00-18:00; PH closed",
            [
                row("10:00", "12:00", dayOfWeek=WEEKDAYS),
                row("13:00", "18:00", dayOfWeek=WEEKDAYS),
                row("00:00", "00:00", dayOfWeek=["PublicHolidays"]),
            ],
        ),
        ("Fr 22:00-06:00", [row("22:00", "06:00", dayOfWeek=["Friday"])]),
        ("Sa 10:00-24:00", [row("10:00", "23:59", dayOfWeek=["Saturday"])]),
        ("24/7", [row("00:00", "23:59", dayOfWeek=WEEK)]),
        (
            "Mo 08:00-16:00; 2026 Dec 24-26 closed; 2026 Dec 31 08:00-12:00",
            [
                row("08:00", "16:00", dayOfWeek=["Monday"]),
                row("00:00", "00:00", validFrom="2026-12-24", validThrough="2026-12-26"),
                row("08:00", "12:00", validFrom="2026-12-31", validThrough="2026-12-31"),
            ],
        ),
        ("Mo 08:00-16:00; 2026 Nov 1 closed", [row("08:00", "16:00", dayOfWeek=["Monday"])]),
        ("Tu[1] 10:00-12:00", []),
        ('24/7 unknown "by appointment"', []),
    ],
)
def test_hours_are_said_as_schema_org_has_them(expression: str, expected: list[dict[str, Any]]) -> None:
    found = rows(expression)
    assert found == expected
    for said in found:
        assert re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", said["opens"])
        assert re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", said["closes"])
        assert {"dayOfWeek"} <= said.keys() or {"validFrom", "validThrough"} <= said.keys()


def test_hours_that_are_not_known_are_not_said() -> None:
    assert opening_specifications("", TODAY) == []
