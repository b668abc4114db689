"""Files to take along: those for a browser are made when somebody asks for them, those for paper by the worker."""

import asyncio
import datetime as dt

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.errors import NotFound
from app.exports.kept.pack import pack_of
from app.exports.kept.reading import read_area
from app.exports.municipality.entries import Reader
from app.exports.municipality.making import Maker
from app.exports.paper.making import Papers
from app.features.versions import KnownVersions
from app.i18n import translator
from app.taxonomy.vocabulary import load_vocabulary
from app.templating import Templates
from app.web.asgi import header
from app.web.dependencies import database_of, settings_of
from app.web.etag import not_modified, public, strong_etag
from app.web.keeping import keepable
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()
routers: tuple[APIRouter, ...] = (router,)


class NoSuchFile(NotFound):
    """There is no such file any more. The first file of the municipality lists those there are."""


@router.get("/{lang}/area/{code}/offline.html", dependencies=[requires(PUBLIC)])
async def first_file(request: Request, lang: Language, code: str) -> Response:
    """The municipality in one file, or the file that lists its others."""
    return await _file(request, lang, code, "")


@router.get("/{lang}/area/{code}/offline-{part}.html", dependencies=[requires(PUBLIC)])
async def part(request: Request, lang: Language, code: str, part: str) -> Response:
    """One of the files of a municipality that has too much for one."""
    return await _file(request, lang, code, part)


@router.get("/{lang}/area/{code}/offline.zip", dependencies=[requires(PUBLIC)])
async def package(request: Request, lang: Language, code: str) -> Response:
    """All files of a municipality in one package."""
    return await _file(request, lang, code, None)


@router.get("/{lang}/area/{code}/kept.json", dependencies=[requires(PUBLIC)])
async def kept(request: Request, lang: Language, code: str) -> Response:
    """What a device keeps of the places of a gmina or powiat: nothing protected, nothing about violence."""
    maker = _maker(request)
    day = maker.day_of(_now(request))
    versions = await _versions(request).current(maker.database)
    # It names drawings of the front end.
    drawn = maker.templates.site.assets.manifest().values()
    etag = strong_etag(maker.tag(versions, day), request.scope["path"], *drawn)
    if header(request.scope, "if-none-match") != "*" and (answer := not_modified(request, etag)):
        return answer
    reader = Reader(translator(lang, day.timezone), load_vocabulary(), day)
    # One at a time, as with files: a town takes a tenth of a second.
    async with maker.turn:
        area = await read_area(maker.database, code, reader.vocabulary, day, lang)
        body = await asyncio.to_thread(pack_of, area, reader, maker.templates)
    return public(keepable(Response(body, media_type="application/geo+json")), etag)


@router.get("/{lang}/area/{code}/offline.pdf", dependencies=[requires(PUBLIC)])
async def paper(request: Request, lang: Language, code: str) -> Response:
    """The municipality on paper, or the first of its papers."""
    return await _paper(request, lang, code, "")


@router.get("/{lang}/area/{code}/offline-{part}.pdf", dependencies=[requires(PUBLIC)])
async def paper_part(request: Request, lang: Language, code: str, part: str) -> Response:
    """One of the papers of a municipality that has too much for one."""
    return await _paper(request, lang, code, part)


async def _paper(request: Request, language: str, code: str, part: str) -> Response:
    """Answer with what the worker has made; here nothing is made for anybody."""
    papers = Papers(_maker(request))
    day = papers.maker.day_of(_now(request))
    versions = await _versions(request).current(papers.maker.database)
    found = await papers.ready(code, language, versions, day)
    file = found.file(part)
    if file is None:
        raise NoSuchFile
    etag = strong_etag(found.marks.unit, request.scope["path"])
    if answer := not_modified(request, etag):
        return answer
    answer = _download(file.content, file.name, "application/pdf", etag)
    answer.headers["Content-Language"] = language
    return answer


async def _file(request: Request, language: str, code: str, part: str | None) -> Response:
    """Answer with one file, or with the package where `part` is None."""
    maker = _maker(request)
    day = maker.day_of(_now(request))
    versions = await _versions(request).current(maker.database)
    # Not of the query: it decides nothing here, and everybody could make up another.
    etag = strong_etag(maker.tag(versions, day), request.scope["path"])
    # `*` holds for whatever exists, so that has to be looked at first.
    if header(request.scope, "if-none-match") != "*" and (answer := not_modified(request, etag)):
        return answer
    found = await maker.package(code, language, versions, day)
    if part is None:
        first = next(found.files())
        return _download(found.bytes, first.name.removesuffix(".html") + ".zip", "application/zip", etag)
    file = found.file(part)
    if file is None:
        raise NoSuchFile
    answer = _download(file.content, file.name, "text/html; charset=utf-8", etag)
    answer.headers["Content-Language"] = language
    return answer


def _download(content: bytes, name: str, kind: str, etag: str) -> Response:
    """A file to keep. Its name is made of Latin letters, digits and hyphens only."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return public(Response(content, media_type=kind, headers=headers), etag)


def _now(request: Request) -> dt.datetime:
    clock = getattr(request.app.state, "clock", None)
    moment: dt.datetime = clock() if clock else dt.datetime.now(dt.UTC)
    return moment


def _versions(request: Request) -> KnownVersions:
    state = request.app.state
    if not hasattr(state, "known_versions"):
        state.known_versions = KnownVersions()
    known: KnownVersions = state.known_versions
    return known


def _maker(request: Request) -> Maker:
    state = request.app.state
    if not hasattr(state, "municipality_maker"):
        templates: Templates = state.templates
        state.municipality_maker = Maker(settings_of(request), database_of(request), templates)
    maker: Maker = state.municipality_maker
    return maker
