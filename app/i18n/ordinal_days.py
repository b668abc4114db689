"""Days of the week counted within a month, as people say them: `on the second Wednesday of the month`.

Ordinals follow the gender of the day (w drugi wtorek, w drugą środę), which messages of a catalogue cannot say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: What is counted: the first to the fifth of a month, its last, the one before it.
COUNTED: Final = (1, 2, 3, 4, 5, -1, -2)


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The words of a language: `days`, Monday first, each with its gender; `ordinals` by gender in the order of `COUNTED`."""

    days: tuple[tuple[str, str], ...]
    ordinals: dict[str, str]
    phrase: str
    conjunction: str
    #: Another word for the first one of the phrase before ordinals that begin so.
    before: tuple[str, str] = ("", "")


_GRAMMARS: Final = {
    "pl": _Grammar(
        (
            ("poniedziałek", "m"),
            ("wtorek", "m"),
            ("środę", "f"),
            ("czwartek", "m"),
            ("piątek", "m"),
            ("sobotę", "f"),
            ("niedzielę", "f"),
        ),
        {
            "m": "pierwszy drugi trzeci czwarty piąty ostatni przedostatni",
            "f": "pierwszą drugą trzecią czwartą piątą ostatnią przedostatnią",
        },
        "w {which} {day} miesiąca",
        "i",
    ),
    "uk": _Grammar(
        (
            ("понеділок", "m"),
            ("вівторок", "m"),
            ("середу", "f"),
            ("четвер", "m"),
            ("пʼятницю", "f"),
            ("суботу", "f"),
            ("неділю", "f"),
        ),
        {
            "m": "перший другий третій четвертий п’ятий останній передостанній",
            "f": "першу другу третю четверту п’яту останню передостанню",
        },
        "у {which} {day} місяця",
        "та",
        before=("о", "в"),
    ),
    "ru": _Grammar(
        (
            ("понедельник", "m"),
            ("вторник", "m"),
            ("среду", "f"),
            ("четверг", "m"),
            ("пятницу", "f"),
            ("субботу", "f"),
            ("воскресенье", "n"),
        ),
        {
            "m": "первый второй третий четвёртый пятый последний предпоследний",
            "f": "первую вторую третью четвёртую пятую последнюю предпоследнюю",
            "n": "первое второе третье четвёртое пятое последнее предпоследнее",
        },
        "в {which} {day} месяца",
        "и",
        before=("вт", "во"),
    ),
    "de": _Grammar(
        tuple(
            (day, "m")
            for day in (
                "Montag",
                "Dienstag",
                "Mittwoch",
                "Donnerstag",
                "Freitag",
                "Samstag",
                "Sonntag",
            )
        ),
        {"m": "ersten zweiten dritten vierten fünften letzten vorletzten"},
        "am {which} {day} im Monat",
        "und",
    ),
    "ro": _Grammar(
        tuple((day, "f") for day in ("luni", "marți", "miercuri", "joi", "vineri", "sâmbătă", "duminică")),
        {"f": "prima|a doua|a treia|a patra|a cincea|ultima|penultima"},
        "în {which} {day} din lună",
        "și",
    ),
    "en": _Grammar(
        tuple(
            (day, "m")
            for day in (
                "Monday",
                "Tuesday",
                "Wednesday",
                "Thursday",
                "Friday",
                "Saturday",
                "Sunday",
            )
        ),
        {"m": "first|second|third|fourth|fifth|last|last but one"},
        "on the {which} {day} of the month",
        "and",
    ),
}


def ordinal_day(language: str, counted: Sequence[int], day: int) -> str:
    """Give `on the first and third Wednesday of the month`; `counted` are some of `COUNTED`, `day` is 0 for Monday."""
    grammar = _GRAMMARS[language]
    name, gender = grammar.days[day]
    ordinals = grammar.ordinals[gender]
    words = ordinals.split("|") if "|" in ordinals else ordinals.split()
    said = [words[COUNTED.index(number)] for number in counted]
    which = f" {grammar.conjunction} ".join(filter(None, [", ".join(said[:-1]), said[-1]]))
    phrase = grammar.phrase.format(which=which, day=name)
    begins, instead = grammar.before
    if begins and which.startswith(begins):
        phrase = f"{instead} {phrase.partition(' ')[2]}"
    return phrase
