"""The list of layers with their fields and versions, and the vocabularies their codes come from."""

import functools
from typing import Annotated

import orjson
from fastapi import Path, Request
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import LANGUAGES, translator
from app.layers import registry
from app.map_api.answers import etag_of, layer_versions
from app.taxonomy.client import taxonomy_json, vocabularies_json
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary
from app.web.dependencies import settings_of
from app.web.etag import not_modified, public, strong_etag
from app.web.keeping import keepable
from app.web.routes import PUBLIC, api_router, requires

router = api_router("/api/v1", tags=["layers"])


class NoSuchLanguage(NotFound):
    """This is not one of our languages."""


@router.get("/layers", dependencies=[requires(PUBLIC)], summary="The layers, their fields and their versions")
async def layers(request: Request) -> Response:
    """Every layer with its names, addresses, version and the JSON Schema (2020-12) of its content."""
    etag = await etag_of(request, *registry.LAYERS)
    if unchanged := not_modified(request, etag):
        return unchanged
    versions = await layer_versions(request)
    base = settings_of(request).public_url
    described = [
        {
            "key": key,
            "title": {language: translator(language).gettext(layer.plural) for language in LANGUAGES},
            "version": versions[key].number if key in versions else 0,
            "changed": versions[key].changed_at.isoformat() if key in versions else None,
            "features": f"{base}/api/v1/layers/{key}/features.geojson",
            "tiles": f"{base}/api/v1/tiles/{key}/{{z}}/{{x}}/{{y}}.geojson",
            "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            "schema": registry.content_schema(layer),
        }
        for key, layer in registry.LAYERS.items()
    ]
    return public(Response(orjson.dumps({"layers": described}), media_type="application/json"), etag)


@router.get("/vocabularies", dependencies=[requires(PUBLIC)], summary="All codes with their names")
async def vocabularies(request: Request) -> Response:
    """Services, audiences, access conditions, languages … with names in six languages and mappings."""
    await layer_versions(request)
    return _constant(request, _vocabularies(load_vocabulary()))


@router.get(
    "/taxonomy/{language}.json",
    dependencies=[requires(PUBLIC)],
    summary="What a map needs of the services, in one language",
)
async def taxonomy(request: Request, language: Annotated[str, Path(max_length=8)]) -> Response:
    """Families, groups and services with names in one language and icons."""
    if language not in LANGUAGES:
        raise NoSuchLanguage
    await layer_versions(request)
    return _constant(request, _taxonomy(language, load_vocabulary()))


def _constant(request: Request, body: bytes) -> Response:
    """An answer that changes only with the program, and with what the installation adds to its vocabulary."""
    etag = strong_etag(body)
    answer = keepable(Response(body, media_type="application/json"))
    return not_modified(request, etag) or public(answer, etag)


@functools.lru_cache(maxsize=2)
def _vocabularies(vocabulary: Vocabulary) -> bytes:
    return vocabularies_json(vocabulary)


@functools.lru_cache(maxsize=2 * len(LANGUAGES))
def _taxonomy(language: str, vocabulary: Vocabulary) -> bytes:
    return taxonomy_json(language, vocabulary)
