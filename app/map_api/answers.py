"""Answers made in the database: bytes passed through, with the validator of the layers they were made from."""

from fastapi import Request
from starlette.responses import Response

from app.features.versions import KnownVersions, Version, tag_of
from app.web.dependencies import database_of
from app.web.etag import program_digest, strong_etag

GEOJSON = "application/geo+json"
#: Where a request keeps what it was told.
_ASKED = "pomapa.versions"


async def layer_versions(request: Request) -> dict[str, Version]:
    """Give the versions of the layers, at most a quarter of a second old, the same as often as one request asks.

    Who reads a question by the vocabulary asks here first: then its validator is never newer than the words it was read by.
    """
    if _ASKED in request.scope:
        asked: dict[str, Version] = request.scope[_ASKED]
        return asked
    state = request.app.state
    if not hasattr(state, "known_versions"):
        state.known_versions = KnownVersions()
    known: KnownVersions = state.known_versions
    versions = request.scope[_ASKED] = await known.current(database_of(request))
    return versions


async def etag_of(request: Request, *layers: str, also: str = "") -> str:
    """Give the validator for an answer from `layers` to this address; `also` is what else decides its bytes."""
    versions = await layer_versions(request)
    return strong_etag(
        tag_of(versions, layers), request.scope["path"], request.scope["query_string"], program_digest(), also
    )


def geojson(body: bytes) -> Response:
    """Give GeoJSON bytes as they are."""
    return Response(body, media_type=GEOJSON)
