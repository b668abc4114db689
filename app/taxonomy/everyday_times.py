"""Words of every day for when: days, parts of the day and what stands beside an hour; in all six languages at once."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from app.taxonomy.reading import read_file
from geo.names import fold_name

#: Parts of the day.
MORNING, NOON, AFTERNOON, EVENING, NIGHT = "morning", "noon", "afternoon", "evening", "night"
_TODAY: Final = 0
#: Saturday and Sunday.
WEEKEND: Final = (6, 7)


@dataclass(frozen=True, slots=True)
class TimeWords:
    """What folded phrases say of when.

    `days` are days from today on, `weekdays` those of the week (1 is Monday), several where any of them may be meant,
    `parts` parts of the day, `beside` the ones
    that are said only beside a day or an hour, `both` a day from today on with its part. `before_day`, `before_hour` and
    `behind_hour` say nothing by themselves, nor does `open`; behind `until` an hour is the end. A number
    before those `of_day` is an hour, one before the `counted` no time at all. `towns` are weekdays that are names of towns too, and
    `towns_rest` what stands behind them then. `months` stand beside the number of a day; those `in_capitals` have a
    capital in their language. Behind `before_date` a date is no name of a street, behind `streets` it is. `hours` are hours in words,
    unless one of `no_hours` follows; behind `at_hour` a small number is one as well.
    """

    days: Mapping[str, int]
    weekdays: Mapping[str, tuple[int, ...]]
    parts: Mapping[str, str]
    beside: Mapping[str, str]
    both: Mapping[str, tuple[int, str]]
    before_day: frozenset[str]
    before_hour: frozenset[str]
    behind_hour: frozenset[str]
    of_day: frozenset[str]
    counted: frozenset[str]
    until: frozenset[str]
    open: frozenset[str]
    towns: frozenset[str]
    towns_rest: frozenset[str]
    months: Mapping[str, int]
    in_capitals: frozenset[str]
    before_date: frozenset[str]
    streets: frozenset[str]
    hours: Mapping[str, int]
    no_hours: frozenset[str]
    at_hour: frozenset[str]
    longest: int


@functools.cache
def time_words() -> TimeWords:
    """Read them."""
    tables: dict[str, Any] = read_file("times.toml")

    def meant(name: str) -> Iterator[tuple[str, str]]:
        return ((phrase, code) for code, said in tables[name].items() for phrase in _folded(said))

    days = {phrase: int(code) for phrase, code in meant("days")}
    parts = dict(meant("part"))
    both = {phrase: (_TODAY, part) for phrase, part in meant("today")}
    said = {name: frozenset(_folded(words)) for name, words in tables["said"].items()}
    weekdays: dict[str, tuple[int, ...]] = {phrase: (int(code),) for phrase, code in meant("weekday")}
    weekdays |= dict.fromkeys(_folded(tables["weekend"]), WEEKEND)
    phrases = (*days, *weekdays, *parts, *both, *(phrase for words in said.values() for phrase in words))
    return TimeWords(
        days=MappingProxyType(days),
        weekdays=MappingProxyType(weekdays),
        parts=MappingProxyType(parts),
        beside=MappingProxyType(dict(meant("part_beside"))),
        both=MappingProxyType(both),
        before_day=said["on"],
        before_hour=said["at"],
        behind_hour=said["hour"],
        of_day=said["of_day"],
        counted=said["counted"],
        until=said["until"],
        open=said["open"],
        towns=said["towns"],
        towns_rest=said["towns_rest"],
        months=MappingProxyType({phrase: int(code) for phrase, code in meant("month")}),
        in_capitals=frozenset(_folded(_in_capitals(tables["month"]))),
        before_date=said["on_date"],
        streets=said["street"],
        hours=MappingProxyType({phrase: int(code) for phrase, code in meant("hour_word")}),
        no_hours=said["no_hour"],
        at_hour=said["at_hour"],
        longest=max(len(phrase.split()) for phrase in phrases),
    )


def _in_capitals(months: Mapping[str, Mapping[str, list[str]]]) -> dict[str, list[str]]:
    """The names of months in the languages that give them a capital."""
    return {
        language: [word for said in months.values() for word in said[language]] for language in ("en", "de")
    }


def _folded(said: Mapping[str, list[str]]) -> Iterator[str]:
    return (fold_name(phrase) for phrases in said.values() for phrase in phrases)
