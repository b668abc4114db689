"""What a day on foot is asked for, as it stands in the address; every part that cannot be understood is named."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Query

from app.features.day_candidates import Day
from app.features.day_plan import MOST_NEEDS
from app.features.openings import DAYS
from app.i18n import N_
from app.taxonomy.vocabulary import UnknownTerm, Vocabulary
from app.web.query import Codes, PlainText
from geo.bbox import Position, parse_position
from geo.errors import GeoError

_Moment = TypeVar("_Moment", dt.date, dt.time)

#: How many minutes an errand may take, and how many it usually does.
STAYS = (15, 30, 45, 60, 90, 120)
USUAL_STAY = 30
FEWEST_NEEDS = 2
LONGEST_START = 80
#: Somebody who sets out today does so at the next of these steps, in minutes.
STEP = 15

TOO_FEW = N_("Choose two to five kinds of help.")
UNKNOWN_NEED = N_(
    "Help %(n)s: the link names a kind of help that we do not know. Choose another one from the list."
)
NO_START = N_("Write where the way begins: street, number and town, or the town alone. Or use your position.")
NOT_A_DAY = N_("Choose a day within the next two weeks.")
NOT_AN_HOUR = N_("Choose an hour from the list.")
PAST = N_("This time is over. Choose a later one.")
NOT_A_STAY = N_("Choose how long a visit takes from the list.")


@dataclass(frozen=True, slots=True)
class DayQuestion:
    """The parameters of the page; "" and () ask for nothing. `start` is an address or the name of a town, `near` lng,lat."""

    need: tuple[str, ...] = ()
    start: str = ""
    near: str = ""
    day: str = ""
    at: str = ""
    stay: str = ""

    @property
    def asked(self) -> bool:
        """Whether anything is asked for: without, the page is an empty form."""
        return bool(self.need or self.start or self.near)

    def from_address(self, words: str) -> str:
        """The query of the same question with a way that begins at another address."""
        given = {
            "need": ",".join(self.need),
            "from": words,
            "day": self.day,
            "at": self.at,
            "stay": self.stay,
        }
        return urlencode({name: value for name, value in given.items() if value})


def day_question(
    need: Annotated[Codes, Query()] = (),
    start: Annotated[PlainText, Query(alias="from", max_length=LONGEST_START)] = "",
    near: Annotated[PlainText, Query(max_length=60)] = "",
    day: Annotated[PlainText, Query(max_length=10)] = "",
    at: Annotated[PlainText, Query(max_length=5)] = "",
    stay: Annotated[PlainText, Query(max_length=4)] = "",
) -> DayQuestion:
    """Give the question of a request."""
    return DayQuestion(tuple(dict.fromkeys(need)), " ".join(start.split()), near, day, at, stay)


@dataclass(frozen=True, slots=True)
class Understood:
    """A question in the terms of the plan. `needs` are the codes as given, each with its services."""

    needs: tuple[tuple[str, frozenset[str]], ...]
    near: Position | None
    day: Day
    stay: int


def understood(
    question: DayQuestion, vocabulary: Vocabulary, now: dt.datetime, timezone: str
) -> tuple[Understood, Mapping[str, str]]:
    """Give the question as understood, and the problems by the id of their field, as message ids: the first need is `need-1`.

    What is wrong stands in the first as if it were not given.
    """
    problems: dict[str, str] = {}
    needs = []
    for number, code in enumerate(question.need[:MOST_NEEDS], 1):
        try:
            needs.append((code, vocabulary.expand((code,))))
        except UnknownTerm:
            problems[f"need-{number}"] = UNKNOWN_NEED
    if not FEWEST_NEEDS <= len(question.need) <= MOST_NEEDS:
        problems.setdefault("need-1", TOO_FEW)
    near = None
    if question.near:
        try:
            near = parse_position(question.near)
        except GeoError:
            problems["from"] = NO_START
    elif not question.start:
        problems["from"] = NO_START
    stay = int(question.stay) if question.stay.isascii() and question.stay.isdigit() else USUAL_STAY
    if question.stay and (str(stay) != question.stay or stay not in STAYS):
        problems["stay"] = NOT_A_STAY
        stay = USUAL_STAY
    day = _day(question, now, ZoneInfo(timezone), problems)
    return Understood(tuple(needs), near, day, stay), problems


def _day(question: DayQuestion, now: dt.datetime, zone: ZoneInfo, problems: dict[str, str]) -> Day:
    """The day and the hour of setting out; of today it is the next step when no hour is given."""
    here = now.astimezone(zone)
    date = here.date()
    if question.day:
        given = _iso(dt.date, question.day)
        if given is None or not 0 <= (given - date).days < DAYS:
            problems["day"] = NOT_A_DAY
        else:
            date = given
    midnight = dt.datetime.combine(date, dt.time(), zone)
    end = dt.datetime.combine(date + dt.timedelta(days=1), dt.time(), zone)
    if not question.at:
        start = next_step(here) if date == here.date() else midnight.replace(hour=9)
        return Day(midnight, start, end)
    hour = _iso(dt.time, question.at)
    if hour is None or len(question.at) != len("09:00") or hour.tzinfo is not None:
        problems["at"] = NOT_AN_HOUR
        hour = dt.time(9)
    start = dt.datetime.combine(date, hour, zone)
    if start < here - dt.timedelta(minutes=STEP):
        problems.setdefault("at", PAST)
    return Day(midnight, start, end)


def next_step(here: dt.datetime) -> dt.datetime:
    """The next full step of the clock, on the same day."""
    later = (here + dt.timedelta(minutes=STEP)).replace(second=0, microsecond=0)
    stepped = later.replace(minute=later.minute // STEP * STEP)
    return stepped if stepped.date() == here.date() else here


def _iso(kind: type[_Moment], given: str) -> _Moment | None:
    try:
        return kind.fromisoformat(given)
    except ValueError:
        return None
