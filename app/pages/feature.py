"""The page of one feature: everything public about it."""

from dataclasses import replace
from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.i18n import translator
from app.layers import registry
from app.pages.answers import kept_by_all, now_of, today_of, unchanged, validator
from app.pages.feature_picture import has_picture
from app.pages.feature_record import PublishedRecord, Record, neighbours, run_by, siblings
from app.pages.finder_question import DEFAULT_LAYER, FinderQuestion
from app.pages.printed import PARAMETER, Printed
from app.pages.views.history import past_words
from app.pages.views.hit import Reader, hit
from app.pages.views.hours import Clock
from app.pages.views.linked_data import linked_data
from app.pages.views.map_element import map_data
from app.pages.views.place import place
from app.pages.views.qr import qr_drawing
from app.taxonomy.vocabulary import load_vocabulary
from app.templating import Templates
from app.web.dependencies import ReadConnection, page_of, render, settings_of
from app.web.keeping import keepable
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires
from geo.bbox import box_around

router = page_router()

#: How far the small map reaches.
SKETCHED_M = 500


@router.get("/{lang}/{layer}/{feature_id:uuid}", dependencies=[requires(PUBLIC)])
@router.get("/{lang}/{layer}/{feature_id:uuid}/", dependencies=[requires(PUBLIC)])
async def feature_without_name(request: Request, lang: Language, record: PublishedRecord) -> Response:
    """The lasting address of a feature, which has its name at the end."""
    return _moved(request, lang, record)


@router.get("/{lang}/{layer}/{feature_id:uuid}/{slug}", dependencies=[requires(PUBLIC)])
async def feature(
    request: Request, reader: ReadConnection, lang: Language, record: PublishedRecord, slug: str
) -> Response:
    """The page. What is hidden answers as what does not exist."""
    if slug != record.slug:
        return _moved(request, lang, record)
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    return kept_by_all(await _page(request, reader, lang, record), etag)


def _moved(request: Request, language: str, record: Record) -> Response:
    """The way to the right address, with what was printed. Names change, so that nobody keeps it for ever."""
    printed = _printed(request)
    query = f"?{PARAMETER}={printed.word()}" if printed else ""
    answer = RedirectResponse(f"/{language}{record.path}{query}", status_code=308)
    answer.headers["Cache-Control"] = "public, max-age=60"
    return answer


def _printed(request: Request) -> Printed | None:
    """What the reader holds on paper, when a printed code brought them here."""
    return Printed.read(request.query_params.get(PARAMETER, ""), today_of(request))


async def _page(request: Request, reader: ReadConnection, language: str, record: Record) -> Response:
    settings = settings_of(request)
    vocabulary = load_vocabulary()
    texts = translator(language, settings.timezone)
    clock = Clock(now_of(request), today_of(request), settings.timezone, settings.countries[0])
    shown = place(record, texts, vocabulary, clock)
    if record.only_discreet:
        shown = replace(shown, discreet=True)
    beside = Reader(texts, vocabulary, settings.timezone, clock.now, clock.today, record.position)
    is_organisation = record.layer != DEFAULT_LAYER
    of_the_same = await siblings(reader, record, vocabulary)
    others = (
        await run_by(reader, record, vocabulary)
        if is_organisation
        else await neighbours(reader, record, vocabulary, of_the_same)
    )
    printed = _printed(request)
    kept = f"{PARAMETER}={printed.word()}" if printed else ""
    page = page_of(request, now=clock.now, example_data=shown.example, query=kept)
    now_printed = Printed.of(record.properties, clock.today).word()
    lasting = f"{settings.public_url}/{language}{record.lasting_path}"
    templates: Templates = request.app.state.templates
    data: dict[str, Any] = {
        "page": page,
        "place": shown,
        "record": record,
        "data": record.properties,
        "today": clock.today,
        "printed": printed,
        "changed": [texts.gettext(section) for section in printed.changed(record.properties)]
        if printed
        else [],
        "code": None if shown.discreet else qr_drawing(f"{lasting}?{PARAMETER}={now_printed}"),
        "others": [hit(other, beside) for other in others],
        "siblings": [hit(other, beside) for other in of_the_same],
        "past": past_words(record.past, texts, vocabulary) if record.past else [],
        "is_organisation": is_organisation,
        "list_href": _list_href(language, record),
        "of_organisation_href": FinderQuestion(
            organisation=str(record.id if is_organisation else record.organisation_id or "")
        ).href(f"/{language}/"),
        "language_names": {code: term.names[language] for code, term in vocabulary.languages.items()},
        "linked_data": linked_data(record, shown, f"{settings.public_url}{page.canonical()}", clock.today),
        "map": _map(request, language, record),
        "picture_href": f"{lasting}/picture.png"
        if has_picture(templates.site.assets, discreet=shown.discreet)
        else "",
        "json_href": f"/api/v1/layers/{record.layer}/features/{record.id}",
    }
    runs_discreet = is_organisation and any(other.discreet for other in data["others"])
    answer = render(request, "feature/feature.html", **data)
    return keepable(answer, unless=shown.discreet or runs_discreet)


def _list_href(language: str, record: Record) -> str:
    """The list around the place, or the whole one."""
    question = FinderQuestion(layer=record.layer)
    if record.position is not None:
        lng, lat = record.position
        question = question.having(near=f"{lng:g},{lat:g}")
    return question.href(f"/{language}/")


def _map(request: Request, language: str, record: Record) -> dict[str, str]:
    """What script needs to draw the small map; nothing for what has no public position."""
    if record.position is None:
        return {}
    templates: Templates = request.app.state.templates
    assets = templates.site.assets
    box = box_around(record.position, SKETCHED_M)
    lng, lat = record.position
    whole = map_data(settings_of(request), language, record.layer, box, assets.url, assets.has)
    wanted = ("lang", "basemap", "messages-url", "sprite-url", "outline-url", "bounds")
    return {name: whole[name] for name in wanted} | {"lng": f"{lng}", "lat": f"{lat}"}
