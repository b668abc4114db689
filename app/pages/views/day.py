"""A planned day as people read it: when to be where, what to bring, what could not be planned and why."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from babel.units import format_unit

from app.features.day_candidates import Day
from app.features.day_plan import Plan, Visit
from app.features.wording import names, sentence
from app.i18n import Translator
from app.pages.feature_record import Record
from app.pages.views.hours import Clock
from app.pages.views.place import Place, place
from app.pages.views.slip import Slip, slip
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import Position
from geo.distance import distance_m


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit. Times are those of the clock on the wall; `walk` is minutes, `metres` the beeline.

    `wait` is how long somebody stands at the door, "" for not at all.

    `open_words` say until when it is open: how late somebody who is held up may still come.
    """

    need: str
    record: Record
    place: Place
    slip: Slip
    begins: str
    ends: str
    open_words: str
    walk: int
    wait: str
    metres: float
    same_place: bool


@dataclass(frozen=True, slots=True)
class Unmet:
    """A need without a place in the plan: its name, and whether any place near was open that day at all.

    `query` asks the finder for all places for it, the nearest to where the way begins first.
    """

    need: str
    query: str
    any_open: bool


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """The page's content. `ends` is "" when there is no stop."""

    starts: str
    ends: str
    walk: int
    stops: tuple[Stop, ...]
    unmet: tuple[Unmet, ...]


def planned_day(
    made: Plan,
    needs: Sequence[str],
    *,
    weighed: Sequence[int],
    records: Mapping[str, Record],
    origin: Position,
    day: Day,
    texts: Translator,
    vocabulary: Vocabulary,
    clock: Clock,
) -> PlannedDay:
    """Give the day for a reader. `weighed` is how many places were open for each need."""
    stops: list[Stop] = []
    here, before = origin, ""
    for visit in made.visits:
        record = records[visit.candidate.place]
        stops.append(
            Stop(
                need=need_words(needs[visit.candidate.need], texts.language, vocabulary),
                record=record,
                place=place(record, texts, vocabulary, clock),
                slip=slip(record, texts, vocabulary, clock),
                begins=_clock(day, visit.begins),
                ends=_clock(day, visit.ends, ends=True),
                open_words=_open_words(visit, day, texts),
                walk=visit.walk,
                wait=_time_words(visit.begins - visit.arrives, texts.language),
                metres=distance_m(*here, *visit.candidate.position),
                same_place=before == visit.candidate.place,
            )
        )
        here, before = visit.candidate.position, visit.candidate.place
    unmet = tuple(
        Unmet(
            need_words(needs[number], texts.language, vocabulary),
            urlencode({"near": f"{origin.lng:.4f},{origin.lat:.4f}", "service": needs[number]}),
            weighed[number] > 0,
        )
        for number in made.unmet
    )
    return PlannedDay(
        starts=_clock(day, day.minute(day.start.timestamp())),
        ends=stops[-1].ends if stops else "",
        walk=made.walk,
        stops=tuple(stops),
        unmet=unmet,
    )


def need_words(code: str, language: str, vocabulary: Vocabulary) -> str:
    """The name of a service, a group of services or a family, as it stands in the list."""
    for table in (vocabulary.services, vocabulary.groups):
        if code in table:
            return sentence(names(table, (code,), language), language)
    return sentence(names(vocabulary.families, (code.rpartition(":")[2],), language), language)


def visited(made: Plan) -> list[UUID]:
    """The ids of the places in the plan, each once."""
    return [UUID(found) for found in dict.fromkeys(visit.candidate.place for visit in made.visits)]


def _open_words(visit: Visit, day: Day, texts: Translator) -> str:
    since, until = next(
        opening
        for opening in visit.candidate.openings
        if opening[0] <= visit.begins and visit.ends <= opening[1]
    )
    if until < day.minute(day.end.timestamp()):
        return texts.gettext("Open until %(time)s", time=_clock(day, until))
    # It may go on after midnight; of that day no more is asked.
    return texts.gettext("Open around the clock") if since <= 0 else ""


def _time_words(minutes: int, language: str) -> str:
    """`12 min`, `4 hr 7 min`: nobody has to reckon how long 247 minutes are."""
    parts = zip(divmod(minutes, 60), ("hour", "minute"), strict=True)
    return " ".join(format_unit(n, unit, length="short", locale=language) for n, unit in parts if n)


def _clock(day: Day, minute: int, *, ends: bool = False) -> str:
    """`9:05`, on the day of the change of the clocks too; what ends at midnight ends at 24:00."""
    moment = dt.datetime.fromtimestamp(day.midnight.timestamp() + minute * 60, day.midnight.tzinfo)
    hour = 24 if ends and (moment.hour, moment.minute) == (0, 0) else moment.hour
    return f"{hour}:{moment.minute:02}"
