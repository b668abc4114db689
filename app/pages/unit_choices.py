"""Administrative units while somebody types one into the filters."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import JSONResponse

from app.areas.unit_search import find_units
from app.i18n import translator
from app.pages.views.units import hit_words
from app.web.dependencies import ReadConnection, settings_of
from app.web.etag import PRIVATE
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()

MOST = 8
LONGEST = 120


@router.get("/{lang}/units", dependencies=[requires(PUBLIC)])
async def units(
    request: Request,
    lang: Language,
    reader: ReadConnection,
    q: Annotated[str, Query(max_length=LONGEST)] = "",
) -> JSONResponse:
    """`{"units": [{code, name, detail, own, own_language}]}`, the likeliest first, at most eight.

    `own` is the part of the name that is in another language than the page.
    """
    settings = settings_of(request)
    texts = translator(lang, settings.timezone)
    hits = await find_units(reader, q, limit=MOST, countries=settings.countries)
    found = []
    for hit in hits:
        name, detail = hit_words(hit, texts)
        own = {"own": name.own, "own_language": name.own_language} if name.own else {}
        found.append({"code": hit.code, "name": name, "detail": detail} | own)
    return JSONResponse({"units": found}, headers={"Cache-Control": PRIVATE})
