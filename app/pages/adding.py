"""Add a place or an organisation: choose what, fill in step by step, send."""

from dataclasses import replace
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.db import PublicReader, session
from app.entering.entry import NEXT, SEND, Entry, press
from app.entering.forms import EXPLANATIONS, HEADINGS
from app.errors import InvalidInput
from app.forms.drafts import Draft, drop_draft
from app.forms.sealing import Seal, new_address
from app.forms.started import SHORTEST_S
from app.layers.aid_points.form import HOURS
from app.layers.registry import LAYERS
from app.moderation.links import make_token
from app.pages.already_there import already
from app.pages.drafts import draft_after, draft_of, entry_at, lead_on, seal_of, step_number, to_step
from app.pages.form_pages import blank_entry, closed, secret_of, sent_entry, show_step, texts_of
from app.pages.photos_sent import album_of, empty, with_photo, without_gone
from app.pages.sender import sender_of, too_often
from app.pages.sending import send_once
from app.photos.keeping import take_in
from app.web.dependencies import Form, ReadConnection, database_of, page_of, render, settings_of
from app.web.in_turn import in_turn
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires
from app.web.sent_often import asks_for_proof
from app.web.strict_form import FormValues

router = page_router()


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


@router.get("/{lang}/add/{key}/{draft}/{at}", dependencies=[requires(PUBLIC), asks_for_proof("submission")])
async def step(request: Request, lang: Language, key: str, draft: str, at: str) -> HTMLResponse:
    """A step with everything that is typed so far."""
    blank = blank_entry(key, settings_of(request), lang)
    seal, number = seal_of(request, draft), step_number(at, blank)
    kept = await draft_of(request, seal)
    return await _step(request, entry_at(blank, kept, number), seal, kept)


@router.post("/{lang}/add/{key}/{draft}/{at}", dependencies=[requires(PUBLIC), asks_for_proof("submission")])
async def press_button(
    request: Request, lang: Language, key: str, draft: str, at: str, sent: Form, reader: ReadConnection
) -> Response:
    """What a button of the form does: a step on or back, another row, sending."""
    seal = seal_of(request, draft)
    step_number(at, blank_entry(key, settings_of(request), lang))
    kept = await draft_of(request, seal)
    entry = sent_entry(key, settings_of(request), lang, sent, kept)
    action = sent.one("action", NEXT)
    entry, refused = await with_photo(request, entry, sent, kept.pairs if kept else ())
    if refused:
        return await _lead_on(request, entry, seal, draft_after(entry, sent, kept, refused))
    entry = await press(entry, action, reader)
    if action != SEND:
        return await _lead_on(request, entry, seal, draft_after(entry, sent, kept))
    async with in_turn(request, sent.one("proof")):
        return await _send(request, entry, seal, sent, kept)


async def _send(request: Request, entry: Entry, seal: Seal, sent: FormValues, kept: Draft | None) -> Response:
    sender = sender_of(request, sent, shortest_s=SHORTEST_S, needs_email=True)
    if entry.content is None or sender.problems or sender.stamp is None:
        also = sender.problems if entry.content is not None else ()
        return await _lead_on(request, entry, seal, draft_after(entry, sent, kept, also))
    often = await too_often(
        request, "submission", settings_of(request).submissions_per_hour, sender.email, sent=sent
    )
    if often:
        problem, retry_after_s = often
        after = draft_after(entry, sent, kept, (problem,))
        return await _lead_on(request, entry, seal, replace(after, retry_after_s=retry_after_s))
    album = album_of(request, entry.form, entry.answers)
    try:
        async with session(database_of(request)) as transaction:
            await take_in(transaction, entry.content.to_dict(), album)
            submission_id = await send_once(
                transaction,
                sender.stamp,
                entry.layer,
                entry.content,
                language=entry.language,
                email=sender.email,
            )
            await drop_draft(transaction, seal)
    except InvalidInput as error:
        entry = without_gone(entry, error)
        return await _lead_on(request, entry, seal, draft_after(entry, sent, kept))
    await empty(request, album)
    # Whose address it is, only the mail shows: until then, this browser may look and do nothing.
    token = make_token(secret_of(request), "sent", submission_id)
    return RedirectResponse(
        f"/{entry.language}/sent/{token}", status_code=303, headers={"Cache-Control": "no-store"}
    )


async def _lead_on(request: Request, entry: Entry, seal: Seal, draft: Draft) -> Response:
    """To the step that a press led to; where no more is kept for this connection, its page at once."""
    led = await lead_on(request, seal, draft, _address(entry.language, entry.layer.key))
    return led or await _step(request, replace(entry, problems=draft.problems), seal, draft)


async def _step(request: Request, entry: Entry, seal: Seal, draft: Draft | None) -> HTMLResponse:
    texts = texts_of(request)
    page = page_of(request)
    data: dict[str, Any] = {
        "action": f"{_address(page.language, entry.layer.key)}/{seal.address}/{entry.at}",
        "heading": texts.gettext(HEADINGS[entry.layer.key]),
        "asks_email": True,
        "send_words": texts.gettext("Send"),
        "back_words": texts.gettext("What can be added"),
        "back_to": f"/{page.language}/add",
        "already": await already(request, entry, PublicReader(database_of(request).read)),
        "already_of": entry.layer.key,
        "begun": "add/",
    }
    return show_step(request, entry, draft=draft, **data)


def _address(language: str, key: str) -> str:
    return f"/{language}/add/{key}"
