"""Add a place or an organisation: choose what, fill in step by step, send."""

import time
from dataclasses import replace
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.config import Settings
from app.db import session
from app.errors import FieldProblem, TooManyRequests
from app.forms.drafts import Draft, drop_draft
from app.forms.sealing import Seal, new_address
from app.forms.started import LONGEST_S, SHORTEST_S
from app.i18n import N_
from app.layers.aid_points.form import HOURS
from app.layers.registry import LAYERS
from app.mail.addresses import UnusableAddress, normalised
from app.moderation.links import make_token
from app.pages.drafts import draft_after, draft_of, entry_at, lead_on, seal_of, step_number, to_step
from app.pages.entry import NEXT, SEND, Entry, press
from app.pages.form_pages import blank_entry, closed, secret_of, sent_entry, show_step, stamp_of, texts_of
from app.pages.forms import EXPLANATIONS, HEADINGS
from app.pages.sending import send_once
from app.web.dependencies import Form, ReadConnection, database_of, limited, page_of, render, settings_of
from app.web.language import Language
from app.web.rate_limit import Limit
from app.web.routes import PUBLIC, page_router, requires
from app.web.strict_form import FormValues

router = page_router()

ROBOT = N_("A field that people do not see was filled in. If you are a person, send the form once more.")
TOO_FAST = N_("That was very fast. Look through your answers and send them once more.")
TOO_OLD = N_("This page was open for long. Look through your answers and send them once more.")
TOO_OFTEN = N_("Several places were sent from your connection just now. Wait an hour and send this one then.")
TOO_OFTEN_TO_ONE = N_(
    "Several places were sent with this e-mail address just now. Confirm those first and send this one in an hour."
)


@router.get("/{lang}/add", dependencies=[requires(PUBLIC)])
async def choose(request: Request, lang: Language) -> HTMLResponse:
    """What can be added."""
    texts = texts_of(request)
    ways = [
        {
            "key": key,
            "icon": layer.icon,
            "words": texts.gettext(HEADINGS[key]),
            "meta": texts.gettext(EXPLANATIONS[key]),
            "href": f"/{lang}/add/{key}",
        }
        for key, layer in LAYERS.items()
    ]
    return render(request, "add/choose.html", ways=ways)


@router.post("/{lang}/add/hours-preview", dependencies=[requires(PUBLIC)])
async def hours_preview(request: Request, lang: Language, sent: Form) -> HTMLResponse:
    """The hours in the form as others will read them: a piece of a page."""
    entry = sent_entry("aid_points", settings_of(request), lang, sent)
    lines = HOURS.told(entry.answers, texts_of(request))
    return closed(render(request, "add/hours_preview.html", lines=lines))


@router.get("/{lang}/add/{key}", dependencies=[requires(PUBLIC)])
async def begin(request: Request, lang: Language, key: str) -> Response:
    """An address for this filling-in. Nothing is kept before its first button is pressed."""
    blank_entry(key, settings_of(request), lang)
    return to_step(_address(lang, key), new_address(), 1)


@router.get("/{lang}/add/{key}/{draft}/{at}", dependencies=[requires(PUBLIC)])
async def step(request: Request, lang: Language, key: str, draft: str, at: str) -> HTMLResponse:
    """A step with everything that is typed so far."""
    blank = blank_entry(key, settings_of(request), lang)
    seal, number = seal_of(request, draft), step_number(at, blank)
    kept = await draft_of(request, seal)
    return _step(request, entry_at(blank, kept, number), seal, kept)


@router.post("/{lang}/add/{key}/{draft}/{at}", dependencies=[requires(PUBLIC)])
async def press_button(
    request: Request, lang: Language, key: str, draft: str, at: str, sent: Form, reader: ReadConnection
) -> Response:
    """What a button of the form does: a step on or back, another row, sending."""
    seal = seal_of(request, draft)
    step_number(at, blank_entry(key, settings_of(request), lang))
    kept = await draft_of(request, seal)
    entry = sent_entry(key, settings_of(request), lang, sent, kept)
    action = sent.one("action", NEXT)
    entry = await press(entry, action, reader)
    if action != SEND:
        return await _lead_on(request, entry, seal, draft_after(entry, sent, kept))
    return await _send(request, entry, seal, sent, kept)


