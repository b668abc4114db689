"""The question of how much is free: a number that is asked together with how long it holds, since it always ends."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from app.features.capacity import LONGEST
from app.features.dates import read_moment, write_moment
from app.forms import Answers, Choice, Field, Option, Reading
from app.forms.choices import NOT_OFFERED
from app.forms.fields import say
from app.forms.numbers import Number
from app.forms.reading import value_at
from app.i18n import N_, Translator

#: What is counted where nothing else is chosen, and for how many days it holds then.
PLACES: Final = "places"
A_DAY: Final = 1
_UNITS: Final[Mapping[str, str]] = {
    "beds": N_("Beds"),
    "meals": N_("Meals"),
    "parcels": N_("Parcels"),
    "people": N_("People"),
    "rooms": N_("Rooms"),
    "seats": N_("Seats"),
    "items": N_("Things"),
}
_DAYS: Final[Mapping[str, int]] = {"3": 3, "7": 7, "30": 30}
#: What was counted before, as it stands in the page: number, unit, and both moments.
_MOMENT: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
_COUNTED: Final = re.compile(rf"(\d{{1,6}}) ([a-z]{{1,10}}) ({_MOMENT}) ({_MOMENT})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class _Holds(Choice):
    """For how long; what was counted before stays as it was counted, unless another time is chosen."""

    def offered(self, answers: Answers) -> tuple[Option, ...]:
        """The times, after them the one that stands there."""
        counted = answers.one(self.name)
        kept = (Option(counted, N_("As it was counted")),) if _COUNTED.fullmatch(counted) else ()
        return (*super().offered(answers), *kept)

    def chosen(self, answers: Answers) -> str:
        """The time, or what stands there."""
        return answers.one(self.name)


@dataclass(frozen=True, kw_only=True)
class Room(Field):
    """How many of something are free: number, unit and time. An empty number says nothing."""

    kind: ClassVar[str] = "together"

    optional: bool = True

    @property
    def fields(self) -> tuple[Field, ...]:
        """Number, unit and time."""
        return (self._number, self._unit, self._holds)

    @property
    def _number(self) -> Number:
        return Number(
            name=f"{self.name}.available",
            path=f"{self.place}.available",
            label=N_("How many are free now?"),
            hint=N_("0 means full. Empty: nothing is said of it."),
            row=f"two {self.name}",
        )

    @property
    def _unit(self) -> Choice:
        options = tuple(Option(code, words) for code, words in _UNITS.items())
        return Choice(
            name=f"{self.name}.unit",
            label=N_("What is counted"),
            hint=N_("For example beds or meals."),
            options=options,
            select=True,
            empty=N_("Free places"),
            optional=True,
            row=f"two {self.name}",
        )

    @property
    def _holds(self) -> _Holds:
        return _Holds(
            name=f"{self.name}.holds",
            label=N_("For how long is that right?"),
            hint=N_("After that nobody reads it any more."),
            options=(
                Option("3", N_("For three days")),
                Option("7", N_("For a week")),
                Option("30", N_("For a month")),
            ),
            select=True,
            empty=N_("For a day"),
            optional=True,
        )

    @property
    def id(self) -> str:
        """The number."""
        return self._number.id

    def owns(self, name: str) -> bool:
        """One of the three."""
        return any(inner.owns(name) for inner in self.fields)

    def label_of(self, name: str, texts: Translator) -> str:
        """The label of one of the three."""
        return next((f.label_of(name, texts) for f in self.fields if f.owns(name)), say(self.label, texts))

    def told(self, answers: Answers, texts: Translator) -> list[str]:
        """All of it in one line."""
        said = answers.one(self._number.name).strip()
        if not said:
            return []
        unit = _UNITS.get(answers.one(self._unit.name), N_("Free places"))
        return [f"{texts.gettext('Free now')}: {said} ({texts.gettext(unit)})"]

    def read(self, answers: Answers, into: Reading) -> None:
        """Put what is free as counted now; as counted before where nobody has changed it."""
        number, unit = self._number, answers.one(self._unit.name) or PLACES
        into.came_from(self.place, number.name)
        if not answers.one(number.name).strip():
            return
        if unit != PLACES and unit not in _UNITS:
            into.refuse(self._unit.name, "not_offered", NOT_OFFERED)
            return
        number.read(answers, into)
        available = value_at(into.data, number.place)
        if available is None:
            return
        into.put(f"{self.place}.unit", unit, self._unit.name)
        for member, moment in zip(
            ("updated", "expires"), self._moments(answers, available, unit), strict=True
        ):
            into.put(f"{self.place}.{member}", write_moment(moment), number.name)

    def _moments(self, answers: Answers, available: int, unit: str) -> tuple[dt.datetime, dt.datetime]:
        said = answers.one(self._holds.name)
        counted = _counted(said)
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        if counted is None:
            return now, now + dt.timedelta(days=_DAYS.get(said, A_DAY))
        before, of_what, updated, expires = counted
        if (before, of_what) == (available, unit):
            return updated, expires
        return now, now + min(expires - updated, LONGEST)

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """What is said now; what nobody believes any more is asked anew."""
        found = value_at(data, self.place)
        if not isinstance(found, dict) or found.get("available") is None:
            return
        if read_moment(found["expires"]) <= dt.datetime.now(dt.UTC):
            return
        yield self._number.name, str(found["available"])
        if found["unit"] != PLACES:
            yield self._unit.name, found["unit"]
        yield (
            self._holds.name,
            " ".join(str(found[key]) for key in ("available", "unit", "updated", "expires")),
        )


def _counted(said: str) -> tuple[int, str, dt.datetime, dt.datetime] | None:
    match = _COUNTED.fullmatch(said)
    if match is None:
        return None
    try:
        updated, expires = (dt.datetime.fromisoformat(moment) for moment in match.group(3, 4))
    except ValueError:
        return None
    return (int(match[1]), match[2], updated, expires) if updated < expires else None
