"""What somebody means who types a name or words: an area, an organisation, help, a place, an address."""

from dataclasses import replace

from app.areas.address_words import read_address
from app.db import Executor
from app.features.addresses import find_address
from app.features.asking import LONGEST_TEXT
from app.features.help_in_place import understand
from app.features.sentence import named_help
from app.features.sentence_readings import Understood
from app.pages.area_choices import area_of_words, meant_area
from app.pages.finder_question import DEFAULT_LAYER, FinderQuestion
from app.pages.organisation_choices import meant_organisation
from app.pages.said import as_far_as_found
from app.pages.setting import Setting
from app.taxonomy.discretion import is_other_help
from app.taxonomy.vocabulary import load_vocabulary


async def meant_question(
    connection: Executor, question: FinderQuestion, setting: Setting
) -> FinderQuestion | None:
    """The question that is meant where a name was typed that is clear, or words that name something; None where not."""
    if area := await meant_area(connection, question, setting.countries):
        return area
    if named := await meant_organisation(connection, question):
        return named
    if not question.q or question.as_text or len(question.q) > LONGEST_TEXT:
        return None
    return await _meant_by_words(connection, question, setting)


async def _meant_by_words(
    connection: Executor, question: FinderQuestion, setting: Setting
) -> FinderQuestion | None:
    """The question that is meant where the words name help or a place: `dentysta Kielce` asks for dentists there.

    Help that is typed takes the place of the one chosen before, as it does when the same words are picked among the
    suggestions: nobody who types "dentist" asks for a dentist or a meal, nor for places with both. It is a choice from
    then on, also where nothing was chosen before, so that what is chosen next is not mistaken for what was there when
    the words were typed. Everything else that is set stays.
    """
    countries = setting.countries
    if question.layer == DEFAULT_LAYER and (named := named_help(question.q, load_vocabulary())):
        return question.having(q="", service=named)
    meant = await understand(connection, question.q, load_vocabulary(), countries, setting.today)
    if meant is not None:
        said = _as_meant(question, meant)
        return said and await as_far_as_found(connection, said, question, setting, meant.time)
    is_default = question.layer == DEFAULT_LAYER
    if is_default and (area := await area_of_words(connection, question, countries)):
        return area
    return await _near_an_address(connection, question, countries)


def _as_meant(question: FinderQuestion, meant: Understood) -> FinderQuestion | None:
    """The question with what was understood in the place of its words."""
    if question.layer != DEFAULT_LAYER:
        # Organisations have no help of their own, and nobody to whom they are open.
        only_place = meant.place and not (meant.services or meant.conditions)
        return question.having(q="", place=meant.place, bbox="", near="") if only_place else None
    asked = question.having(
        q=meant.unread,
        as_text="text" if meant.unread else "",
        service=meant.services or question.service,
        audience=tuple(sorted({*question.audience, *meant.audiences})),
        access=tuple(sorted({*question.access, *meant.access})),
        language=tuple(sorted({*question.language, *meant.languages})),
        open_at=question.open_at or ("now" if meant.open_now else ""),
    )
    is_other = is_other_help(meant.services, load_vocabulary())
    said_more = replace(meant, time=None).conditions
    if said_more and question.discreet and not (asked.discreet or is_other):
        # Words of a refuge are no choice among other help: nobody is to find them on this device.
        if not (meant.place and meant.beside):
            return None
        return question.having(q=meant.beside, place=meant.place, bbox="", near="")
    return asked.having(place=meant.place, bbox="", near="") if meant.place else asked


async def _near_an_address(
    connection: Executor, question: FinderQuestion, countries: tuple[str, ...]
) -> FinderQuestion | None:
    """The question that is meant where the words are those of an address that is known: what is near it."""
    typed = read_address(question.q)
    if typed is None or not typed.looks_like_one:
        return None
    found = await find_address(connection, typed, near=question.near_position, countries=countries)
    return None if found is None else question.at_address(found)
