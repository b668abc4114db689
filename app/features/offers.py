"""The first and the last day of an offer that is not made for ever, as it is said on a day."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.i18n import Translator
from app.i18n.days import long_day


@dataclass(frozen=True, slots=True)
class OfferDay:
    """What is said of the first or the last day. `is_over` says that nothing is offered any more."""

    title: str
    day: dt.date
    is_over: bool = False


def offer_days(data: Mapping[str, Any], today: dt.date, texts: Translator) -> Iterator[OfferDay]:
    """Give what is to be said today: that an offer is yet to begin, that it ends, or that it has ended.

    Derived when it is read, as closures are: nothing is published on the day after the last one.
    """
    begins, ends = (
        dt.date.fromisoformat(data[key]) if data.get(key) else None for key in ("valid_from", "valid_until")
    )
    if begins is not None and begins > today:
        yield OfferDay(texts.gettext("Begins on %(day)s", day=long_day(begins, texts.language)), begins)
    if ends is not None:
        last = long_day(ends, texts.language)
        if ends < today:
            yield OfferDay(texts.gettext("Ended on %(day)s", day=last), ends, is_over=True)
        else:
            yield OfferDay(texts.gettext("Ends on %(day)s", day=last), ends)
