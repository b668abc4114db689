"""The answer to a question of the finder, read from the public data: a page of hits, counts, ways on."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.areas.place_search import find_places
from app.areas.unit_search import KnownUnit, find_unit
from app.errors import FieldProblem, InvalidInput
from app.features.asking import UNKNOWN_HOURS, filter_of
from app.features.filters import Filter
from app.features.listing import Asked, Order, page, total
from app.i18n import N_, Translator
from app.pages.area_choices import Choice, choices
from app.pages.finder_question import DEFAULT_LAYER, FinderQuestion
from app.pages.gazetteer import Town, town
from app.pages.views.filters import Tag, tags
from app.pages.views.hit import Hit, Reader, hit
from app.pages.views.units import unit_words
from app.taxonomy.vocabulary import FAMILY_PREFIX, Vocabulary
from geo.bbox import BBox, Position

PAGE_SIZE = 25
#: So many places outside are shown where there are none inside.
MOST_NEAREST = 3
#: Conditions of access that mean help without a way.
REMOTE = ("by_phone", "online")
NO_SUCH_PLACE = N_("We do not know this place. Type the name of a town.")


@dataclass(frozen=True, slots=True)
class Way:
    """A way on where nothing fits: what it is, and how many places are there."""

    words: str
    href: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that the list says. `elsewhere` counts help by telephone and on the internet outside of a box.

    `unit_words` name the area that was asked for; `choices` are the units that the typed name of one may mean.
    `unknown` counts what may be open at the time that was asked for; `nearest` are places outside of the area where
    there are none in it.
    """

    question: FinderQuestion
    asked: Asked
    town: Town | None
    order: Order
    total: int
    hits: tuple[Hit, ...]
    tags: tuple[Tag, ...]
    ways: tuple[Way, ...] = ()
    elsewhere: Way | None = None
    unit: KnownUnit | None = None
    unit_words: str = ""
    choices: tuple[Choice, ...] = ()
    unknown: Way | None = None
    nearest: tuple[Hit, ...] = ()

    @property
    def view(self) -> BBox | None:
        """What the map shows of the area or the town that was asked for; None when something else was."""
        if self.question.bbox:
            return None
        if self.unit is not None and self.unit.box is not None:
            return self.unit.box
        return self.town.view if self.town else None

    @property
    def last_page(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def next_size(self) -> int:
        """How many places the next page has."""
        return max(0, min(PAGE_SIZE, self.total - self.question.page * PAGE_SIZE))

    @property
    def example(self) -> bool:
        """Whether some of what is shown is invented."""
        return any(shown.example for shown in self.hits)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a question is answered: the page's path, the installation's zone and countries, the moment."""

    path: str
    texts: Translator
    vocabulary: Vocabulary
    timezone: str
    countries: tuple[str, ...]
    now: dt.datetime
    today: dt.date


async def results(connection: AsyncConnection, question: FinderQuestion, setting: Setting) -> Results:
    """Answer a question. `InvalidInput` names what cannot be understood."""
    wanted = filter_of(question.asked(), setting.vocabulary, timezone=setting.timezone, now=setting.now)
    around = await _town(connection, question)
    asked = _asked(question, wanted, around)
    origin = question.near_position or (around.position if around and not question.bbox else None)
    middle = origin or (wanted.bbox.centre if wanted.bbox else None)
    order = question.order or (Order.NEAR if middle else Order.CHECKED)
    if order in (Order.NEAR, Order.BEST) and middle is None:
        order = Order.CHECKED
    found = await _count(connection, asked, setting)
    statement = page(
        asked,
        setting.vocabulary,
        order,
        limit=PAGE_SIZE,
        skip=(question.page - 1) * PAGE_SIZE,
        origin=middle,
        now=setting.now,
        today=setting.today,
    )
    reader = Reader(
        texts=setting.texts,
        vocabulary=setting.vocabulary,
        timezone=setting.timezone,
        now=setting.now,
        today=setting.today,
        origin=origin,
        wanted=wanted.services or wanted.text_services,
    )
    hits = tuple(hit(feature, reader) for feature in orjson.loads(await statement.bytes(connection)))
    unit = await find_unit(connection, question.area) if question.area else None
    words = unit_words(unit.level, unit.kind, unit.name, unit.names, setting.texts) if unit else question.area
    made = Results(
        question,
        asked,
        around,
        order,
        found,
        hits,
        await _tags(connection, question, around, words, setting),
        unit=unit,
        unit_words=words,
        choices=await choices(connection, question, setting.texts, setting.path, setting.countries),
        unknown=await _unknown(connection, question, setting),
    )
    if not found:
        return replace(
            made,
            ways=await _ways(connection, made, setting),
            nearest=await _nearest(connection, made, reader, origin or _middle(made)),
        )
    return replace(made, elsewhere=await _elsewhere(connection, made, setting))


def _asked(question: FinderQuestion, wanted: Filter, around: Town | None) -> Asked:
    """Which places: those in the box of the map, else those around the town."""
    if around is None or wanted.bbox is not None:
        return Asked(question.layer, wanted)
    return Asked(question.layer, wanted.within(around.box), around.area_codes)


async def _town(connection: AsyncConnection, question: FinderQuestion) -> Town | None:
    if not question.place:
        return None
    found = await town(connection, question.place)
    if found is None:
        raise InvalidInput(FieldProblem("place", "unknown_place", NO_SUCH_PLACE))
    return found


async def _count(connection: AsyncConnection, asked: Asked, setting: Setting) -> int:
    statement = total(asked, setting.vocabulary)
    return int(await statement.value(connection))


async def _tags(
    connection: AsyncConnection, question: FinderQuestion, around: Town | None, area: str, setting: Setting
) -> tuple[Tag, ...]:
    language = setting.texts.language
    organisation = None
    if question.organisation:
        row = await connection.execute(
            text(
                "SELECT name FROM published.feature WHERE id = CAST(:id AS uuid) AND layer = 'organisations'"
            ),
            {"id": question.organisation},
        )
        organisation = row.scalar_one_or_none()
    return tuple(
        tags(
            question,
            setting.vocabulary,
            setting.texts,
            setting.path,
            timezone=setting.timezone,
            place=around.name_in(language) if around and not question.bbox else "",
            area=area,
            organisation=organisation or "",
        )
    )


async def _unknown(connection: AsyncConnection, question: FinderQuestion, setting: Setting) -> Way | None:
    """What may be open at the time that is asked for, but nobody knows its hours or it opens by arrangement."""
    if not question.open_at or question.hours:
        return None
    words = setting.texts.gettext("Hours not known, ask before you go")
    way = await _way(connection, words, question.having(hours=UNKNOWN_HOURS), setting)
    return way if way.count else None


def _middle(made: Results) -> Position | None:
    """From where the nearest places are looked for when the question says nothing better."""
    if made.asked.wanted.bbox is not None:
        return made.asked.wanted.bbox.centre
    return made.unit.box.centre if made.unit and made.unit.box else None


async def _nearest(
    connection: AsyncConnection, made: Results, reader: Reader, middle: Position | None
) -> tuple[Hit, ...]:
    """The nearest places that match, outside of what was asked about."""
    wanted = made.asked.wanted
    if middle is None or (wanted.bbox is None and wanted.area is None):
        return ()
    anywhere = Asked(made.asked.layer, replace(wanted, bbox=None, area=None))
    statement = page(anywhere, reader.vocabulary, Order.NEAR, limit=MOST_NEAREST, skip=0, origin=middle)
    from_there = replace(reader, origin=middle)
    found = [hit(feature, from_there) for feature in orjson.loads(await statement.bytes(connection))]
    return tuple(near for near in found if near.position is not None)


async def _ways(connection: AsyncConnection, made: Results, setting: Setting) -> tuple[Way, ...]:
    """The ways on that lead somewhere, each address once."""
    ways = [way async for way in _ways_on(connection, made, setting) if way.count]
    return tuple({way.href: way for way in reversed(ways)}.values())[::-1]


async def _ways_on(connection: AsyncConnection, made: Results, setting: Setting) -> AsyncIterator[Way]:
    """Ways that lead to places: a town of that name, a filter less, a wider area, telephone and internet."""
    question, texts = made.question, setting.texts
    if question.q:
        for place in await find_places(connection, question.q, limit=2, countries=setting.countries):
            near = question.having(q="", place=place.id, bbox="", near="")
            name = place.names.get(texts.language, place.name)
            region = f", {place.regions[0]}" if place.regions else ""
            words = texts.gettext("Places near %(place)s", place=name + region)
            yield await _way(connection, words, near, setting)
    for tag in made.tags:
        yield await _way(
            connection, texts.gettext("Without: %(filter)s", filter=tag.words), tag.without, setting
        )
    if question.open_at == "now":
        without = question.having(open_at="")
        yield await _way(connection, texts.gettext("Also closed at the moment"), without, setting)
    if any(code.startswith(FAMILY_PREFIX) for code in question.service):
        kept = tuple(code for code in question.service if not code.startswith(FAMILY_PREFIX))
        yield await _way(
            connection, texts.gettext("All kinds of help"), question.having(service=kept), setting
        )
    if made.unknown:
        yield made.unknown
    async for way in _wider(connection, made, setting):
        yield way
    yield await _way(
        connection, texts.gettext("All places"), question.bare().having(bbox="", place=""), setting
    )


async def _wider(connection: AsyncConnection, made: Results, setting: Setting) -> AsyncIterator[Way]:
    """The same question about more: the unit above, the whole country, help without a place."""
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
    if made.asked.wanted.bbox is not None:
        everywhere = question.having(bbox="", place="", near="")
        yield await _way(connection, texts.gettext("In the whole country"), everywhere, setting)
        remote = await _elsewhere(connection, made, setting)
        if remote:
            yield remote


async def _elsewhere(connection: AsyncConnection, made: Results, setting: Setting) -> Way | None:
    """Help by telephone and on the internet, which no box of the map holds."""
    if made.asked.wanted.bbox is None or made.question.access or made.question.layer != DEFAULT_LAYER:
        return None
    remote = made.question.having(access=REMOTE, bbox="", place="", near="")
    way = await _way(connection, setting.texts.gettext("By phone or online"), remote, setting)
    return way if way.count else None


async def _way(connection: AsyncConnection, words: str, question: FinderQuestion, setting: Setting) -> Way:
    wanted = filter_of(question.asked(), setting.vocabulary, timezone=setting.timezone, now=setting.now)
    asked = _asked(question, wanted, await _town(connection, question))
    return Way(words, question.href(setting.path), await _count(connection, asked, setting))