async def _send(request: Request, entry: Entry, seal: Seal, sent: FormValues, kept: Draft | None) -> Response:
    problems, email = _sender_problems(request, sent)
    stamp = stamp_of(request, sent.one("started"))
    if entry.content is None or problems or stamp is None:
        also = problems if entry.content is not None else ()
        return await _lead_on(request, entry, seal, draft_after(entry, sent, kept, also))
    settings = settings_of(request)
    try:
        await limited(request, Limit("submission", settings.submissions_per_hour, 3600))
    except TooManyRequests as error:
        too_often = draft_after(entry, sent, kept, (FieldProblem("", "too_often", TOO_OFTEN),))
        return await _lead_on(request, entry, seal, replace(too_often, retry_after_s=error.retry_after_s))
    try:
        # Whoever has many connections could otherwise fill a stranger's mailbox.
        await limited(request, _mails_to_one(settings), also=email)
    except TooManyRequests as error:
        too_often = draft_after(entry, sent, kept, (FieldProblem("email", "too_often", TOO_OFTEN_TO_ONE),))
        return await _lead_on(request, entry, seal, replace(too_often, retry_after_s=error.retry_after_s))
    async with session(database_of(request)) as transaction:
        submission_id = await send_once(
            transaction, stamp, entry.layer, entry.content, language=entry.language, email=email
        )
        await drop_draft(transaction, seal)
    # Whose address it is, only the mail shows: until then, this browser may look and do nothing.
    token = make_token(secret_of(request), "sent", submission_id)
    return RedirectResponse(
        f"/{entry.language}/sent/{token}", status_code=303, headers={"Cache-Control": "no-store"}
    )


def _mails_to_one(settings: Settings) -> Limit:
    """How many confirmations one address may be sent: twice what one connection may send, and again in four hours."""
    return Limit("submission-mail", 2 * settings.submissions_per_hour, 4 * 3600)


def _sender_problems(request: Request, sent: FormValues) -> tuple[tuple[FieldProblem, ...], str]:
    """What is wrong with who sends, and the address in the form that is stored."""
    problems: list[FieldProblem] = []
    email = ""
    try:
        email = normalised(sent.one("email"))
    except UnusableAddress as error:
        problems += error.problems
    stamp = stamp_of(request, sent.one("started"))
    if sent.one("nickname"):
        problems.append(FieldProblem("", "robot", ROBOT))
    elif stamp is None:
        problems.append(FieldProblem("", "too_old", TOO_OLD))
    elif not SHORTEST_S <= stamp.age_s(time.time()) <= LONGEST_S:
        problems.append(FieldProblem("", "too_fast", TOO_FAST))
    return tuple(problems), email


async def _lead_on(request: Request, entry: Entry, seal: Seal, draft: Draft) -> Response:
    """To the step that a press led to; where no more is kept for this connection, its page at once."""
    led = await lead_on(request, seal, draft, _address(entry.language, entry.layer.key))
    return led or _step(request, replace(entry, problems=draft.problems), seal, draft)


def _step(request: Request, entry: Entry, seal: Seal, draft: Draft | None) -> HTMLResponse:
    texts = texts_of(request)
    page = page_of(request)
    data: dict[str, Any] = {
        "action": f"{_address(page.language, entry.layer.key)}/{seal.address}/{entry.at}",
        "heading": texts.gettext(HEADINGS[entry.layer.key]),
        "asks_email": True,
        "send_words": texts.gettext("Send"),
        "back_words": texts.gettext("What can be added"),
        "back_to": f"/{page.language}/add",
    }
    return show_step(request, entry, draft=draft, **data)


def _address(language: str, key: str) -> str:
    return f"/{language}/add/{key}"
