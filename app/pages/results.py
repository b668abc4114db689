"""The answer to a question of the finder, read from the public data."""

import sys
from dataclasses import replace
from uuid import UUID

import orjson

from app.areas.address_search import AddressHit
from app.areas.unit_search import find_unit
from app.db import CountingReader, Executor, in_time
from app.features.addresses import address_at
from app.features.asking import filter_of
from app.features.filters import Filter
from app.features.listing import (
    COMPARED_WITH_WORDS,
    Order,
    page,
    sorted_at_most,
)
from app.features.run_by import find_runner
from app.pages.area_choices import named_area
from app.pages.asked_places import asked_places, asked_town, count
from app.pages.finder_question import FinderQuestion
from app.pages.found import PAGE_SIZE, Results
from app.pages.gazetteer import Town
from app.pages.organisation_choices import named_organisation
from app.pages.said import left_out_names, left_out_times
from app.pages.setting import Setting
from app.pages.views.filter_tags import Tag, pressed, tags
from app.pages.views.hit import Reader, hit
from app.pages.views.opening import moment_asked
from app.pages.views.units import town_words, unit_words
from app.pages.ways_on import FEW, elsewhere, filters_less, nearest_places, unknown_hours, ways_on
from geo.bbox import Position


async def results(
    connection: Executor, counting: CountingReader, question: FinderQuestion, setting: Setting
) -> Results:
    """Answer a question, without the numbers that take too long. `InvalidInput` names what cannot be understood."""
    wanted = filter_of(question.asked(), setting.vocabulary, timezone=setting.timezone, now=setting.now)
    around = await asked_town(connection, question)
    asked = asked_places(question, wanted, around)
    origin = question.near_position or (around.position if around and not question.bbox else None)
    middle = origin or (wanted.bbox.centre if wanted.bbox else None)
    found = await in_time(count(counting, asked, setting.vocabulary), None)
    order, reverse = _order(question, found, middle)
    skipped = (question.page - 1) * PAGE_SIZE
    # Of a number that is not known the next page is read too: what it has can be said.
    limit = PAGE_SIZE if found is not None else 2 * PAGE_SIZE
    statement = page(
        asked,
        setting.vocabulary,
        order,
        limit=limit,
        skip=skipped,
        reverse=reverse,
        origin=middle,
        now=setting.now,
        today=setting.today,
        language=setting.texts.language,
    )
    features = orjson.loads(await statement.bytes(connection))
    if found is None and len(features) < limit and (features or not skipped):
        found = skipped + len(features)
    reader = _reader(question, wanted, origin, setting)
    hits = tuple(hit(feature, reader) for feature in features[:PAGE_SIZE])
    unit = await find_unit(connection, question.area) if question.area else None
    words = unit_words(unit.level, unit.kind, unit.name, unit.names, setting.texts) if unit else question.area
    address = (
        await address_at(connection, question.near_name, question.near_position, setting.countries)
        if question.near_name and question.near_position
        else None
    )
    made = Results(
        question,
        asked,
        around,
        order,
        found,
        hits,
        await _tags(connection, question, around, address, words, setting),
        pressed=tuple(pressed(question, setting.vocabulary, setting.texts, setting.path)),
        reverse=reverse,
        origin=origin,
        unit=unit,
        unit_words=words,
        named_area=await named_area(connection, question, setting.texts, setting.path, setting.countries),
        named_organisation=await named_organisation(connection, question, asked, setting),
        unknown=await in_time(unknown_hours(counting, question, setting), None),
        address=address,
        left_out=left_out_names(question, setting),
        left_out_times=left_out_times(question, setting),
        following=len(features) - len(hits),
    )
    return await _with_ways_on(connection, counting, made, reader, setting)


def _reader(question: FinderQuestion, wanted: Filter, origin: Position | None, setting: Setting) -> Reader:
    return Reader(
        texts=setting.texts,
        vocabulary=setting.vocabulary,
        timezone=setting.timezone,
        now=setting.now,
        today=setting.today,
        origin=origin,
        wanted=wanted.services or wanted.text_services,
        then=moment_asked(question.open_at, wanted),
    )


async def _with_ways_on(
    connection: Executor, counting: CountingReader, made: Results, reader: Reader, setting: Setting
) -> Results:
    """The same with what else may be asked, as far as there is time for it."""
    if not made.some:
        # Where nothing was found they are what the page is for.
        counting.begin_again()
        return replace(
            made,
            ways=await ways_on(counting, made, setting),
            nearest=await nearest_places(connection, made, reader, made.origin),
        )
    few = made.total is not None and made.total <= FEW
    return replace(
        made,
        elsewhere=await in_time(elsewhere(counting, made, setting), None),
        wider=await in_time(filters_less(counting, made, setting), ()) if few else (),
    )


def _order(question: FinderQuestion, counted: int | None, middle: Position | None) -> tuple[Order, bool]:
    """The order that is asked for, and whether it is turned round, where it can be had of so many places."""
    found = sys.maxsize if counted is None else counted
    order = question.order or (Order.NEAR if middle else Order.MATCH)
    most = sorted_at_most(order, reverse=question.reverse, unknown_hours=bool(question.hours))
    if (order in (Order.NEAR, Order.BEST) and middle is None) or found > most:
        order = Order.MATCH
    if order is Order.MATCH and not (question.q and found <= COMPARED_WITH_WORDS):
        order = Order.CHECKED
    return order, question.reverse and order is question.order


async def _tags(
    connection: Executor,
    question: FinderQuestion,
    around: Town | None,
    address: AddressHit | None,
    area: str,
    setting: Setting,
) -> tuple[Tag, ...]:
    language = setting.texts.language
    runner = await find_runner(connection, UUID(question.organisation)) if question.organisation else None
    return tuple(
        tags(
            question,
            setting.vocabulary,
            setting.texts,
            setting.path,
            timezone=setting.timezone,
            now=setting.now,
            place=town_words(around, language) if around and not question.bbox else "",
            address=address.whole if address else "",
            area=area,
            organisation=runner.name_in(language) if runner else "",
        )
    )
