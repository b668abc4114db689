"""Forms about a place on the map: the place as its reader may know it, and the page of a short one with what was typed."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request
from sqlalchemy import text
from starlette.responses import HTMLResponse

from app.db import PublicReader, session
from app.errors import FieldProblem
from app.features.content import OutdatedContent
from app.features.revisions import FeatureNotFound
from app.features.wording import Said, said
from app.layers.registry import LAYERS
from app.moderation.suggesting import OnTheMap, Suggestible, read_suggestible
from app.pages.form_pages import closed, started_in, texts_of
from app.pages.led_on import led_on
from app.taxonomy.discretion import is_discreet
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import ReadConnection, database_of, page_of, render
from app.web.sent_often import challenge_of
from app.web.strict_form import FormValues

_PUBLISHED = text("SELECT layer, revision, whole FROM published.feature WHERE id = :id")


async def read_suggested(
    request: Request, feature_id: uuid.UUID, revision: int | None = None
) -> Suggestible | None:
    """What is on the map under an id, as it was in `revision`; `FeatureNotFound`.

    None for what today's rules would refuse: no form can be filled in from it.
    """
    try:
        async with session(database_of(request)) as transaction:
            return await read_suggestible(transaction, LAYERS, load_vocabulary(), feature_id, revision)
    except OutdatedContent:
        return None
    except FeatureNotFound:
        await led_on(request, PublicReader(database_of(request).read), feature_id)
        raise


async def outdated(request: Request, feature_id: uuid.UUID) -> HTMLResponse:
    """The page that says so, and leads on to a report."""
    at = await read_place(PublicReader(database_of(request).read), feature_id)
    report_href = f"/{page_of(request).language}/report/{feature_id}"
    data = {**whose(request, at), "report_href": report_href}
    return closed(render(request, "suggest/outdated.html", status=409, **data))


async def read_place(reader: ReadConnection, feature_id: uuid.UUID) -> OnTheMap:
    """What everybody may read of what is on the map under an id; `FeatureNotFound`.

    Read as it was published: whatever the rules are by now, it can be reported.
    """
    row = (await reader.execute(_PUBLISHED, {"id": feature_id})).one_or_none()
    if row is None:
        raise FeatureNotFound
    public = orjson.loads(row.whole)["properties"]
    return OnTheMap(feature_id, LAYERS[row.layer], row.revision, public)


async def _place_of_address(request: Request, reader: ReadConnection, feature_id: uuid.UUID) -> OnTheMap:
    try:
        return await read_place(reader, feature_id)
    except FeatureNotFound:
        await led_on(request, reader, feature_id)
        raise


#: The place of an address with `feature_id`; of what was merged the way to the same page of the other one.
PlaceOnTheMap = Annotated[OnTheMap, Depends(_place_of_address)]


def name_of(at: OnTheMap, language: str) -> Said:
    """The name as a reader of `language` meets it on the map, in the language that it is in."""
    name = said(at.public["name"], language)
    assert name is not None, "nothing is published without a name"
    return name


def place_page(at: OnTheMap, language: str) -> str:
    """The address of its page."""
    return f"/{language}/{at.layer.key}/{at.feature_id}"


def whose(request: Request, at: OnTheMap) -> dict[str, Any]:
    """What the layout of all such pages is told: whose it is, the way back, whether the reader may be watched."""
    language = page_of(request).language
    return {
        "name": name_of(at, language),
        "back_to": place_page(at, language),
        "discreet": is_discreet(at.public, load_vocabulary()),
    }


def about_place(request: Request, at: OnTheMap, sent: FormValues | None) -> dict[str, Any]:
    """What the page of a form is told besides: when it was opened."""
    return {
        **whose(request, at),
        "started": started_in(request, sent.one("started") if sent else ""),
    }


def show_short_form(
    request: Request,
    template: str,
    at: OnTheMap,
    sent: FormValues | None,
    problems: Iterable[FieldProblem],
    *,
    fields: Sequence[str],
    retry_after_s: int | None,
    **data: Any,
) -> HTMLResponse:
    """The page with what was typed into `fields`, and what was wrong with it.

    A problem of no field leads to the first one. 422 when something is not right, 429 when it was one time too many.
    """
    texts = texts_of(request)
    found = [(problem.path, texts.gettext(problem.message)) for problem in problems]
    page = render(
        request,
        template,
        status=429 if retry_after_s is not None else 422 if found else 200,
        typed={field: sent.one(field) if sent else "" for field in fields},
        errors=dict(reversed(found)),
        summary=[(path or fields[0], message) for path, message in found],
        challenge=challenge_of(request),
        **about_place(request, at, sent),
        **data,
    )
    return closed(page, retry_after_s)
