"""The finder: list and map of what fits a question, complete without script."""

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from app.areas.address_words import read_address
from app.areas.unit_search import any_units, metropolises
from app.features.addresses import find_address
from app.features.asking import LONGEST_TEXT
from app.features.help_in_place import Understood, named_help, understand
from app.features.versions import tag_of
from app.layers import registry
from app.pages.answers import (
    FRAGMENT_HEADER,
    PANEL,
    RESULTS,
    kept_by_all,
    unchanged,
    validator,
    versions_of,
)
from app.pages.area_choices import area_of_words, meant_area
from app.pages.finder_question import DEFAULT_LAYER, FinderQuestion, finder_question
from app.pages.found import Results
from app.pages.panel_counts import PanelCounts
from app.pages.results import results
from app.pages.said import as_far_as_found
from app.pages.setting import Setting, setting_of
from app.pages.views.filters import CHECKED, chips, counted, sections
from app.pages.views.map_element import home_box, map_data
from app.pages.views.units import hit_words
from app.pages.views.when import when
from app.taxonomy.vocabulary import load_vocabulary
from app.templating import Templates
from app.web.dependencies import ReadConnection, page_of, render, settings_of
from app.web.keeping import keepable
from app.web.language import Language, negotiated_start
from app.web.routes import PUBLIC, page_router, requires
from geo.bbox import BBox

router = page_router()

#: More of them than this are found by their names.
MOST_METROPOLISES = 6


@router.get("/", dependencies=[requires(PUBLIC)])
async def start(request: Request) -> Response:
    """The start page in the visitor's language."""
    return negotiated_start(request)


@router.get("/{lang}/", dependencies=[requires(PUBLIC)])
async def finder(
    request: Request,
    reader: ReadConnection,
    lang: Language,
    question: Annotated[FinderQuestion, Depends(finder_question)],
) -> Response:
    """The page; with the header `X-Fragment` only a part: `results` is what stands in the list's sheet, `panel` the
    form of the filters.
    """
    registry.layer(question.layer)
    asked_for = request.headers.get(FRAGMENT_HEADER, "")
    fragment = asked_for if asked_for in (RESULTS, PANEL) else ""
    etag = await validator(request, *registry.LAYERS, also=fragment)
    if answer := unchanged(request, etag, FRAGMENT_HEADER):
        return answer
    setting = setting_of(request, f"/{lang}/", lang)
    if better := await _meant(request, reader, question, setting):
        return kept_by_all(RedirectResponse(better.href(f"/{lang}/"), status_code=302), etag, FRAGMENT_HEADER)
    found = await results(reader, question, setting)
    if fragment == PANEL and question.layer == DEFAULT_LAYER:
        data = _list_data(request, found, setting) | await _panel_data(request, reader, found, setting)
        part = render(request, "finder/panel_form.html", **data)
        return _kept(part, found, etag)
    if fragment:
        part = render(request, "finder/results.html", fragment=True, **_list_data(request, found, setting))
        return _kept(part, found, etag)
    return _kept(await _page(request, reader, found, setting), found, etag)


def _kept(answer: Response, found: Results, etag: str) -> Response:
    return kept_by_all(keepable(answer, unless=found.discreet), etag, FRAGMENT_HEADER)


async def _meant(
    request: Request, reader: ReadConnection, question: FinderQuestion, setting: Setting
) -> FinderQuestion | None:
    """The question that is meant where the words name help or a place: `dentysta Kielce` asks for dentists there.

    Help that is typed takes the place of the one chosen before, as it does when the same words are picked among the
    suggestions: nobody who types "dentist" asks for a dentist or a meal, nor for places with both. It is a choice from
    then on, also where nothing was chosen before, so that what is chosen next is not mistaken for what was there when
    the words were typed. Everything else that is set stays.
    """
    if area := await meant_area(reader, question, settings_of(request).countries):
        return area
    if not question.q or question.as_text or len(question.q) > LONGEST_TEXT:
        return None
    if question.layer == DEFAULT_LAYER and (named := named_help(question.q, load_vocabulary())):
        return question.having(q="", service=named)
    countries = settings_of(request).countries
    meant = await understand(reader, question.q, load_vocabulary(), countries)
    if meant is not None:
        said = _as_meant(question, meant)
        return said and await as_far_as_found(reader, said, question, setting)
    is_default = question.layer == DEFAULT_LAYER
    if is_default and (area := await area_of_words(reader, question, countries)):
        return area
    return await _near_an_address(reader, question, countries)


