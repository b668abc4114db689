"""Whether a place works, stands still for a while, or has closed for good."""

import datetime as dt
from typing import Final, Literal, Self

from pydantic import model_validator

from app.features.codes import ClosureCode
from app.features.content import Part
from app.features.dates import LAST, IsoDate
from app.features.problems import refusal
from app.features.text import TranslatedNote
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
    """The first day on which it is closed; of a place that has closed for good, also one to come."""
    until: IsoDate | None = None
    """The last day of a closure for a while; without it the closure is believed for thirty days."""
    note: TranslatedNote | None = None
    """What people should know of it, for example where the help is now."""

    @model_validator(mode="after")
    def _reason_and_days_fit(self) -> Self:
        if self.state == "active" and (self.reason or self.since or self.until or self.note):
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
        """First and last day of a closure; None when there is none, or none is known."""
        if self.state == "active" or self.since is None:
            return None
        without_end = LAST if self.state == "closed" else self.since + WITHOUT_END
        return self.since, self.until or without_end
