"""Lists that people keep in their browser: the pages that show them. No list ever comes here, only places one by one."""

from fastapi import Request
from starlette.responses import Response

from app.i18n import translator
from app.layers import registry
from app.pages.answers import kept_by_all, now_of, today_of, unchanged, validator
from app.pages.feature_record import PublishedRecord
from app.pages.views.hit import Reader, hit
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import page_of, render, settings_of
from app.web.keeping import keepable
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()


@router.get("/{lang}/lists", dependencies=[requires(PUBLIC)])
async def lists(request: Request, lang: Language) -> Response:
    """The page on which script shows what the browser has kept, or what a fragment of the address holds."""
    return await _empty(request, lang, "lists/lists.html")


@router.get("/{lang}/slips", dependencies=[requires(PUBLIC)])
async def slips(request: Request, lang: Language) -> Response:
    """The page on which script gathers the slips of the places in the fragment."""
    return await _empty(request, lang, "lists/slips.html")


async def _empty(request: Request, language: str, template: str) -> Response:
    """A page that is the same for everybody."""
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    page = page_of(request, language=language, now=now_of(request), query="")
    return kept_by_all(keepable(render(request, template, page=page)), etag)


@router.get("/{lang}/{layer}/{feature_id:uuid}/row.html", dependencies=[requires(PUBLIC)])
async def row(request: Request, lang: Language, record: PublishedRecord) -> Response:
    """One place as the list of the finder shows it."""
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    settings = settings_of(request)
    texts = translator(lang, settings.timezone)
    clock = Reader(texts, load_vocabulary(), settings.timezone, now_of(request), today_of(request))
    coordinates = list(record.position) if record.position else None
    feature = {
        "id": str(record.id),
        "geometry": {"coordinates": coordinates} if coordinates else None,
        "properties": record.slim,
    }
    page = page_of(request, now=clock.now, query="")
    shown = hit(feature, clock)
    answer = render(request, "lists/row.html", page=page, hit=shown, today=clock.today)
    answer.headers["X-Robots-Tag"] = "noindex"
    return kept_by_all(keepable(answer, unless=shown.discreet), etag)
