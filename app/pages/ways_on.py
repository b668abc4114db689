"""Ways on from a page of the finder: a filter less, a wider area, help from afar, the nearest places elsewhere."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import orjson

from app.areas.address_words import read_address
from app.areas.place_search import find_places
from app.areas.unit_search import find_unit
from app.db import Executor, TookTooLong
from app.features.addresses import find_addresses
from app.features.asking import UNKNOWN_HOURS, filter_of
from app.features.listing import Asked, Order, page
from app.layers.registry import layer
from app.pages.asked_places import asked_places, asked_town, count
from app.pages.finder_question import DEFAULT_LAYER, FinderQuestion
from app.pages.found import Results, Way
from app.pages.setting import Setting
from app.pages.views.filter_tags import Tag
from app.pages.views.filter_words import help_names
from app.pages.views.hit import Hit, Reader, hit
from app.pages.views.units import unit_words
from app.taxonomy.search_words import find_services
from app.taxonomy.vocabulary import FAMILY_PREFIX
from geo.bbox import Position

#: So many places outside are shown where there are none inside.
MOST_NEAREST = 3
#: Where no more places match than these, filters that hide others are named.
FEW = 5
#: So many kinds of help are offered that are written like what was typed.
MOST_SERVICES = 2
ORGANISATIONS = "organisations"
#: Conditions of access that mean help without a way.
REMOTE = ("by_phone", "online")


async def unknown_hours(connection: Executor, question: FinderQuestion, setting: Setting) -> Way | None:
    """What may be open at the time that is asked for, but nobody knows its hours or it opens by arrangement."""
    if not question.open_at or question.hours:
        return None
    words = setting.texts.gettext("Hours not known, ask before you go")
    way = await _way(connection, words, question.having(hours=UNKNOWN_HOURS), setting)
    return way if way.count else None


async def ways_on(connection: Executor, made: Results, setting: Setting) -> tuple[Way, ...]:
    """The ways on that lead somewhere, each address once; those that are known in time."""
    ways: dict[str, Way] = {}
    with contextlib.suppress(TookTooLong):
        async for way in _every_way(connection, made, setting):
            if way.count:
                ways.setdefault(way.href, way)
    return tuple(ways.values())


async def filters_less(connection: Executor, made: Results, setting: Setting) -> tuple[Way, ...]:
    """The ways to more places where there are few: each a filter less, the help last."""
    ways = [
        way
        for less in (_each_filter_less, _help_less)
        async for way in less(connection, made, setting)
        if way.count > (made.total or 0)
    ]
    return tuple(ways)


async def nearest_places(
    connection: Executor, made: Results, reader: Reader, origin: Position | None
) -> tuple[Hit, ...]:
    """The nearest places that match, outside of what was asked about; seen from `origin`, else from its middle."""
    wanted = made.asked.wanted
    middle = origin or _middle(made)
    if middle is None or (wanted.bbox is None and wanted.area is None and wanted.drawn is None):
        return ()
    anywhere = Asked(made.asked.layer, replace(wanted, bbox=None, area=None, drawn=None))
    statement = page(anywhere, reader.vocabulary, Order.NEAR, limit=MOST_NEAREST, skip=0, origin=middle)
    from_there = replace(reader, origin=middle)
    found = [hit(feature, from_there) for feature in orjson.loads(await statement.bytes(connection))]
    return tuple(near for near in found if near.position is not None)


async def elsewhere(connection: Executor, made: Results, setting: Setting) -> Way | None:
    """Help by telephone and on the internet, which no box of the map holds."""
    if made.asked.wanted.bbox is None or made.question.access or made.question.layer != DEFAULT_LAYER:
        return None
    remote = made.question.having(access=REMOTE, bbox="", place="", near="")
    way = await _way(connection, setting.texts.gettext("By phone or online"), remote, setting)
    return way if way.count else None


def _middle(made: Results) -> Position | None:
    """From where the nearest places are looked for when the question says nothing better."""
    if made.asked.wanted.bbox is not None:
        return made.asked.wanted.bbox.centre
    if made.asked.wanted.drawn is not None:
        return made.asked.wanted.drawn.box.centre
    return made.unit.box.centre if made.unit and made.unit.box else None


async def _every_way(connection: Executor, made: Results, setting: Setting) -> AsyncIterator[Way]:
    """Ways that lead to places: a town of that name, a filter less, a wider area, telephone and internet.

    Whoever has said which help they need does not come for other help: what leaves it out is offered last.
    """
    question, texts = made.question, setting.texts
    if question.q:
        async for way in _other_meanings(connection, question, setting):
            yield way
    if made.asked.wanted.bbox is not None:
        everywhere = question.having(bbox="", place="", near="")
        yield await _way(connection, texts.gettext("In the whole country"), everywhere, setting)
    async for way in _each_filter_less(connection, made, setting):
        yield way
    if question.open_at == "now":
        without = question.having(open_at="")
        yield await _way(connection, texts.gettext("Also closed at the moment"), without, setting)
    if made.unknown:
        yield made.unknown
    async for way in _wider(connection, made, setting):
        yield way
    async for way in _only_help(connection, question, setting):
        yield way
    async for way in _any_help(connection, made, setting):
        yield way


async def _any_help(connection: Executor, made: Results, setting: Setting) -> AsyncIterator[Way]:
    """Other help than the one that was asked for, down to all places."""
    question, texts = made.question, setting.texts
    async for way in _help_less(connection, made, setting):
        yield way
    if any(code.startswith(FAMILY_PREFIX) for code in question.service):
        kept = tuple(code for code in question.service if not code.startswith(FAMILY_PREFIX))
        yield await _way(
            connection, texts.gettext("All kinds of help"), question.having(service=kept), setting
        )
    if question.layer == DEFAULT_LAYER:
        yield await _from_afar(connection, question, setting)
    yield await _way(
        connection, texts.gettext("All places"), question.bare().having(bbox="", place=""), setting
    )


async def _each_filter_less(connection: Executor, made: Results, setting: Setting) -> AsyncIterator[Way]:
    """A filter less, but for the help."""
    for tag in made.tags:
        if tag.without.service == made.question.service:
            yield await _without(connection, tag, setting)


async def _help_less(connection: Executor, made: Results, setting: Setting) -> AsyncIterator[Way]:
    """One kind of help less, of those that no chip shows."""
    for tag in made.tags:
        if tag.without.service != made.question.service:
            yield await _without(connection, tag, setting)


async def _without(connection: Executor, tag: Tag, setting: Setting) -> Way:
    words = setting.texts.gettext("Without: %(filter)s", filter=tag.words)
    return await _way(connection, words, tag.without, setting)


async def _other_meanings(
    connection: Executor, question: FinderQuestion, setting: Setting
) -> AsyncIterator[Way]:
    """What the words may be instead: help that is written like them, a town, an address, an organisation."""
    texts = setting.texts
    if question.layer == DEFAULT_LAYER:
        for match in find_services(question.q, MOST_SERVICES, setting.vocabulary):
            name = help_names((match.code,), setting.vocabulary, texts)
            words = texts.gettext("Did you mean %(address)s?", address=name)
            yield await _way(connection, words, question.having(q="", service=(match.code,)), setting)
    for place in await find_places(connection, question.q, limit=2, countries=setting.countries):
        near = question.having(q="", place=place.id, bbox="", near="")
        name = place.names.get(texts.language, place.name)
        region = f", {place.regions_in(texts.language)[0]}" if place.regions else ""
        words = texts.gettext("Places near %(place)s", place=name + region)
        yield await _way(connection, words, near, setting)
    typed = read_address(question.q)
    if typed is not None and typed.looks_like_one:
        for hit in await find_addresses(connection, typed, limit=3, countries=setting.countries):
            words = (
                texts.gettext("Did you mean %(address)s?", address=hit.with_postcode)
                if hit.guessed
                else texts.gettext("Places near %(place)s", place=hit.with_postcode)
            )
            yield await _way(connection, words, question.at_address(hit), setting)
    if question.layer == DEFAULT_LAYER:
        named = FinderQuestion(layer=ORGANISATIONS, q=question.q, as_text=question.as_text)
        yield await _way(connection, texts.gettext(layer(ORGANISATIONS).plural), named, setting)


async def _only_help(connection: Executor, question: FinderQuestion, setting: Setting) -> AsyncIterator[Way]:
    """The help that is looked for and nothing else: here, and where it is in all the country."""
    if not question.service:
        return
    vocabulary, texts = setting.vocabulary, setting.texts
    names = help_names(question.service, vocabulary, texts)
    bare = question.bare().having(service=question.service)
    if question.layer == DEFAULT_LAYER:
        remote = bare.having(access=REMOTE, bbox="", place="", near="")
        words = texts.gettext("%(help)s, by phone or online", help=names)
        yield await _way(connection, words, remote, setting)
    yield await _way(connection, texts.gettext("%(help)s, without other filters", help=names), bare, setting)
    words = texts.gettext("%(help)s in the whole country, without other filters", help=names)
    yield await _way(connection, words, bare.having(bbox="", place="", near=""), setting)


async def _wider(connection: Executor, made: Results, setting: Setting) -> AsyncIterator[Way]:
    """The same question about more: the unit above, help without a place."""
    question, texts = made.question, setting.texts
    if made.unit is not None and made.unit.parent_code:
        above = await find_unit(connection, made.unit.parent_code)
        if above is not None:
            words = unit_words(above.level, above.kind, above.name, above.names, texts)
            whole = question.in_area(above.code)
            yield await _way(
                connection, texts.gettext("In the whole of: %(area)s", area=words), whole, setting
            )
    if question.area:
        anywhere = question.having(area="", access=REMOTE)
        yield await _way(connection, texts.gettext("By phone or online"), anywhere, setting)
    remote = await elsewhere(connection, made, setting)
    if remote:
        yield remote


async def _from_afar(connection: Executor, question: FinderQuestion, setting: Setting) -> Way:
    """Help of every kind by telephone or on the internet: somebody there may know where to go.

    In a language that is asked for, where there is any.
    """
    afar = question.bare().having(access=REMOTE, bbox="", place="", near="")
    words = setting.texts.gettext("By phone or online, every kind of help")
    spoken = await _way(connection, words, afar.having(language=question.language), setting)
    return spoken if spoken.count else await _way(connection, words, afar, setting)


async def _way(connection: Executor, words: str, question: FinderQuestion, setting: Setting) -> Way:
    wanted = filter_of(question.asked(), setting.vocabulary, timezone=setting.timezone, now=setting.now)
    asked = asked_places(question, wanted, await asked_town(connection, question))
    return Way(words, question.href(setting.path), await count(connection, asked, setting.vocabulary))
