"""Temporary notices: closed over Christmas, other hours in August, parcels for two weeks at once."""

import datetime as dt
from typing import Literal, Self

from pydantic import model_validator

from app.features.content import Part
from app.features.dates import IsoDate
from app.features.problems import refusal
from app.features.text import TranslatedNote


class Notice(Part):
    """A message that is shown until its last day; a notice of closing also changes the opening hours."""

    kind: Literal["closed", "hours", "info"]
    """Closed for these days, other hours in these days, or just to know."""
    text: TranslatedNote
    """The message."""
    starts: IsoDate
    """The first day."""
    ends: IsoDate
    """The last day."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends < self.starts:
            raise refusal("dates_reversed", field="ends")
        if self.kind != "info" and self.ends - self.starts > dt.timedelta(days=366):
            raise refusal("date_far", field="ends")
        return self
