"""Add a place or an organisation: choose what, fill in step by step, send."""

import time
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.config import Settings
from app.db import session
from app.errors import FieldProblem, TooManyRequests
from app.forms.started import LONGEST_S, SHORTEST_S
from app.i18n import N_
from app.layers.aid_points.form import HOURS
from app.layers.registry import LAYERS
from app.mail.addresses import UnusableAddress, normalised
from app.moderation.links import make_token
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
async def first_step(request: Request, lang: Language, key: str) -> HTMLResponse:
    """An empty form."""
    return _step(request, blank_entry(key, settings_of(request), lang))


@router.post("/{lang}/add/{key}", dependencies=[requires(PUBLIC)])
async def any_step(
    request: Request, lang: Language, key: str, sent: Form, reader: ReadConnection
) -> Response:
    """What a button of the form does: a step on or back, another row, sending."""
    entry = sent_entry(key, settings_of(request), lang, sent)
    action = sent.one("action", NEXT)
    entry = await press(entry, action, reader)
    if action != SEND:
        return _step(request, entry, sent)
    return await _send(request, entry, sent)


async def _send(request: Request, entry: Entry, sent: FormValues) -> Response:
    problems, email = _sender_problems(request, sent)
    stamp = stamp_of(request, sent)
    if entry.content is None or problems or stamp is None:
        return _step(request, entry, sent, also=problems if entry.content is not None else ())
    settings = settings_of(request)
    try:
        await limited(request, Limit("submission", settings.submissions_per_hour, 3600))
    except TooManyRequests as error:
        page = _step(request, entry, sent, also=(FieldProblem("", "too_often", TOO_OFTEN),), status=429)
        page.headers["Retry-After"] = str(error.retry_after_s)
        return page
    try:
        # Whoever has many connections could otherwise fill a stranger's mailbox.
        await limited(request, _mails_to_one(settings), also=email)
    except TooManyRequests as error:
        problem = FieldProblem("email", "too_often", TOO_OFTEN_TO_ONE)
        page = _step(request, entry, sent, also=(problem,), status=429)
        page.headers["Retry-After"] = str(error.retry_after_s)
        return page
    async with session(database_of(request)) as transaction:
        submission_id = await send_once(
            transaction, stamp, entry.layer, entry.content, language=entry.language, email=email
        )
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
    stamp = stamp_of(request, sent)
    if sent.one("nickname"):
        problems.append(FieldProblem("", "robot", ROBOT))
    elif stamp is None:
        problems.append(FieldProblem("", "too_old", TOO_OLD))
    elif not SHORTEST_S <= stamp.age_s(time.time()) <= LONGEST_S:
        problems.append(FieldProblem("", "too_fast", TOO_FAST))
    return tuple(problems), email


def _step(
    request: Request,
    entry: Entry,
    sent: FormValues | None = None,
    *,
    also: tuple[FieldProblem, ...] = (),
    status: int | None = None,
) -> HTMLResponse:
    texts = texts_of(request)
    page = page_of(request)
    data: dict[str, Any] = {
        "action": f"/{page.language}/add/{entry.layer.key}",
        "heading": texts.gettext(HEADINGS[entry.layer.key]),
        "asks_email": True,
        "email": sent.one("email") if sent else "",
        "send_words": texts.gettext("Send"),
        "back_words": texts.gettext("What can be added"),
        "back_to": f"/{page.language}/add",
    }
    stamp = stamp_of(request, sent) if sent else None
    return show_step(request, entry, stamp=stamp, also=also, status=status, **data)
