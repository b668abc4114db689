"""How far a record can still be believed, and how that is said."""

import datetime as dt
from enum import StrEnum
from typing import Final

from app.i18n import Translator

FULL_DAYS: Final = 90
HALF_DAYS: Final = 180


class Ring(StrEnum):
    """The ring around a marker."""

    FULL = "full"
    HALF = "half"
    DOTTED = "dotted"


def confidence(trust: float, age_days: float, half_life_days: float) -> float:
    """How likely the record is still right: `trust` of the check, halved with every half-life since."""
    return float(trust * 2.0 ** (-max(age_days, 0.0) / half_life_days))


def ring(checked: dt.date | None, today: dt.date) -> Ring:
    """Full up to 90 days after the last check, half up to 180, dotted later or when nobody ever checked."""
    if checked is None:
        return Ring.DOTTED
    age = (today - checked).days
    if age <= FULL_DAYS:
        return Ring.FULL
    return Ring.HALF if age <= HALF_DAYS else Ring.DOTTED


def checked_words(checked: dt.date | None, today: dt.date, translator: Translator) -> str:
    """How long ago somebody checked: "Checked 3 days ago", "Nobody has checked for 8 months"."""
    if checked is None:
        return translator.gettext("Nobody has checked this yet")
    days = max((today - checked).days, 0)
    if ring(checked, today) is Ring.DOTTED:
        return _stale_words(days, translator)
    if days == 0:
        return translator.gettext("Checked today")
    if days == 1:
        return translator.gettext("Checked yesterday")
    if days < 60:
        return translator.ngettext("Checked %(n)s day ago", "Checked %(n)s days ago", days)
    return translator.ngettext("Checked %(n)s month ago", "Checked %(n)s months ago", days // 30)


def _stale_words(days: int, translator: Translator) -> str:
    months = days // 30
    if months < 24:
        return translator.ngettext(
            "Nobody has checked for %(n)s month", "Nobody has checked for %(n)s months", months
        )
    return translator.ngettext(
        "Nobody has checked for %(n)s year", "Nobody has checked for %(n)s years", days // 365
    )
