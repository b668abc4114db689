"""The typed name of an area: the unit that it means, or the units to choose from."""

import re
from dataclasses import dataclass

from app.areas.unit_search import UnitHit, any_units, find_unit, find_units, names_level, nearest_units
from app.db import Executor
from app.i18n import Translator
from app.pages.finder_question import FinderQuestion
from app.pages.views.units import hit_words
from geo.names import fold_name

#: So many units of one name are offered, and so many whose names are only like what was typed.
MOST_CHOICES = 10
MOST_NEAREST = 5
#: A metropolis is found by any word of its name. It may be as short as "GZM".
METROPOLIS, SHORTEST_METROPOLIS = "metropolis", 3
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit that the words for an area may mean."""

    words: str
    detail: str
    href: str


@dataclass(frozen=True, slots=True)
class NamedArea:
    """The typed name of an area that is not clear: `words` say so, as a title.

    `known`: the choices have that name. Else they are those of the most similar names, if there are any.
    `any_units`: whether any boundaries were imported.
    """

    words: str
    known: bool
    choices: tuple[Choice, ...]
    any_units: bool


async def meant_area(
    connection: Executor, question: FinderQuestion, countries: tuple[str, ...]
) -> FinderQuestion | None:
    """The question about the unit whose name was typed or whose code was chosen; None when none was, or several may be meant, or none is known.

    A code that is not known, of an old or mistyped address, becomes a name that is not known: it must not look as if
    the area had hardly any help.
    """
    if question.area and await find_unit(connection, question.area) is None and await any_units(connection):
        return question.having(area="", area_name=question.area)
    if not question.area_name:
        return None
    if await find_unit(connection, question.area_name) is not None:
        return question.in_area(question.area_name)
    hits = await find_units(connection, question.area_name, limit=MOST_CHOICES, countries=countries)
    sure = [found for found in hits if found.exact] or hits
    return question.in_area(sure[0].code) if len(sure) == 1 else None


async def area_of_words(
    connection: Executor, question: FinderQuestion, countries: tuple[str, ...]
) -> FinderQuestion | None:
    """The question about the unit that the words of the search name, with what it is or as a metropolis is called.

    "powiat krakowski", "GZM". A name alone is that of a town: "Kraków".
    """
    hits = await find_units(connection, question.q, limit=MOST_CHOICES, countries=countries)
    sure = [found for found in hits if found.exact]
    if names_level(question.q):
        return question.having(q="").in_area(sure[0].code) if len(sure) == 1 else None
    others = [found for found in hits if not found.alike]
    if len(others) == 1 and others[0].level == METROPOLIS and _is_called(question.q, others[0]):
        return question.having(q="").in_area(others[0].code)
    return None


def _is_called(typed: str, metropolis: UnitHit) -> bool:
    """Whether words are its code, or all of its name but what it is: "metro" is the underground, and no area."""
    if metropolis.exact:
        return len(typed) >= SHORTEST_METROPOLIS
    said = set(_WORD.findall(fold_name(typed)))
    own = set(_WORD.findall(fold_name(metropolis.name)))
    return bool(said) and {word for word in own if not names_level(f"{word} x")} <= said <= own


async def named_area(
    connection: Executor,
    question: FinderQuestion,
    texts: Translator,
    path: str,
    countries: tuple[str, ...],
) -> NamedArea | None:
    """What the typed name may mean, each choice with the question about it; None when no name was typed."""
    name = question.area_name
    if not name:
        return None
    hits = await find_units(connection, name, limit=MOST_CHOICES, countries=countries)
    known = any(not found.alike for found in hits)
    if not known:
        hits = await nearest_units(connection, name, limit=MOST_NEAREST, countries=countries)
    words = (
        texts.gettext("Which “%(name)s” do you mean?", name=name)
        if known
        else texts.gettext("We do not know the area “%(name)s”", name=name)
    )
    choices = tuple(_choice(found, question, texts, path) for found in hits)
    return NamedArea(words, known, choices, bool(choices) or await any_units(connection))


def _choice(found: UnitHit, question: FinderQuestion, texts: Translator, path: str) -> Choice:
    return Choice(*hit_words(found, texts), question.in_area(found.code).href(path))
