"""What search engines are told: which paths are not for them, and which pages there are."""

from xml.sax.saxutils import escape

from fastapi import Request
from sqlalchemy import text
from starlette.responses import PlainTextResponse, Response

from app.i18n import LANGUAGES
from app.layers import registry
from app.pages.answers import kept_by_all, unchanged, validator
from app.taxonomy.discretion import discreet_services
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import ReadConnection, settings_of
from app.web.routes import PUBLIC, page_router, requires

router = page_router()

#: A site map holds at most 50,000 addresses; each place has one in every language.
MOST_PLACES = 50_000 // len(LANGUAGES) - 10
_HIDDEN_FROM_ROBOTS = (
    "/desk/",
    "/api/",
    "/tiles/",
    "/*/status/",
    "/*/sent/",
    "/*/confirm/",
    "/*/add/",
    "/*/area/",
)


@router.get("/robots.txt", dependencies=[requires(PUBLIC)])
async def robots(request: Request) -> Response:
    """Everything public may be found; what only forms and programs use may not."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _HIDDEN_FROM_ROBOTS)]
    lines.append(f"Sitemap: {settings_of(request).public_url}/sitemap.xml")
    answer = PlainTextResponse("\n".join(lines) + "\n")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@router.get("/sitemap.xml", dependencies=[requires(PUBLIC)])
async def sitemap(request: Request, reader: ReadConnection) -> Response:
    """The start pages and every place, newest changes first. Discreet places, who runs nothing else, and invented ones are left out."""
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    masks = load_vocabulary().mask(discreet_services(load_vocabulary()))
    rows = await reader.execute(
        text(
            """
            SELECT f.layer, f.id, f.slug, f.updated_at FROM published.feature f
            WHERE f.services_0 & :discreet_0 = 0 AND f.services_1 & :discreet_1 = 0 AND f.services_2 & :discreet_2 = 0
              AND f.disclosure = 'exact'
              AND NOT (f.layer = 'organisations' AND EXISTS (SELECT FROM published.feature r WHERE r.organisation_id = f.id)
                AND NOT EXISTS (SELECT FROM published.feature r WHERE r.organisation_id = f.id AND r.disclosure = 'exact'
                  AND r.services_0 & :discreet_0 = 0 AND r.services_1 & :discreet_1 = 0 AND r.services_2 & :discreet_2 = 0))
              AND NOT (f.slim::jsonb -> 'properties' ? 'example')
            ORDER BY f.updated_at DESC, f.id LIMIT :most
            """
        ),
        {f"discreet_{word}": mask for word, mask in enumerate(masks)} | {"most": MOST_PLACES},
    )
    base = settings_of(request).public_url
    urls = [_url(f"{base}/{language}/") for language in LANGUAGES]
    for row in rows:
        day = row.updated_at.date().isoformat()
        urls += [_url(f"{base}/{language}/{row.layer}/{row.id}/{row.slug}", day) for language in LANGUAGES]
    return kept_by_all(Response(_document(urls), media_type="application/xml"), etag)


def _url(address: str, changed: str = "") -> str:
    changed = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<url><loc>{escape(address)}</loc>{changed}</url>"


def _document(urls: list[str]) -> str:
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    )
    return "\n".join([head, *urls, "</urlset>", ""])
