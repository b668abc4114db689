"""While somebody adds a place: what is on the map already and may be the same, with the way to change that instead."""

from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse

from app.db import Executor
from app.entering.entry import Entry
from app.moderation.duplicates.public import alike_on_the_map
from app.pages.answers import now_of, today_of
from app.pages.form_pages import closed, sent_entry, texts_of
from app.pages.views.hit import Reader, hit
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, ReadConnection, render, settings_of
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()


@router.post("/{lang}/add/{key}/already-there", dependencies=[requires(PUBLIC)])
async def already_there(
    request: Request, lang: Language, key: str, sent: Form, reader: ReadConnection
) -> HTMLResponse:
    """What may be the same as what is typed so far: a piece of a page."""
    entry = sent_entry(key, settings_of(request), lang, sent)
    return closed(render(request, "add/already_there.html", already=await already(request, entry, reader)))


async def already(request: Request, entry: Entry, reader: Executor) -> list[dict[str, Any]]:
    """The likeliest with their rows as the list shows them (`hit`), who runs them, and how far they are from the pin."""
    data = entry.form.read(entry.answers, entry.language).data
    found = await alike_on_the_map(reader, data, entry.layer.key, typed=True)
    shown = Reader(
        texts_of(request),
        load_vocabulary(),
        settings_of(request).timezone,
        now_of(request),
        today_of(request),
    )
    return [{"hit": hit(one.slim, shown), "run_by": one.run_by, "metres": one.metres} for one in found]
