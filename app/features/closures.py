"""What the public reads of a closure: for good or for a while, since when or from when on, and why."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.features.wording import Said, names, said
from app.i18n import Translator
from app.i18n.days import long_day
from app.taxonomy.vocabulary import Vocabulary

#: A closure for a while that names no end is believed for so long (app/layers/aid_points/status.py).
_BELIEVED = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Closure:
    """A closure that is, or that comes: `Closed for good since 1 December 2026: moved elsewhere`, with what to know of it.

    `has_begun`: it is closed today.
    """

    title: str
    text: Said | None
    has_begun: bool
    for_good: bool


def is_gone(status: Mapping[str, Any], today: dt.date) -> bool:
    """Whether a place with this public status has closed for good, and the day has come."""
    since = _day(status, "since")
    return status.get("state") == "closed" and (since is None or since <= today)


def closure(
    status: Mapping[str, Any], today: dt.date, texts: Translator, vocabulary: Vocabulary
) -> Closure | None:
    """Give the closure in a public status; None where there is none, or where it is over."""
    state = status.get("state")
    since, until = _day(status, "since"), _day(status, "until")
    if state not in ("closed", "temporarily_closed"):
        return None
    if state == "temporarily_closed" and since is not None and today > (until or since + _BELIEVED):
        return None
    for_good, has_begun = state == "closed", since is None or since <= today
    title = _title(texts, since, until, for_good=for_good, has_begun=has_begun)
    reason = "".join(names(vocabulary.closure_reasons, (status.get("reason", ""),), texts.language))
    note = said(status.get("note"), texts.language)
    if note and reason:
        return Closure(f"{title}: {reason}", note, has_begun, for_good)
    return Closure(title, note or (Said(reason, texts.language) if reason else None), has_begun, for_good)


def _title(
    texts: Translator, since: dt.date | None, until: dt.date | None, *, for_good: bool, has_begun: bool
) -> str:
    first, last = _long(since, texts), _long(until, texts)
    if for_good:
        if not has_begun:
            return texts.gettext("Closes for good, closed from %(day)s", day=first)
        return (
            texts.gettext("Closed for good since %(day)s", day=first)
            if first
            else texts.gettext("Closed for good")
        )
    if not has_begun and last:
        return texts.gettext("Closed from %(first)s until %(last)s", first=first, last=last)
    if not has_begun:
        return texts.gettext("Closed from %(day)s", day=first)
    return texts.gettext("Closed until %(day)s", day=last) if last else texts.gettext("Closed for now")


def _long(day: dt.date | None, texts: Translator) -> str:
    return "" if day is None else long_day(day, texts.language)


def _day(status: Mapping[str, Any], name: str) -> dt.date | None:
    given = status.get(name)
    return dt.date.fromisoformat(given) if given else None
