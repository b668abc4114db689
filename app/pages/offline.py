"""What makes the site an application: its manifest, its service worker, and the page that says what works offline."""

import asyncio
from typing import Any

import orjson
from fastapi import Request
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import Translator, direction, translator
from app.pages.finder_question import FinderQuestion
from app.taxonomy.vocabulary import FAMILY_PREFIX, load_vocabulary
from app.templating import Assets, Templates
from app.web.dependencies import page_of, render
from app.web.etag import not_modified, program_digest, public, strong_etag
from app.web.keeping import keepable
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()

#: Name of the built worker.
WORKER = "worker.js"
#: Asked for anew at every visit: an update must reach everybody, and what has not changed costs no bytes.
ALWAYS_ASKED = "no-cache"
MANIFEST_TYPE = "application/manifest+json"
#: Name of the built file, width and height in pixels, what it is made for.
ICONS = (
    ("icon-192.png", 192, "any"),
    ("icon-512.png", 512, "any"),
    ("icon-maskable-192.png", 192, "maskable"),
    ("icon-maskable-512.png", 512, "maskable"),
)
#: `paper` and `accent` of the light look (static/css/tokens.css).
PAPER = "#ffffff"
#: What people in a hurry ask for, one long press away.
SHORTCUT_FAMILIES = ("food", "shelter", "health")


@router.get("/service-worker.js", dependencies=[requires(PUBLIC)])
async def service_worker(request: Request) -> Response:
    """The worker, at the root: it may answer only for what lies below its own address."""
    assets = _assets(request)
    name = assets.manifest().get(WORKER)
    if name is None:
        raise NotFound
    # The name has the digest of the content.
    etag = strong_etag(name)
    if answer := not_modified(request, etag, ALWAYS_ASKED):
        return answer
    content = await asyncio.to_thread((assets.dist / name).read_bytes)
    return public(Response(content, media_type="text/javascript"), etag, ALWAYS_ASKED)


@router.get("/{lang}/offline", dependencies=[requires(PUBLIC)])
async def offline(request: Request, lang: Language) -> Response:
    """The page of what works without network. It needs no database: the worker fetches it whenever it is renewed."""
    response = render(request, "offline/offline.html", page=page_of(request, language=lang, query=""))
    etag = strong_etag(bytes(response.body))
    return not_modified(request, etag) or public(keepable(response), etag)


@router.get("/{lang}/offline/place", dependencies=[requires(PUBLIC)])
async def place_frame(request: Request, lang: Language) -> Response:
    """What stands around a place that is kept with its area; the worker fetches it with each of them."""
    response = render(request, "offline/place.html", page=page_of(request, language=lang, query=""))
    etag = strong_etag(bytes(response.body))
    return not_modified(request, etag) or public(keepable(response), etag)


@router.get("/{lang}/manifest.webmanifest", dependencies=[requires(PUBLIC)])
async def manifest(request: Request, lang: Language) -> Response:
    """The manifest by which a phone installs the site (W3C Web Application Manifest)."""
    assets = _assets(request)
    etag = strong_etag("manifest", lang, program_digest(), *assets.manifest().values())
    if answer := not_modified(request, etag):
        return answer
    document = manifest_document(translator(lang), assets)
    return public(Response(orjson.dumps(document), media_type=MANIFEST_TYPE), etag)


def manifest_document(texts: Translator, assets: Assets) -> dict[str, Any]:
    """The members of the manifest. One `id` for all languages: it is one application, whichever it was installed in."""
    language = texts.language
    start = f"/{language}/"
    families = load_vocabulary().families
    shortcuts = [(texts.gettext("Open now"), FinderQuestion(open_at="now").href(start))]
    for code in SHORTCUT_FAMILIES:
        question = FinderQuestion(service=(f"{FAMILY_PREFIX}{code}",))
        shortcuts.append((families[code].short[language], question.href(start)))
    return {
        "id": "/",
        "name": "Pomapa",
        "short_name": "Pomapa",
        "description": texts.gettext(
            "Places where you find food, shelter, legal, medical and other help, on a map and as a list."
        ),
        "lang": language,
        "dir": direction(language),
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": assets.url(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for name, size, purpose in ICONS
            if assets.has(name)
        ],
        "shortcuts": [{"name": name, "url": url} for name, url in shortcuts],
    }


def _assets(request: Request) -> Assets:
    templates: Templates = request.app.state.templates
    return templates.site.assets
