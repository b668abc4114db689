"""Dates and moments as types of fields: ISO 8601, of this century, moments always with their zone."""

import datetime as dt
import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from app.features.problems import refusal

FIRST: Final = dt.date(2000, 1, 1)
LAST: Final = dt.date(2099, 12, 31)

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)


def read_date(value: Any) -> dt.date:
    """The date of `2026-12-24`. Raises a refusal for anything else, and for other centuries."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            raise refusal("date") from None
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise refusal("date")
    if not FIRST <= value <= LAST:
        raise refusal("date_far")
    return value


def read_moment(value: Any) -> dt.datetime:
    """The moment of `2026-12-24T10:00:00+01:00`, in UTC and to the second. Raises a refusal."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            raise refusal("moment") from None
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise refusal("moment")
    if not FIRST < value.date() < LAST:
        raise refusal("date_far")
    return value.astimezone(dt.UTC).replace(microsecond=0)


def write_moment(moment: dt.datetime) -> str:
    """`2026-12-24T09:00:00Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


IsoDate = Annotated[dt.date, BeforeValidator(read_date), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    dt.datetime,
    BeforeValidator(read_moment),
    PlainSerializer(write_moment, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
