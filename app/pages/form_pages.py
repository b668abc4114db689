"""What all pages with a form share: reading what was sent, showing a step, keeping it from every cache."""

import time
from dataclasses import replace
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse

from app.config import Settings
from app.entering.entry import Entry
from app.entering.form_map import map_data
from app.entering.form_view import FormView
from app.entering.forms import FORMS
from app.features.layer import Layer
from app.forms import Answers, Form
from app.forms.drafts import Draft
from app.forms.started import Started, read_started
from app.i18n import Translator, translator
from app.layers.aid_points.services_fields import SERVICES
from app.layers.registry import layer as declared_layer
from app.taxonomy.discretion import asks_discreetly, discreet_services
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import page_of, render, settings_of
from app.web.etag import private
from app.web.sent_often import challenge_of
from app.web.strict_form import FormValues


def blank_entry(key: str, settings: Settings, language: str) -> Entry:
    """An entry with nothing in it yet; `UnknownLayer`."""
    layer: Layer = declared_layer(key)
    form = FORMS[key](settings.countries)
    answers = form.answers([(form.language_field, language)])
    return Entry(layer=layer, form=form, countries=settings.countries, language=language, answers=answers)


def sent_entry(
    key: str, settings: Settings, language: str, sent: FormValues, draft: Draft | None = None
) -> Entry:
    """The entry as it came from the page, with what is kept of its other steps.

    Anything else in the page's `at` than one of the steps means the first one. `InvalidInput` for an input that came twice.
    """
    blank = blank_entry(key, settings, language)
    at = int(sent.one("at")) if sent.one("at") in {str(n) for n in range(1, blank.last + 1)} else 1
    return replace(blank, answers=together(blank.form, draft, sent, at), at=at)


def together(form: Form, draft: Draft | None, sent: FormValues, at: int) -> Answers:
    """All answers: those of step `at` as they were sent, the others as they are kept.

    A page that stood behind Back may carry older ones. Where nothing is kept any more, what the page carries counts.
    """
    if draft is None:
        return form.answers(sent.pairs)
    step = form.steps[at - 1]
    others = [(name, words) for name, words in draft.pairs if not step.owns(name)]
    return form.answers([*others, *((name, words) for name, words in sent.pairs if step.owns(name))])


def stamp_of(request: Request, started: str) -> Started | None:
    """The stamp of when the form was opened, as it stood in the page; None when there is none that holds."""
    return read_started(started, secret_of(request), time.time())


def started_in(request: Request, started: str) -> str:
    """The stamp that the page carries: the one it came with while that holds, else one of now."""
    return (stamp_of(request, started) or Started.now(time.time())).written(secret_of(request))


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
    draft: Draft | None = None,
    photos_at: str = "",
    **data: Any,
) -> HTMLResponse:
    """The page of a step: what is typed so far, with what was wrong with it when it was sent.

    422 when something is not right, 429 when it was one time too many.
    """
    problems = entry.problems
    waiting = draft is not None and draft.retry_after_s is not None and draft.at == entry.at
    view = FormView(
        form=entry.form,
        answers=entry.answers,
        texts=texts_of(request),
        at=entry.at,
        problems=problems,
        candidates=entry.candidates,
        takes_photos=True,
        photos_at=photos_at,
    )
    response = render(
        request,
        "add/form.html",
        status=429 if waiting else 422 if problems else 200,
        view=view,
        started=started_in(request, draft.started if draft else ""),
        email=draft.email if draft else "",
        kept=draft.version if draft else "",
        map=map_data(settings_of(request)),
        discreet=asks_discreetly(load_vocabulary(), services=entry.answers.all(SERVICES)),
        discreet_codes=" ".join(discreet_services(load_vocabulary())),
        challenge=challenge_of(request) if entry.at == entry.last else None,
        still_wrong_href=still_wrong_href(entry),
        **data,
    )
    return closed(response, draft.retry_after_s if draft is not None and waiting else None)


def still_wrong_href(entry: Entry) -> str:
    """The address that says what is wrong with the fields of a form while it is filled in."""
    return f"/{entry.language}/add/{entry.layer.key}/still-wrong"


def closed(response: HTMLResponse, retry_after_s: int | None = None) -> HTMLResponse:
    """Mark a page as nobody else's and not for search engines, and say when its form may be sent again."""
    private(response)
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
