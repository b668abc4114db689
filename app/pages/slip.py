"""Slips to print: a place on a sheet of A5 in the language of whoever is sent there, and the page that gathers several."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from app.i18n import Translator, translator
from app.layers import registry
from app.pages.answers import kept_by_all, now_of, today_of, unchanged, validator
from app.pages.feature_record import PublishedRecord, Record
from app.pages.gazetteer import towns_around
from app.pages.printed import PARAMETER, Printed
from app.pages.views.bearings import Bearing, bearing, chosen_town
from app.pages.views.hours import Clock
from app.pages.views.place import place
from app.pages.views.qr import qr_drawing
from app.pages.views.slip import slip
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import ReadConnection, page_of, render, settings_of
from app.web.keeping import keepable
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()


@router.get("/{lang}/{layer}/{feature_id:uuid}/slip.html", dependencies=[requires(PUBLIC)])
async def one_slip(
    request: Request, reader: ReadConnection, lang: Language, record: PublishedRecord
) -> Response:
    """The slip of one place. Who is sent there is not known here, and not asked."""
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    settings = settings_of(request)
    vocabulary = load_vocabulary()
    texts = translator(lang, settings.timezone)
    clock = Clock(now_of(request), today_of(request), settings.timezone, settings.countries[0])
    shown = place(record, texts, vocabulary, clock)
    word = Printed.of(record.properties, clock.today).word()
    address = f"{settings.public_url}/{lang}{record.lasting_path}?{PARAMETER}={word}"
    data: dict[str, Any] = {
        "page": page_of(request, now=clock.now, query=""),
        "place": shown,
        "record": record,
        "slip": slip(record, texts, vocabulary, clock),
        "bearing": await _bearing(reader, record, texts),
        "code": None if shown.discreet else qr_drawing(address),
        "today": clock.today,
    }
    return kept_by_all(keepable(render(request, "slip/slip.html", **data), unless=shown.discreet), etag)


async def _bearing(reader: ReadConnection, record: Record, texts: Translator) -> Bearing | None:
    """The way from the next town; None for what has no public position."""
    if record.position is None:
        return None
    town = chosen_town(record.position, await towns_around(reader, record.position))
    return bearing(record.position, town, texts) if town is not None else None
