"""What holds for a while: closures, other hours, offers that begin or end."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import format_skeleton

from app.features.closures import closure
from app.features.offers import offer_days
from app.features.wording import Said, said
from app.i18n import N_, Translator
from app.taxonomy.vocabulary import Vocabulary

#: Notices are shown so many days before they begin.
NOTICE_AHEAD = dt.timedelta(days=14)
#: Days do not break at the dash.
_JOINER = "\u2060"
_NOTICE_TITLES = {
    "closed": N_("Closed: %(days)s"),
    "hours": N_("Other hours: %(days)s"),
    "info": N_("Please note: %(days)s"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A temporary message. `ends` is its last day."""

    title: str
    text: Said | None
    ends: dt.date
    icon: str = "calendar-days"
    kind: str = "warn"


def notices(
    data: Mapping[str, Any], texts: Translator, vocabulary: Vocabulary, today: dt.date
) -> list[Notice]:
    """Give what is to be shown now: closures, notices from two weeks ahead, the first and the last day of an offer."""
    language = texts.language
    found = []
    if closed := closure(data.get("status", {}), today, texts, vocabulary):
        icon, kind = "x" if closed.for_good else "clock", "bad" if closed.has_begun else "warn"
        found.append(Notice(closed.title, closed.text, today, icon, kind))
    gone = closed is not None and closed.for_good and closed.has_begun
    for notice in sorted(data.get("notices", ()), key=lambda n: (n["starts"], n["ends"])):
        if gone and notice["kind"] != "info":
            continue
        starts, ends = dt.date.fromisoformat(notice["starts"]), dt.date.fromisoformat(notice["ends"])
        if starts - NOTICE_AHEAD <= today <= ends:
            message = _NOTICE_TITLES[notice["kind"]]
            title = texts.gettext(message, days=days_words(starts, ends, language))
            found.append(Notice(title, said(notice.get("text"), language), ends))
    found += [
        Notice(offer.title, None, offer.day, kind="warn" if offer.is_over else "info")
        for offer in offer_days(data, today, texts)
    ]
    return found


def days_words(first: dt.date, last: dt.date, language: str) -> str:
    """`24–26 December` as the language writes it; one day as one."""
    start, end = (str(format_skeleton("MMMMd", day, locale=language)) for day in (first, last))
    if first == last:
        return start
    if (first.year, first.month) != (last.year, last.month):
        return f"{start} – {end}"
    if language == "en":
        return f"{start}–{_JOINER}{last.day}"
    return f"{first.day}{'.' if language == 'de' else ''}–{_JOINER}{end}"
