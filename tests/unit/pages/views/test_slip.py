"""When to come, as a slip says it: a date with its hours, and the day of the end where that is not the same night."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest

from app.i18n import LANGUAGES, translator
from app.pages.feature_record import Record
from app.pages.views.hours import Clock
from app.pages.views.slip import slip
from app.taxonomy.vocabulary import load_vocabulary

ZONE = "Europe/Warsaw"
#: A Monday without a holiday near.
MONDAY = dt.date(2026, 11, 23)


def when(rule: str, day: dt.date, hour: int, language: str = "en") -> str:
    """What the slip says that is printed at that hour."""
    now = dt.datetime.combine(day, dt.time(hour), ZoneInfo(ZONE)).astimezone(dt.UTC)
    properties = {
        "name": {"texts": {"pl": "Punkt"}, "source": "pl"},
        "services": [{"type": "hot_meals"}],
        "family": "food",
    }
    record = Record(uuid.uuid4(), "aid_points", "punkt", properties, {}, None, {None: rule}, None)
    made = slip(record, translator(language, ZONE), load_vocabulary(), Clock(now, day, ZONE, "PL"))
    return made.when.next_time


TUESDAY = MONDAY + dt.timedelta(days=1)
FRIDAY = MONDAY + dt.timedelta(days=4)


@pytest.mark.parametrize(
    ("rule", "day", "hour", "words"),
    [
        ("Mo-Fr 00:00-24:00", MONDAY, 10, "Open now, until Friday, November 27, 24:00"),
        ("Mo-Fr 00:00-24:00", FRIDAY, 10, "Open now, until Friday, November 27, 24:00"),
        (
            "Mo-Fr 00:00-24:00",
            FRIDAY + dt.timedelta(days=1),
            10,
            "Monday, November 30, 0:00 – Friday, December 4, 24:00",
        ),
        ("Mo-Fr 00:00-24:00; Sa 00:00-09:00", TUESDAY, 1, "Open now, until Saturday, November 28, 9:00"),
        ("Mo-Fr 10:00-18:00", MONDAY, 8, "Monday, November 23, 10:00–18:00"),
        ("Mo-Fr 10:00-18:00", MONDAY, 12, "Monday, November 23, 10:00–18:00"),
        ("Mo 22:00-06:00", MONDAY, 12, "Monday, November 23, 22:00–6:00"),
        ("Mo 22:00-06:00", MONDAY, 23, "Monday, November 23, 22:00–6:00"),
        ("Mo 22:00-06:00", TUESDAY, 2, "Open now, until Tuesday, November 24, 6:00"),
        ("Mo 08:00-24:00", MONDAY, 7, "Monday, November 23, 8:00–24:00"),
        (
            "Mo 08:00-24:00; Tu 00:00-10:00",
            MONDAY,
            7,
            "Monday, November 23, 8:00 – Tuesday, November 24, 10:00",
        ),
        ("24/7", MONDAY, 10, "Open around the clock"),
    ],
)
def test_the_end_names_its_day_when_it_is_not_the_same_night(
    rule: str, day: dt.date, hour: int, words: str
) -> None:
    assert when(rule, day, hour) == words


def test_the_end_is_told_in_each_language() -> None:
    words = {language: when("Mo-Fr 00:00-24:00", MONDAY, 10, language) for language in LANGUAGES}
    assert words == {
        "pl": "Teraz otwarte, do piątku, 27 listopada, godz.\N{NO-BREAK SPACE}24:00",
        "uk": "Зараз відчинено, до п’ятниці, 27 листопада, 24:00",
        "en": "Open now, until Friday, November 27, 24:00",
        "de": "Jetzt geöffnet, bis Freitag, 27. November, 24:00 Uhr",
        "ro": "Deschis acum, până vineri, 27 noiembrie, ora\N{NO-BREAK SPACE}24:00",
        "ru": "Сейчас открыто, до пятницы, 27 ноября, 24:00",
    }
