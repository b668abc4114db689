"""Places by name while somebody types an address into a form."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import JSONResponse

from app.areas.place_search import find_places
from app.web.dependencies import ReadConnection, settings_of
from app.web.etag import PRIVATE
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()

MOST = 8
LONGEST = 120


@router.get("/{lang}/places", dependencies=[requires(PUBLIC)])
async def places(
    request: Request,
    lang: Language,
    reader: ReadConnection,
    q: Annotated[str, Query(max_length=LONGEST)] = "",
) -> JSONResponse:
    """`{"places": [{name, detail, lng, lat, precision, place}]}`, the likeliest first, at most eight.

    The gazetteer knows towns and no streets, so of an address what stands after the last comma is looked for
    when the whole is nothing. Positions are in EPSG:4326.
    """
    countries = settings_of(request).countries
    hits = await find_places(reader, q, limit=MOST, countries=countries)
    if not hits and "," in q:
        hits = await find_places(reader, q.rpartition(",")[2], limit=MOST, countries=countries)
    found = [
        {
            "name": hit.names.get(lang, hit.name),
            "detail": ", ".join(hit.regions),
            "lng": hit.lng,
            "lat": hit.lat,
            "precision": "place",
            "place": hit.name,
        }
        for hit in hits
    ]
    return JSONResponse({"places": found}, headers={"Cache-Control": PRIVATE})
