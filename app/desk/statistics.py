"""Figures of the queue for those who decide: of a period, where they may see; of persons, everybody's only for administrators."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from babel.dates import format_timedelta
from fastapi import Query, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse

from app.accounts.models import User
from app.accounts.roles import may
from app.areas.models import Area
from app.desk.acts import setting_of
from app.desk.days import day_in, midnight, period_of
from app.desk.pages import desk_page, texts_of
from app.i18n import N_, Translator
from app.layers.registry import LAYERS
from app.moderation import statistics as figures
from app.moderation.reasons import REJECTION_REASONS
from app.web.dependencies import WriteSession, settings_of
from app.web.query import PlainText
from app.web.routes import page_router, requires

router = page_router("/desk/statistics")

#: Periods that end today, in days.
DAYS: Final = (7, 30, 90, 365)
DEFAULT_DAYS: Final = 30
#: Periods of so many days at most are drawn by the day, by the week; longer ones by the month.
BY_DAY, BY_WEEK = 31, 190
#: The longest period that is counted.
MOST_DAYS: Final = 3660
TOO_LONG: Final = N_("Choose a period of ten years at most.")
AGES: Final = (
    N_("less than a day"),
    N_("one to two days"),
    N_("two days to a week"),
    N_("more than a week"),
)
Word = Annotated[PlainText, Query(max_length=45)]


@router.get("", dependencies=[requires("submission.see")])
async def show_statistics(
    request: Request,
    session: WriteSession,
    days: Word = "",
    since: Word = "",
    until: Word = "",
    area: Word = "",
) -> HTMLResponse:
    """Everything of a period: of the last so many days, or from one day to another."""
    user: User = request.state.user
    zone = settings_of(request).timezone
    last = next((known for known in DAYS if days == str(known)), DEFAULT_DAYS)
    first, end, problems = _period(since, until, last, setting_of(request).today, zone)
    data: dict[str, Any] = {
        "days": 0 if since or until else last,
        "choices": DAYS,
        "since": since or str(first),
        "until": until or str(end),
        "area": area,
        "area_name": await session.scalar(select(Area.name).where(Area.code == area)) if area else "",
        "problems": problems,
        "everybody": may(user, "user.see"),
    }
    if problems:
        return await desk_page(request, session, "desk/statistics.html", status=422, **data)
    wanted = figures.Wanted(
        midnight(first, zone), midnight(end + dt.timedelta(days=1), zone), zone, user, area=area
    )
    query = urlencode({"days": last} if data["days"] else {"since": first, "until": end})
    data |= await _drawn(session, wanted, first, end)
    only = None if data["everybody"] else user.id
    data |= await _told(session, wanted, texts_of(request), only=only, query=query)
    return await desk_page(request, session, "desk/statistics.html", query=query, **data)


def _period(
    since: str, until: str, last: int, today: dt.date, zone: str
) -> tuple[dt.date, dt.date, Mapping[str, str]]:
    """The first and the last day of a period, the `last` days where none are said, and what is wrong with it, by field."""
    problems: Mapping[str, str] = period_of(since, until, zone).problems
    end = (day_in(until) if until else None) or today
    first = (day_in(since) if since else None) or end - dt.timedelta(days=last - 1)
    if not problems and (end - first).days >= MOST_DAYS:
        problems = {"since": TOO_LONG}
    if not problems and end < first:
        problems = period_of(str(first), str(end), zone).problems
    return first, end, problems


async def _drawn(
    session: AsyncSession, wanted: figures.Wanted, first: dt.date, end: dt.date
) -> dict[str, Any]:
    """What came and was decided, span by span."""
    unit = unit_of(first, end)
    spans = filled(await figures.by_day(session, wanted, unit), first, end, unit)
    return {
        "unit": unit,
        "spans": spans,
        "columns": _columns(spans),
        "most": max([*(one.came for one in spans), *(one.decided for one in spans)]),
    }


async def _told(
    session: AsyncSession, wanted: figures.Wanted, texts: Translator, *, only: uuid.UUID | None, query: str
) -> dict[str, Any]:
    """What waits now, and the figures of the period; of persons those of `only` one, where it is somebody."""
    ages, for_sender = await figures.waiting_now(session, wanted)
    whole, layers = await figures.by_layer(session, wanted)
    areas = await figures.by_area(session, wanted)
    people = await figures.by_person(session, wanted, only)
    reasons = await figures.by_reason(session, wanted)
    own = await figures.by_themselves(session, wanted)
    in_none = texts.gettext("In none of these areas")
    href = "" if wanted.area else f"/desk/statistics?{query}&area="
    return {
        "waits": _ages(ages, texts),
        "for_sender": for_sender,
        "whole": whole,
        "tables": [
            ("layers", texts.gettext("By what it is about"), _rows(layers, texts, names=_layer_names(texts))),
            ("areas", texts.gettext("By area"), _rows(areas, texts, none=in_none, href=href)),
            (
                "people",
                texts.gettext("By moderator") if only is None else texts.gettext("Your own decisions"),
                _rows(people, texts, none=texts.gettext("The program")),
            ),
        ],
        "reasons": _reasons(reasons, texts),
        "by_themselves": _counted(own),
        "by_themselves_n": sum(n for _, n in own),
        "lasted": lambda time: lasted(time, texts),
    }


def unit_of(first: dt.date, last: dt.date) -> str:
    """By what a period is drawn."""
    days = (last - first).days + 1
    return "day" if days <= BY_DAY else "week" if days <= BY_WEEK else "month"


def filled(spans: Iterable[figures.Span], first: dt.date, last: dt.date, unit: str) -> Sequence[figures.Span]:
    """Give every day, week or month of a period, those with nothing in them as well."""
    there = {span.day: span for span in spans}
    found, day = [], start_of(first, unit)
    while day <= last:
        found.append(there.get(day) or figures.Span(day, 0, 0))
        day = start_of(day + dt.timedelta(days={"day": 1, "week": 7, "month": 31}[unit]), unit)
    return found


def start_of(day: dt.date, unit: str) -> dt.date:
    """The first day of the week (Monday) or month of a day."""
    if unit == "week":
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def lasted(time: dt.timedelta | None, texts: Translator) -> str:
    """How long something took, in words: `40 minutes`, `47 hours`, `3 days`; "—" where nothing was."""
    if time is None:
        return "—"
    return str(format_timedelta(time, granularity="minute", threshold=2, locale=texts.language))


def _columns(spans: Sequence[figures.Span]) -> list[dict[str, int]]:
    """Two columns a span in a picture that is 100 high and 10 wide for each."""
    most = max([1, *(one.came for one in spans), *(one.decided for one in spans)])

    def column(x: int, count: int) -> dict[str, int]:
        height = max(round(96 * count / most), 1 if count else 0)
        return {"x": x, "y": 100 - height, "height": height}

    return [
        {**column(10 * place + shift, count), "decided": shift == 5}
        for place, span in enumerate(spans)
        for shift, count in ((1, span.came), (5, span.decided))
        if count
    ]


def _ages(ages: Sequence[figures.Age], texts: Translator) -> list[dict[str, Any]]:
    most = max([1, *(one.new + one.changes for one in ages)])
    return [
        {
            "words": texts.gettext(words),
            "new": one.new,
            "changes": one.changes,
            "new_width": round(100 * one.new / most, 1),
            "changes_width": round(100 * one.changes / most, 1),
        }
        for words, one in zip(AGES, ages, strict=True)
    ]


def _rows(
    found: Sequence[figures.Decided],
    texts: Translator,
    *,
    names: dict[str, str] | None = None,
    none: str = "",
    href: str = "",
) -> list[dict[str, Any]]:
    most = max([1, *(one.count for one in found)])
    return [
        {
            "name": none if one.key is None else (names or {}).get(one.key) or one.name or one.key,
            "href": f"{href}{one.key}" if href and one.key else "",
            "count": one.count,
            "approved": one.approved,
            "rejected": one.rejected,
            "spam": one.spam,
            "width": round(100 * one.count / most, 1),
            "median": lasted(one.median, texts),
            "ninetieth": lasted(one.ninetieth, texts),
        }
        for one in found
    ]


def _layer_names(texts: Translator) -> dict[str, str]:
    return {key: texts.gettext(layer.plural) for key, layer in LAYERS.items()}


def _reasons(found: Sequence[tuple[str, int]], texts: Translator) -> list[dict[str, Any]]:
    return _counted(
        [
            (texts.gettext(REJECTION_REASONS[code]) if code in REJECTION_REASONS else code, n)
            for code, n in found
        ]
    )


def _counted(found: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
    most = max([1, *(n for _, n in found)])
    return [{"name": name, "count": n, "width": round(100 * n / most, 1)} for name, n in found]