def _as_meant(question: FinderQuestion, meant: Understood) -> FinderQuestion | None:
    """The question with what was understood in the place of its words."""
    if question.layer != DEFAULT_LAYER:
        # Organisations have no help of their own, and nobody to whom they are open.
        only_place = meant.place and not (meant.services or meant.conditions)
        return question.having(q="", place=meant.place, bbox="", near="") if only_place else None
    asked = question.having(
        q="",
        service=meant.services or question.service,
        audience=tuple(sorted({*question.audience, *meant.audiences})),
        access=tuple(sorted({*question.access, *meant.access})),
        open_at=question.open_at or ("now" if meant.open_now else ""),
    )
    if meant.conditions and question.discreet and not asked.discreet:
        # Words of a refuge are no choice among other help: nobody is to find them on this device.
        return None
    return asked.having(place=meant.place, bbox="", near="") if meant.place else asked


async def _near_an_address(
    reader: ReadConnection, question: FinderQuestion, countries: tuple[str, ...]
) -> FinderQuestion | None:
    """The question that is meant where the words are those of an address that is known: what is near it."""
    typed = read_address(question.q)
    if typed is None or not typed.looks_like_one:
        return None
    found = await find_address(reader, typed, near=question.near_position, countries=countries)
    return None if found is None else question.at_address(found)


def _list_data(request: Request, found: Results, setting: Setting) -> dict[str, Any]:
    question = found.question
    return {
        "page": page_of(request, now=setting.now, example_data=found.example),
        "found": found,
        "question": question,
        "path": setting.path,
        "today": setting.today,
        "next_href": question.having(page=question.page + 1).href(setting.path),
        "previous_href": question.having(page=question.page - 1).href(setting.path),
        "others": _other_layer(question, setting),
    }


def _other_layer(question: FinderQuestion, setting: Setting) -> tuple[str, str]:
    """Words and address of the layer that is not shown."""
    key = next(key for key in registry.LAYERS if key != question.layer)
    other = FinderQuestion(layer=key, place=question.place, bbox=question.bbox)
    return setting.texts.gettext(registry.layer(key).plural), other.href(setting.path)


async def _page(request: Request, reader: ReadConnection, found: Results, setting: Setting) -> Response:
    question, texts = found.question, setting.texts
    templates: Templates = request.app.state.templates
    assets = templates.site.assets
    data = _list_data(request, found, setting) | {"chips": [], "panel": [], "fragment": False}
    if question.layer == DEFAULT_LAYER:
        open_now = texts.gettext("Open now")
        data["chips"] = chips(question, setting.vocabulary, texts.language, setting.path, open_now)
        data |= await _panel_data(request, reader, found, setting)
    data["map"] = map_data(
        settings_of(request), texts.language, question.layer, _box(request, found), assets.url, assets.has
    )
    return render(request, "finder/finder.html", **data)


async def _panel_data(
    request: Request, reader: ReadConnection, found: Results, setting: Setting
) -> dict[str, Any]:
    """What the form of the filters says, each row with its count."""
    panel = sections(found.question, setting.vocabulary, setting.texts)
    choices = when(found.question, setting.texts, setting.now, setting.timezone)
    version = tag_of(await versions_of(request), [found.question.layer])
    countries = settings_of(request).countries
    offered = await metropolises(reader, limit=MOST_METROPOLISES, countries=countries)
    numbers = await _panel_counts(request).of(
        reader,
        version,
        found.asked,
        setting.vocabulary,
        panel,
        {"now": setting.now, **choices.moments},
        setting.today,
        found.question.near_position,
        [hit.code for hit in offered],
    )
    return {
        "panel": counted(panel, lambda row: numbers[row.name, row.value], setting.texts),
        "numbers": numbers,
        "clear_href": found.question.bare().href(setting.path),
        "when": choices,
        "checked": CHECKED,
        "with_areas": await any_units(reader),
        "metropolises": [(hit.code, hit_words(hit, setting.texts)[0]) for hit in offered],
    }


def _box(request: Request, found: Results) -> BBox:
    """What the map shows first: what was asked for, else the whole country."""
    if found.view is not None:
        return found.view
    if found.asked.wanted.bbox is not None:
        return found.asked.wanted.bbox
    return home_box(settings_of(request).countries)


def _panel_counts(request: Request) -> PanelCounts:
    state = request.app.state
    if not hasattr(state, "panel_counts"):
        state.panel_counts = PanelCounts()
    kept: PanelCounts = state.panel_counts
    return kept
