"""The finder: list and map of what fits a question, complete without script."""

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from app.layers import registry
from app.pages.answers import (
    FRAGMENT_HEADER,
    PANEL,
    RESULTS,
    kept_briefly,
    kept_by_all,
    unchanged,
    validator,
)
from app.pages.finder_question import DEFAULT_LAYER, FinderQuestion, finder_question
from app.pages.found import Results
from app.pages.meaning import meant_question
from app.pages.panel import panel_data
from app.pages.results import results
from app.pages.setting import Setting, setting_of
from app.pages.views.filter_tags import chips
from app.pages.views.map_element import home_box, map_data
from app.templating import Templates
from app.web.dependencies import CountConnection, ReadConnection, page_of, render, settings_of
from app.web.keeping import keepable
from app.web.language import Language, negotiated_start
from app.web.routes import PUBLIC, page_router, requires
from geo.bbox import BBox

router = page_router()


@router.get("/", dependencies=[requires(PUBLIC)])
async def start(request: Request) -> Response:
    """The start page in the visitor's language."""
    return negotiated_start(request)


@router.get("/{lang}/", dependencies=[requires(PUBLIC)])
async def finder(
    request: Request,
    reader: ReadConnection,
    counting: CountConnection,
    lang: Language,
    question: Annotated[FinderQuestion, Depends(finder_question)],
) -> Response:
    """The page; with the header `X-Fragment` only a part: `results` is what stands in the list's sheet, `panel` the
    form of the filters. Where to count places takes too long, it shows itself without their numbers.
    """
    registry.layer(question.layer)
    asked_for = request.headers.get(FRAGMENT_HEADER, "")
    fragment = asked_for if asked_for in (RESULTS, PANEL) else ""
    etag = await validator(request, *registry.LAYERS, also=fragment)
    if answer := unchanged(request, etag, FRAGMENT_HEADER):
        return answer
    setting = setting_of(request, f"/{lang}/", lang)
    if better := await meant_question(reader, question, setting):
        return kept_by_all(RedirectResponse(better.href(f"/{lang}/"), status_code=302), etag, FRAGMENT_HEADER)
    found = await results(reader, counting, question, setting)
    if fragment == PANEL and question.layer == DEFAULT_LAYER:
        data = _list_data(request, found, setting)
        data |= await panel_data(request, reader, counting, found, setting)
        shown: Response = render(request, "finder/panel_form.html", **data)
    elif fragment:
        shown = render(request, "finder/results.html", fragment=True, **_list_data(request, found, setting))
    else:
        shown = await _page(request, reader, counting, found, setting)
    keepable(shown, unless=found.discreet)
    if counting.gave_up:
        return kept_briefly(shown, FRAGMENT_HEADER)
    return kept_by_all(shown, etag, FRAGMENT_HEADER)


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


async def _page(
    request: Request, reader: ReadConnection, counting: CountConnection, found: Results, setting: Setting
) -> Response:
    question, texts = found.question, setting.texts
    templates: Templates = request.app.state.templates
    assets = templates.site.assets
    data = _list_data(request, found, setting) | {"chips": [], "panel": [], "fragment": False}
    if question.layer == DEFAULT_LAYER:
        open_now = texts.gettext("Open now")
        data["chips"] = chips(question, setting.vocabulary, texts.language, setting.path, open_now)
        data |= await panel_data(request, reader, counting, found, setting)
    data["map"] = map_data(
        settings_of(request), texts.language, question.layer, _box(request, found), assets.url, assets.has
    )
    return render(request, "finder/finder.html", **data)


def _box(request: Request, found: Results) -> BBox:
    """What the map shows first: what was asked for, else the whole country."""
    if found.view is not None:
        return found.view
    if found.asked.wanted.bbox is not None:
        return found.asked.wanted.bbox
    return home_box(settings_of(request).countries)
