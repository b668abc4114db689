"""Forms about a place on the map: the place as its reader may know it, and the page of a short one with what was typed."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse

from app.db import session
from app.errors import FieldProblem
from app.features.wording import Said, said
from app.layers.registry import LAYERS
from app.moderation.suggesting import Suggestible, read_suggestible
from app.pages.form_pages import closed, started_in, texts_of
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import database_of, page_of, render
from app.web.strict_form import FormValues


async def read_place(request: Request, feature_id: uuid.UUID, revision: int | None = None) -> Suggestible:
    """What is on the map under an id, as it was in `revision`; `FeatureNotFound`."""
    async with session(database_of(request)) as transaction:
        return await read_suggestible(transaction, LAYERS, load_vocabulary(), feature_id, revision)


def name_of(at: Suggestible, language: str) -> Said:
    """The name as a reader of `language` meets it on the map, in the language that it is in."""
    name = said(at.public["name"], language)
    assert name is not None, "nothing is published without a name"
    return name


def place_page(at: Suggestible, language: str) -> str:
    """The address of its page."""
    return f"/{language}/{at.layer.key}/{at.feature_id}"


def about_place(request: Request, at: Suggestible, sent: FormValues | None) -> dict[str, Any]:
    """What the page of every such form is told: whose it is, the way back, when it was opened."""
    language = page_of(request).language
    return {
        "name": name_of(at, language),
        "back_to": place_page(at, language),
        "started": started_in(request, sent.one("started") if sent else ""),
    }


def show_short_form(
    request: Request,
    template: str,
    at: Suggestible,
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
        **about_place(request, at, sent),
        **data,
    )
    return closed(page, retry_after_s)
