"""What makes the site an application that can be installed: its manifest in each language."""

from typing import Any

import orjson
from fastapi import Request
from starlette.responses import Response

from app.i18n import Translator, direction, translator
from app.pages.answers import unchanged
from app.pages.finder_question import FinderQuestion
from app.taxonomy.vocabulary import FAMILY_PREFIX, load_vocabulary
from app.templating import Assets, Templates
from app.web.etag import program_digest, public, strong_etag
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()

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


@router.get("/{lang}/manifest.webmanifest", dependencies=[requires(PUBLIC)])
async def manifest(request: Request, lang: Language) -> Response:
    """The manifest by which a phone installs the site (W3C Web Application Manifest)."""
    assets = _assets(request)
    etag = strong_etag("manifest", lang, program_digest(), *assets.manifest().values())
    if answer := unchanged(request, etag):
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
