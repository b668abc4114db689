"""Whether a place works, stands still for a while, or has closed for good."""

import datetime as dt
from typing import Final, Literal, Self

from pydantic import model_validator

from app.features.codes import ClosureCode
from app.features.content import Part
from app.features.dates import IsoDate
from app.features.problems import refusal
from app.taxonomy.vocabulary import load_vocabulary

#: A closure for a while that names no end is believed for so long.
WITHOUT_END: Final = dt.timedelta(days=30)
#: A reason that fits both kinds of closure.
_ANY_KIND: Final = "unknown"


class Status(Part):
    """The state of a place, with the reason and the days where it does not work."""

    state: Literal["active", "temporarily_closed", "closed"] = "active"
    """Whether the place works."""
    reason: ClosureCode | None = None
    """Why it is closed."""
    since: IsoDate | None = None
    """The first day on which it is closed."""
    until: IsoDate | None = None
    """The last day of a closure for a while; without it the closure is believed for thirty days."""

    @model_validator(mode="after")
    def _reason_and_days_fit(self) -> Self:
        if self.state == "active" and (self.reason or self.since or self.until):
            raise refusal("status_dates", field="state")
        if self.state == "closed" and self.until:
            raise refusal("status_dates", field="until")
        if self.state == "temporarily_closed" and self.since is None:
            raise refusal("missing", field="since")
        if self.since and self.until and self.until < self.since:
            raise refusal("dates_reversed", field="until")
        if self.reason and self.reason != _ANY_KIND:
            permanent = load_vocabulary().closure_reasons[self.reason].permanent
            if permanent != (self.state == "closed"):
                raise refusal("status_reason", field="reason")
        return self

    def closed_days(self) -> tuple[dt.date, dt.date] | None:
        """First and last day of a closure for a while; None when there is none."""
        if self.state != "temporarily_closed" or self.since is None:
            return None
        return self.since, self.until or self.since + WITHOUT_END
