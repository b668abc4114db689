"""The picture of a feature's page that services show beside its address in a message (Open Graph)."""

from collections.abc import Iterator
from contextlib import contextmanager

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import Request
from starlette.responses import Response

from app.errors import NotFound, Overloaded
from app.features.wording import names, said
from app.layers import registry
from app.pages.answers import kept_by_all, unchanged, validator
from app.pages.feature_record import PublishedRecord, Record
from app.pages.views.picture import Materials, Subject, draw
from app.taxonomy.discretion import is_discreet
from app.taxonomy.vocabulary import load_vocabulary
from app.templating import Assets
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()

#: What a picture is drawn with, of the files that the front end's build writes.
FONTS = ("fonts/latin.woff2", "fonts/latin-ext.woff2", "fonts/cyrillic.woff2")
OUTLINE = "outline.json"
#: More kinds of help than that are not read in a picture of a few centimetres.
_MOST_KINDS = 3
#: One at a time in each process, so that pages go on being answered. The faces of a font must not be used by two
#: threads either.
ONE = CapacityLimiter(1)
#: Not more wait for it, two or three seconds: who asks for thousands is sent away instead of holding up whoever comes then.
MOST_WAITING = 100


class HasNoPicture(NotFound):
    """This page has no picture."""


class PicturesBusy(Overloaded):
    """Many pictures are asked for at the moment. Try again soon."""

    logged_at_its_cause = True


class Line:
    """Those who have asked and have no picture yet. Counted when they join: the limiter sees them a moment later."""

    def __init__(self) -> None:
        """Begin without anybody."""
        self.length = 0

    @contextmanager
    def joined(self) -> Iterator[None]:
        """Stand in the line for the time of the block; `PicturesBusy` when it is too long."""
        if self.length >= MOST_WAITING:
            raise PicturesBusy
        self.length += 1
        try:
            yield
        finally:
            self.length -= 1


LINE = Line()


def has_picture(assets: Assets, *, discreet: bool) -> bool:
    """Whether there is one: never of a discreet place, and only where what it is drawn with was built."""
    return not discreet and all(assets.has(name) for name in (*FONTS, OUTLINE))


@router.get("/{lang}/{layer}/{feature_id:uuid}/picture.png", dependencies=[requires(PUBLIC)])
async def picture(request: Request, lang: Language, record: PublishedRecord) -> Response:
    """The picture, which changes with the place."""
    assets: Assets = request.app.state.templates.site.assets
    if not has_picture(assets, discreet=is_discreet(record.properties, load_vocabulary())):
        raise HasNoPicture
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    materials = Materials(tuple(assets.path(name) for name in FONTS), assets.path(OUTLINE))
    with LINE.joined():
        drawn = await anyio.to_thread.run_sync(draw, _subject(record, lang), materials, limiter=ONE)
    return kept_by_all(Response(drawn, media_type="image/png"), etag)


def _subject(record: Record, language: str) -> Subject:
    data, vocabulary = record.properties, load_vocabulary()
    name = said(data["name"], language)
    codes = [service["type"] for service in data.get("services", ())][:_MOST_KINDS]
    exact = data.get("disclosure", "exact") == "exact"
    area = data.get("place", {}).get("area", {}).get("name")
    return Subject(
        name=name.text if name else "",
        kinds=tuple(names(vocabulary.services, codes, language)),
        town=(data.get("address", {}).get("city") if exact else area) or "",
        family=data["family"],
        position=record.position if exact else None,
        language=language,
    )
