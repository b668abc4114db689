"""What stands on a slip for somebody who is sent to a place: the few things that one needs on the way."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.dates import format_date, format_skeleton

from app.features.conditions import NO_DOCUMENTS, Topic, conditions, documents_words
from app.features.hours_intervals import Interval, intervals
from app.features.hours_words import unknown_words
from app.features.opening_hours import BY_APPOINTMENT
from app.features.wording import names, sentence
from app.i18n import N_, Translator
from app.pages.feature_record import Record
from app.pages.views.hit import MOST_SERVICES
from app.pages.views.hours import Clock, one_line, state_of
from app.taxonomy.vocabulary import Vocabulary

#: How far ahead a day to come is looked for, and how much of an opening has to be left for somebody to get there.
_AHEAD = dt.timedelta(days=14)
_LEFT = dt.timedelta(minutes=60)
#: How far back an opening may have begun whose beginning is told: with the night before.
_BACK = dt.timedelta(days=2)
_MOST_LINES = 4
_UNTIL = (
    N_("Open now, until Monday, %(day)s, %(time)s"),
    N_("Open now, until Tuesday, %(day)s, %(time)s"),
    N_("Open now, until Wednesday, %(day)s, %(time)s"),
    N_("Open now, until Thursday, %(day)s, %(time)s"),
    N_("Open now, until Friday, %(day)s, %(time)s"),
    N_("Open now, until Saturday, %(day)s, %(time)s"),
    N_("Open now, until Sunday, %(day)s, %(time)s"),
)


@dataclass(frozen=True, slots=True)
class When:
    """The next day to come, and what holds in general, a line each; "" and () where nothing is known."""

    next_time: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """The content beside that of the page. `bring` and `way_in` are sentences; `needs_nothing`: that nothing has to be brought."""

    help: str
    cost: str
    when: When
    bring: str
    needs_nothing: bool
    languages: str
    way_in: str


def slip(record: Record, texts: Translator, vocabulary: Vocabulary, clock: Clock) -> Slip:
    """Give the slip's content for a reader."""
    data, language = record.properties, texts.language
    codes = [service["type"] for service in data.get("services", ())]
    told = {found.topic: found for found in conditions(data, texts, vocabulary)} if codes else {}

    def words(topic: Topic) -> str:
        found = told.get(topic)
        return "" if found is None else ". ".join(filter(None, (found.words, str(found.note or ""))))

    documents = {code for service in data.get("services", ()) for code in service.get("documents", ())}
    documents |= set(data.get("documents", ()))
    return Slip(
        help=sentence(names(vocabulary.services, codes[:MOST_SERVICES], language), language),
        cost=words(Topic.COST),
        when=_when(record, texts, vocabulary, clock) if codes else When("", ()),
        bring=documents_words(documents, texts, vocabulary),
        needs_nothing=documents == {NO_DOCUMENTS},
        languages=words(Topic.LANGUAGES),
        way_in=words(Topic.ACCESS),
    )


def _when(record: Record, texts: Translator, vocabulary: Vocabulary, clock: Clock) -> When:
    """A date to come, not a rule to work out; the rules stand below it, small."""
    if record.slim.get("closed"):
        return When(texts.gettext("Closed for good"), ())
    rules = {service: rule for service, rule in record.rules.items() if rule}
    if not rules:
        return When(unknown_words(texts, has_phone=record.has_phone), ())
    counted = {None: rules[None]} if None in rules else rules
    following = [found for rule in counted.values() if (found := _next(rule, clock)) is not None]
    if not following:
        words = [state_of(rule, texts, clock, has_phone=record.has_phone).words for rule in counted.values()]
        return _told(words[0], _lines(rules, texts, vocabulary))
    first = min(following, key=lambda found: (found.state != "open", max(found.start, clock.now)))
    return _told(
        moment_words(first, texts, clock, has_phone=record.has_phone), _lines(rules, texts, vocabulary)
    )


def _told(next_time: str, lines: Sequence[str]) -> When:
    """Nothing is said twice: around the clock is both when to come and the rule."""
    return When(next_time, tuple(line for line in lines if line != next_time))


def _next(rule: str, clock: Clock) -> Interval | None:
    now = clock.now
    found = intervals(rule, now - _BACK, now + _AHEAD, clock.timezone, clock.country)
    left = [i for i in found if i.end.astimezone(dt.UTC) - max(i.start.astimezone(dt.UTC), now) >= _LEFT]
    return next((i for i in left if i.state == "open"), next(iter(left), None))


def moment_words(found: Interval, texts: Translator, clock: Clock, *, has_phone: bool) -> str:
    """`Thursday, 26 November, 10:00–18:00`; with the day of its end where that is more than a night away."""
    if found.state != "open":
        if found.comment == BY_APPOINTMENT:
            return texts.gettext("By appointment")
        return unknown_words(texts, has_phone=has_phone)
    if found.end - clock.now >= _AHEAD - dt.timedelta(hours=1):
        return texts.gettext("Open around the clock")
    last, time = _last_day(found.end), _clock(found.end, ends=True)
    in_a_night = last == found.start.date() or (
        last - found.start.date() == dt.timedelta(days=1) and found.end.time() <= found.start.time()
    )
    if found.start <= clock.now and not (in_a_night and found.start.date() == clock.today):
        day = format_skeleton("MMMMd", last, locale=texts.language)
        return texts.gettext(_UNTIL[last.weekday()], day=day, time=time)
    beginning = f"{_day_words(found.start.date(), texts)}, {_clock(found.start)}"
    return f"{beginning}–{time}" if in_a_night else f"{beginning} – {_day_words(last, texts)}, {time}"


def _day_words(day: dt.date, texts: Translator) -> str:
    weekday = str(format_date(day, "EEEE", locale=texts.language))
    return f"{weekday[0].upper()}{weekday[1:]}, {format_skeleton('MMMMd', day, locale=texts.language)}"


def _last_day(end: dt.datetime) -> dt.date:
    """The day that a time belongs to as an end: midnight is 24:00 of the day before."""
    return (end - dt.timedelta(microseconds=1)).date()


def _clock(moment: dt.datetime, *, ends: bool = False) -> str:
    hour = 24 if ends and (moment.hour, moment.minute) == (0, 0) else moment.hour
    return f"{hour}:{moment.minute:02}"


def _lines(rules: Mapping[str | None, str], texts: Translator, vocabulary: Vocabulary) -> list[str]:
    """The rules in a line each, those of a service with its name; what takes more to say is left out."""
    lines = []
    for service, rule in rules.items():
        words = one_line(rule, texts)
        if not words:
            continue
        name = "".join(names(vocabulary.services, (service,), texts.language)) if service else ""
        lines.append(f"{name}: {words}" if name else words)
    return lines[:_MOST_LINES]
