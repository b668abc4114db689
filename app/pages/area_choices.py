"""The typed name of an area: the unit that it means, or the units to choose from."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from app.areas.unit_search import find_units
from app.i18n import Translator
from app.pages.finder_question import FinderQuestion
from app.pages.views.units import hit_words

#: So many units of one name are offered.
MOST_CHOICES = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit that the words for an area may mean."""

    words: str
    detail: str
    href: str


async def meant_area(
    connection: AsyncConnection, question: FinderQuestion, countries: tuple[str, ...]
) -> FinderQuestion | None:
    """The question about the unit whose name was typed; None when none was, or several may be meant, or none is known."""
    if not question.area_name:
        return None
    hits = await find_units(connection, question.area_name, limit=MOST_CHOICES, countries=countries)
    sure = [found for found in hits if found.exact] or hits
    return question.in_area(sure[0].code) if len(sure) == 1 else None


async def choices(
    connection: AsyncConnection,
    question: FinderQuestion,
    texts: Translator,
    path: str,
    countries: tuple[str, ...],
) -> tuple[Choice, ...]:
    """The units that the typed name may mean, each with the question about it."""
    if not question.area_name:
        return ()
    hits = await find_units(connection, question.area_name, limit=MOST_CHOICES, countries=countries)
    return tuple(Choice(*hit_words(found, texts), question.in_area(found.code).href(path)) for found in hits)
