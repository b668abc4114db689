"""What all pages with a form share: reading what was sent, showing a step, keeping it from every cache."""

import json
import time
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse

from app.config import Settings
from app.errors import FieldProblem
from app.features.layer import Layer
from app.forms.started import Started, read_started
from app.i18n import Translator, translator
from app.layers.registry import layer as declared_layer
from app.pages.entry import Entry
from app.pages.form_view import FormView
from app.pages.forms import FORMS
from app.web.basemap import basemap_of
from app.web.dependencies import page_of, render, settings_of
from app.web.etag import private
from app.web.strict_form import FormValues

#: Longer steps do not exist; anything else in the page's `at` means the first one.
MOST_STEPS = 9


@dataclass(frozen=True, slots=True)
class MapData:
    """What the page tells the map of a form, for its data attributes."""

    basemap: str
    bounds: str = ""


def blank_entry(key: str, settings: Settings, language: str) -> Entry:
    """An entry with nothing in it yet; `UnknownLayer`."""
    layer: Layer = declared_layer(key)
    form = FORMS[key](settings.countries)
    answers = form.answers([(form.language_field, language)])
    return Entry(layer=layer, form=form, countries=settings.countries, language=language, answers=answers)


def sent_entry(key: str, settings: Settings, language: str, sent: FormValues) -> Entry:
    """The entry as it came from the page; `InvalidInput` for an input that came twice."""
    blank = blank_entry(key, settings, language)
    at = sent.one("at")
    known = at.isascii() and at.isdecimal() and 1 <= int(at[:2]) <= min(blank.last, MOST_STEPS)
    return Entry(
        layer=blank.layer,
        form=blank.form,
        countries=settings.countries,
        language=language,
        answers=blank.form.answers(sent.pairs),
        at=int(at) if known else 1,
    )


def stamp_of(request: Request, sent: FormValues) -> Started | None:
    """The stamp of when the form was opened; None when there is none that holds."""
    return read_started(sent.one("started"), secret_of(request), time.time())


def secret_of(request: Request) -> str:
    """The key by which stamps and links are signed."""
    return settings_of(request).secret_key.get_secret_value()


def texts_of(request: Request) -> Translator:
    """The translator of the page."""
    return translator(page_of(request).language, settings_of(request).timezone)


def show_step(
    request: Request,
    entry: Entry,
    *,
    stamp: Started | None,
    also: tuple[FieldProblem, ...] = (),
    status: int | None = None,
    **data: Any,
) -> HTMLResponse:
    """The page of a step; 422 when something in it is not right. `also` are problems beside the entry's own."""
    problems = (*entry.problems, *also)
    view = FormView(
        form=entry.form,
        answers=entry.answers,
        texts=texts_of(request),
        at=entry.at,
        problems=problems,
        candidates=entry.candidates,
    )
    response = render(
        request,
        "add/form.html",
        status=status or (422 if problems else 200),
        view=view,
        started=(stamp or Started.now(time.time())).written(secret_of(request)),
        map=map_data(settings_of(request)),
        **data,
    )
    return closed(response)


def closed(response: HTMLResponse) -> HTMLResponse:
    """Mark a page as nobody else's and not for search engines."""
    private(response)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def map_data(settings: Settings) -> MapData:
    """The map of the form."""
    return MapData(json.dumps(basemap_of(settings)))
