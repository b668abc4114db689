"""The form of a banner: what was typed, with the times in the clock of the installation."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from app.banners.content import Notice, read_notice
from app.banners.models import Banner
from app.desk.days import day_in
from app.errors import FieldProblem, InvalidInput
from app.i18n import LANGUAGES, N_
from app.web.dependencies import Form

NO_TIME: Final = N_("Write a day as in 2026-11-20 and an hour as in 16:30.")
NO_SUCH_HOUR: Final = N_(
    "On this day the clocks go forward, and this hour does not exist. Write another one."
)
_HOUR: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
FIELDS: Final = (
    "kind",
    *(f"text_{language}" for language in LANGUAGES),
    "link",
    "from_day",
    "from_time",
    "until_day",
    "until_time",
)


@dataclass(frozen=True, slots=True)
class BannerForm:
    """What stands in the form, and what is wrong with it by field."""

    typed: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Each field that is wrong once, in the order of the form."""
        return [(name, self.problems[name]) for name in FIELDS if name in self.problems]


def sent(form: Form) -> dict[str, str]:
    """What was typed, the line breaks of text fields as blanks: a banner is one paragraph."""
    return {name: re.sub(r"\s*[\r\n]+\s*", " ", form.one(name)).strip() for name in FIELDS}


def of_banner(banner: Banner, timezone: str) -> dict[str, str]:
    """The form of a banner as it is."""
    return of_notice(banner.content, banner.from_at, banner.until_at, timezone)


def of_notice(
    content: dict[str, object], from_at: dt.datetime, until_at: dt.datetime, timezone: str
) -> dict[str, str]:
    """The form that would say this."""
    texts = content["texts"]
    assert isinstance(texts, dict)
    typed = dict.fromkeys(FIELDS, "")
    typed |= {"kind": str(content["kind"]), "link": str(content["link"])}
    typed |= {f"text_{language}": text for language, text in texts.items()}
    for name, moment in (("from", from_at), ("until", until_at)):
        local = moment.astimezone(ZoneInfo(timezone))
        typed |= {f"{name}_day": f"{local:%Y-%m-%d}", f"{name}_time": f"{local:%H:%M}"}
    return typed


def read_form(typed: dict[str, str], timezone: str, now: dt.datetime) -> Notice:
    """Read the form; `InvalidInput` names every field that is wrong. Without a beginning it begins now."""
    problems: list[FieldProblem] = []
    times = {"from": now.replace(second=0, microsecond=0), "until": now}
    for name in times:
        day, hour = typed[f"{name}_day"], typed[f"{name}_time"]
        if name == "from" and not day and not hour:
            continue
        try:
            times[name] = moment_of(day, hour, timezone, last=name == "until")
        except InvalidInput as error:
            problems += [FieldProblem(f"{name}_day", "time", one.message) for one in error.problems]
    try:
        # Where a time is wrong the rest is looked at with one that is right.
        until = now + dt.timedelta(days=1) if problems else times["until"]
        notice = read_notice(typed, times["from"] if not problems else now, until, now=now)
    except InvalidInput as error:
        raise InvalidInput(*error.problems, *problems) from None
    if problems:
        raise InvalidInput(*problems)
    return notice


def moment_of(day: str, hour: str, timezone: str, *, last: bool) -> dt.datetime:
    """The moment of a day and an hour of the installation's clock; of two with the same hour the `last`, or the first."""
    found, clock = day_in(day), _HOUR.fullmatch(hour)
    if found is None or clock is None:
        raise InvalidInput(FieldProblem("", "time", NO_TIME))
    zone = ZoneInfo(timezone)
    local = dt.datetime.combine(found, dt.time(int(clock[1]), int(clock[2]), fold=int(last)), zone)
    moment = local.astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise InvalidInput(FieldProblem("", "time", NO_SUCH_HOUR))
    return moment
