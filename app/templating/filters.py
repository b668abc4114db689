"""Dates, numbers, distances and phones as people of one language write them."""

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from app.i18n import Translator
from app.i18n.days import long_day

METRES_TO_WRITE_AS_KILOMETRES = 950
#: Half a year: the border between a half ring and a dotted one.
DAYS_TO_GO_STALE = 180
#: Languages that write units in their own letters.
CYRILLIC = frozenset(("uk", "ru"))


def filters_for(texts: Translator, timezone: str, home: str) -> dict[str, Callable[..., Any]]:
    """The filters of one language; moments are shown in `timezone`, phones of `home` without prefix."""
    language, zone = texts.language, ZoneInfo(timezone)

    def day_of(value: dt.date | dt.datetime) -> dt.date:
        return value.astimezone(zone).date() if isinstance(value, dt.datetime) else value

    return {
        "date_long": lambda value: long_day(day_of(value), language),
        "date_short": lambda value: format_date(day_of(value), "medium", locale=language),
        "date_day": lambda value: format_skeleton("MMMMd", day_of(value), locale=language),
        "month": lambda value: format_skeleton("yMMMM", day_of(value), locale=language),
        "weekday": lambda value: format_date(day_of(value), "EEEE", locale=language),
        "time": lambda value: format_time(value.astimezone(zone), "HH:mm", locale=language),
        "moment": lambda value: moment(language, zone, value),
        "ago": lambda value, now: ago(texts, day_of(value), day_of(now)),
        "checked_words": lambda value, now: checked_words(texts, value and day_of(value), day_of(now)),
        "number": lambda value: format_decimal(value, locale=language),
        "percent": lambda value: format_percent(value, locale=language),
        "distance": lambda metres: distance(language, metres),
        "phone": lambda value: phone(value, home),
        "as_written": as_written,
        "postal": postal,
        "times": times,
        "clock": lambda minutes: f"{minutes // 60 % 24:02d}:{minutes % 60:02d}",
    }


def moment(language: str, zone: dt.tzinfo, value: dt.datetime) -> str:
    """`24 November, 16:20`."""
    local = value.astimezone(zone)
    day = format_skeleton("MMMMd", local, locale=language)
    return f"{day}, {format_time(local, 'HH:mm', locale=language)}"


def ago(texts: Translator, then: dt.date, now: dt.date) -> str:
    """`today`, `yesterday`, `3 days ago`, `4 months ago`: whole days, since nobody is served by hours here."""
    days = (now - then).days
    if days <= 0:
        return texts.gettext("today")
    if days == 1:
        return texts.gettext("yesterday")
    return str(format_timedelta(then - now, granularity="day", add_direction=True, locale=texts.language))


def checked_words(texts: Translator, then: dt.date | None, now: dt.date) -> str:
    """How fresh something is, in words: `Checked 3 days ago`, `Nobody has checked for 8 months`."""
    if then is None:
        return texts.gettext("Nobody has checked this yet")
    days = max(0, (now - then).days)
    return _fresh_words(texts, days) if days <= DAYS_TO_GO_STALE else _stale_words(texts, days)


def _fresh_words(texts: Translator, days: int) -> str:
    if days < 2:
        return texts.gettext("Checked yesterday") if days else texts.gettext("Checked today")
    if days < 14:
        return texts.ngettext("Checked %(n)s day ago", "Checked %(n)s days ago", days)
    if days < 60:
        return texts.ngettext("Checked %(n)s week ago", "Checked %(n)s weeks ago", days // 7)
    return texts.ngettext("Checked %(n)s month ago", "Checked %(n)s months ago", days // 30)


def _stale_words(texts: Translator, days: int) -> str:
    if days < 730:
        return texts.ngettext(
            "Nobody has checked for %(n)s month", "Nobody has checked for %(n)s months", days // 30
        )
    return texts.ngettext(
        "Nobody has checked for %(n)s year", "Nobody has checked for %(n)s years", days // 365
    )


def distance(language: str, metres: float) -> str:
    """`450 m` to the nearest ten, `1.4 km` to the nearest hundred, `35 km` from ten kilometres."""
    metre, kilometre = ("м", "км") if language in CYRILLIC else ("m", "km")
    if metres < METRES_TO_WRITE_AS_KILOMETRES:
        return f"{max(10, _nearest(metres / 10) * 10)}\u00a0{metre}"
    kilometres = _nearest(metres / 100) / 10 if metres < 9950 else _nearest(metres / 1000)
    return f"{format_decimal(kilometres, locale=language)}\u00a0{kilometre}"


def _nearest(value: float) -> int:
    """The nearest whole number, a half upwards: as JavaScript rounds, so that list and map say the same."""
    return math.floor(value + 0.5)


_NUMBER = re.compile(r"[+(]?\d[\d ()/-]*")


def as_written(value: str) -> Markup:
    """A phone, a mail or a web address as it is dialled and typed, also inside of text from right to left.

    Without, the groups of a phone number change places there. A number goes to the next line as a whole; its spaces
    stay those that are typed, so that it can be copied.
    """
    whole = Markup(' class="nobr"') if _NUMBER.fullmatch(value) else ""
    return Markup('<bdi dir="ltr"{}>{}</bdi>').format(whole, value)


_POSTCODE = re.compile(r"\b(\d{2}-\d{3})\b")


def postal(value: str) -> Markup:
    """An address whose postcode stays in one line: browsers break "25-502" at its hyphen."""
    return _in_one_line(_POSTCODE, value)


_TIMES = re.compile(r"\b(\d{1,2}:\d{2}–\d{1,2}:\d{2})\b")


def times(value: str) -> Markup:
    """Words in which no span of hours is broken at its dash."""
    return _in_one_line(_TIMES, value)


def _in_one_line(pattern: re.Pattern[str], value: str) -> Markup:
    """A text in which what the pattern finds, in a group of its own, is not broken."""
    parts = pattern.split(value)
    kept = (
        Markup('<span class="nobr">{}</span>').format(part) if n % 2 else escape(part)
        for n, part in enumerate(parts)
    )
    return Markup("").join(kept)


def phone(value: str, home: str) -> str:
    """A phone number as it is written at home, or with its prefix when it is from elsewhere."""
    try:
        number = phonenumbers.parse(value, home)
    except phonenumbers.NumberParseException:
        return value
    at_home = phonenumbers.region_code_for_number(number) == home
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)
