"""The QR code of a feature's page, as a file for posters and letters."""

from fastapi import Request
from starlette.responses import Response

from app.errors import NotFound
from app.layers import registry
from app.pages.answers import kept_by_all, unchanged, validator
from app.pages.feature_record import PublishedRecord
from app.pages.views.qr import qr_file
from app.taxonomy.discretion import is_discreet
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import settings_of
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()


class HasNoCode(NotFound):
    """This page has no code, so that nobody else finds one on paper."""


@router.get("/{lang}/{layer}/{feature_id:uuid}/qr.svg", dependencies=[requires(PUBLIC)])
async def code(request: Request, lang: Language, record: PublishedRecord) -> Response:
    """The code of the lasting address, which no change of the name breaks; none for a discreet place."""
    if is_discreet(record.properties, load_vocabulary()):
        raise HasNoCode
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    address = f"{settings_of(request).public_url}/{lang}{record.lasting_path}"
    return kept_by_all(Response(qr_file(address), media_type="image/svg+xml"), etag)
