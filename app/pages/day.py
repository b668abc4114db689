"""A day of errands on foot: two to five kinds of help, the places and the order that meet their hours, on one sheet."""

import datetime as dt
from typing import Annotated, Any

import orjson
from babel.dates import format_date, format_time
from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.areas.address_words import read_address
from app.areas.place_search import find_places
from app.features.addresses import find_address, find_addresses
from app.features.day_candidates import candidates, read_candidates
from app.features.day_plan import MOST_NEEDS, Plan, plan
from app.features.openings import DAYS
from app.layers import registry
from app.pages.answers import kept_by_all, unchanged, validator
from app.pages.day_question import (
    LONGEST_START,
    NO_START,
    STAYS,
    DayQuestion,
    Understood,
    day_question,
    understood,
)
from app.pages.feature_record import read_records
from app.pages.finder_question import DEFAULT_LAYER
from app.pages.setting import Setting, setting_of
from app.pages.views.day import PlannedDay, planned_day, visited
from app.pages.views.hours import Clock
from app.taxonomy.discretion import asks_discreetly
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import ReadConnection, page_of, render
from app.web.keeping import keepable
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires
from geo.bbox import Position

router = page_router()

#: So many addresses are suggested in the place of one that is not known.
MOST_MEANT = 3

Asked = Annotated[DayQuestion, Depends(day_question)]


@router.get("/{lang}/day", dependencies=[requires(PUBLIC)])
async def day(request: Request, reader: ReadConnection, lang: Language, question: Asked) -> Response:
    """The form, and below it the day, complete without script. What is not understood is said beside its field."""
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    setting = setting_of(request, f"/{lang}/day", lang)
    asked, problems = understood(question, setting.vocabulary, setting.now, setting.timezone)
    data = _form(question, asked, setting)
    if question.asked:
        origin, town = await _origin(reader, question, asked, setting)
        if origin is None and not problems.get("from"):
            problems = {**problems, "from": NO_START}
            data["meant"] = await _meant(reader, question, setting)
        if origin is not None and not problems:
            data |= {"planned": await _planned(reader, origin, asked, setting), "town": town}
        elif problems:
            data["problems"] = [
                (field, setting.texts.gettext(words, n=field.removeprefix("need-")))
                for field, words in problems.items()
            ]
    status = 422 if data["problems"] else 200
    page = page_of(request, now=setting.now)
    discreet = _discreet(question, data["planned"])
    answer = render(request, "day/day.html", status=status, page=page, discreet=discreet, **data)
    return kept_by_all(keepable(answer, unless=discreet), etag)


def _discreet(question: DayQuestion, planned: PlannedDay | None) -> bool:
    """Whether the day is about help that nobody else is to find."""
    stops = planned.stops if planned else ()
    return asks_discreetly(load_vocabulary(), services=question.need) or any(
        stop.place.discreet for stop in stops
    )


async def _origin(
    reader: ReadConnection, question: DayQuestion, asked: Understood, setting: Setting
) -> tuple[Position | None, str]:
    """Where the way begins, and the address or the town when one was named."""
    if question.near or not question.start:
        return asked.near, ""
    typed = read_address(question.start)
    if typed is not None and typed.looks_like_one:
        address = await find_address(reader, typed, countries=setting.countries)
        if address is not None:
            return Position(address.lng, address.lat), address.whole
    hits = await find_places(reader, question.start, limit=1, countries=setting.countries)
    if not hits:
        return None, ""
    return Position(hits[0].lng, hits[0].lat), hits[0].names.get(setting.texts.language, hits[0].name)


async def _meant(reader: ReadConnection, question: DayQuestion, setting: Setting) -> list[tuple[str, str]]:
    """Addresses that may have been meant where none can only be meant: their words, and the query that begins there."""
    typed = read_address(question.start)
    if typed is None or not typed.looks_like_one:
        return []
    meant = []
    for hit in await find_addresses(reader, typed, limit=MOST_MEANT, countries=setting.countries):
        words = hit.with_postcode
        again = read_address(words)
        # Words that would lead here again are no help.
        if again is None or len(words) > LONGEST_START:
            continue
        if await find_address(reader, again, countries=setting.countries):
            meant.append((words, question.from_address(words)))
    return meant


async def _planned(
    reader: ReadConnection, origin: Position, asked: Understood, setting: Setting
) -> PlannedDay:
    found = []
    for number, (_, services) in enumerate(asked.needs):
        statement = candidates(DEFAULT_LAYER, services, setting.vocabulary, origin, asked.day)
        rows = orjson.loads(await statement.bytes(reader))
        found.append(read_candidates(rows, services, number, asked.day))
    start = asked.day.minute(asked.day.start.timestamp())
    # Some twenty milliseconds of the processor: others are answered meanwhile.
    made: Plan = await run_in_threadpool(
        plan, origin, len(asked.needs), [one for each in found for one in each], start=start, stay=asked.stay
    )
    records = await read_records(reader, visited(made))
    return planned_day(
        made,
        [code for code, _ in asked.needs],
        weighed=[len(each) for each in found],
        records={str(record.id): record for record in records},
        origin=origin,
        day=asked.day,
        texts=setting.texts,
        vocabulary=setting.vocabulary,
        clock=Clock(setting.now, setting.today, setting.timezone, setting.countries[0]),
    )


def _form(question: DayQuestion, asked: Understood, setting: Setting) -> dict[str, Any]:
    """The form's choices, with what was given."""
    texts, vocabulary = setting.texts, setting.vocabulary
    language = texts.language
    groups = [
        (
            group.names[language],
            [(code, group.names[language])],
            [
                (service.code, service.names[language])
                for service in vocabulary.services.values()
                if service.group == code
            ],
        )
        for code, group in vocabulary.groups.items()
    ]
    days = [setting.today + dt.timedelta(days=n) for n in range(DAYS)]
    hours = sorted(
        {dt.time(minute // 60, minute % 60) for minute in range(5 * 60, 22 * 60, 30)}
        | {asked.day.start.time()}
    )
    return {
        "question": question,
        "groups": groups,
        "needs": [*question.need[:MOST_NEEDS], *[""] * (MOST_NEEDS - len(question.need))],
        "days": [(one.isoformat(), format_date(one, "full", locale=language)) for one in days],
        "day": asked.day.start.date(),
        "hours": [(f"{one:%H:%M}", format_time(one, "H:mm", locale=language)) for one in hours],
        "at": f"{asked.day.start:%H:%M}",
        "stays": [(str(n), texts.ngettext("%(n)s minute", "%(n)s minutes", n)) for n in STAYS],
        "stay": str(asked.stay),
        "today": setting.today,
        "planned": None,
        "town": "",
        "problems": [],
        "meant": [],
    }
