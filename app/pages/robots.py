"""What search engines are told: which paths are not for them, and which pages there are."""

import math
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from fastapi import Request
from sqlalchemy import Row, text
from starlette.responses import PlainTextResponse, Response

from app.errors import NotFound
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
#: More than there will ever be, and no number that a database cannot read.
MOST_PARTS = 10_000
_HIDDEN_FROM_ROBOTS = (
    "/desk/",
    "/api/",
    "/tiles/",
    "/*/status/",
    "/*/asked/",
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
    """The start pages and every place, newest changes first; of more than one file holds, the way to several."""
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    # One more than fits tells that there are more.
    rows = (await reader.execute(_NEWEST, _asked(most=MOST_PLACES + 1))).all()
    base = settings_of(request).public_url
    if len(rows) <= MOST_PLACES:
        return _xml(_document("urlset", [*_starts(base), *_places(base, rows)]), etag)
    count = await reader.scalar(_COUNT, _asked()) or 0
    parts = range(1, math.ceil(count / MOST_PLACES) + 1)
    files = [f"<sitemap><loc>{escape(f'{base}/sitemap-{part}.xml')}</loc></sitemap>" for part in parts]
    return _xml(_document("sitemapindex", files), etag)


@router.get("/sitemap-{part}.xml", dependencies=[requires(PUBLIC)])
async def part_of_sitemap(request: Request, reader: ReadConnection, part: str) -> Response:
    """A part of the places, in an order that changes elsewhere do not move; the first has the start pages, too."""
    # Of thousands of digits Python makes no number at all.
    if not (
        part.isascii()
        and part.isdigit()
        and len(part) <= len(str(MOST_PARTS))
        and 1 <= int(part) <= MOST_PARTS
    ):
        raise NotFound
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    skipped = (int(part) - 1) * MOST_PLACES
    rows = (await reader.execute(_PART, _asked(most=MOST_PLACES, skipped=skipped))).all()
    if not rows and skipped:
        raise NotFound
    base = settings_of(request).public_url
    starts = [] if skipped else _starts(base)
    return _xml(_document("urlset", [*starts, *_places(base, rows)]), etag)


# Discreet places, who runs nothing else, and invented ones are left out.
_SHOWN = """
    FROM published.feature f
    WHERE f.services_0 & :discreet_0 = 0 AND f.services_1 & :discreet_1 = 0 AND f.services_2 & :discreet_2 = 0
      AND f.disclosure = 'exact'
      AND NOT (f.layer = 'organisations' AND EXISTS (SELECT FROM published.feature r WHERE r.organisation_id = f.id)
        AND NOT EXISTS (SELECT FROM published.feature r WHERE r.organisation_id = f.id AND r.disclosure = 'exact'
          AND r.services_0 & :discreet_0 = 0 AND r.services_1 & :discreet_1 = 0 AND r.services_2 & :discreet_2 = 0))
      AND NOT (f.slim::jsonb -> 'properties' ? 'example')
"""
_SAID = "SELECT f.layer, f.id, f.slug, f.updated_at"
_NEWEST = text(f"{_SAID} {_SHOWN} ORDER BY f.updated_at DESC, f.id LIMIT :most")
_PART = text(f"{_SAID} {_SHOWN} ORDER BY f.id LIMIT :most OFFSET :skipped")
_COUNT = text(f"SELECT count(*) {_SHOWN}")


def _asked(**limits: int) -> dict[str, int]:
    vocabulary = load_vocabulary()
    masks = vocabulary.mask(discreet_services(vocabulary))
    return {f"discreet_{word}": mask for word, mask in enumerate(masks)} | limits


def _starts(base: str) -> list[str]:
    return [_url(f"{base}/{language}/") for language in LANGUAGES]


def _places(base: str, rows: Sequence[Row[Any]]) -> Iterator[str]:
    for row in rows:
        day = row.updated_at.date().isoformat()
        for language in LANGUAGES:
            yield _url(f"{base}/{language}/{row.layer}/{row.id}/{row.slug}", day)


def _url(address: str, changed: str = "") -> str:
    changed = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<url><loc>{escape(address)}</loc>{changed}</url>"


def _document(root: str, parts: Sequence[str]) -> str:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return "\n".join([head, *parts, f"</{root}>", ""])


def _xml(document: str, etag: str) -> Response:
    return kept_by_all(Response(document, media_type="application/xml"), etag)
