"""Correct what was sent: the same form, filled in, while a moderator's question waits."""

from dataclasses import replace
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from app.db import session
from app.entering.entry import NEXT, SEND, Entry, press, unasked
from app.errors import InvalidInput
from app.forms.drafts import Draft, drop_draft
from app.forms.sealing import Seal, new_address
from app.moderation import links
from app.moderation.actions.answer import answer
from app.moderation.models import Submission
from app.moderation.states import SubmissionState
from app.moderation.submissions import read
from app.moderation.suggesting import is_suggestion
from app.pages.drafts import draft_after, draft_of, entry_at, lead_on, seal_of, step_number, to_step
from app.pages.form_pages import blank_entry, secret_of, sent_entry, show_step, texts_of
from app.pages.photos_sent import album_of, empty, with_photo, without_gone
from app.pages.status import to_status
from app.photos.keeping import take_in
from app.web.dependencies import Form, ReadConnection, database_of, page_of, settings_of
from app.web.language import Language
from app.web.routes import BY_LINK, page_router, requires

router = page_router()


@router.get("/{lang}/status/{token}/correct", dependencies=[requires(BY_LINK)])
async def begin(request: Request, lang: Language, token: str) -> Response:
    """An address for this correction. Nothing is kept before its first button is pressed."""
    submission = await _asked(request, token)
    if submission is None:
        return _back(request, lang, token)
    return to_step(_address(lang, token), new_address(), 1)


@router.get("/{lang}/status/{token}/correct/{draft}/{at}", dependencies=[requires(BY_LINK)])
async def step(request: Request, lang: Language, token: str, draft: str, at: str) -> Response:
    """A step with what was sent, and with what is corrected so far."""
    submission = await _asked(request, token)
    if submission is None:
        return _back(request, lang, token)
    blank = blank_entry(submission.layer, settings_of(request), lang)
    filled = replace(blank, language=submission.language, answers=blank.form.write(submission.content))
    seal, number = seal_of(request, draft), step_number(at, blank)
    kept = await draft_of(request, seal)
    return _step(request, entry_at(filled, kept, number), token, seal, kept)


@router.post("/{lang}/status/{token}/correct/{draft}/{at}", dependencies=[requires(BY_LINK)])
async def press_button(
    request: Request, lang: Language, token: str, draft: str, at: str, sent: Form, reader: ReadConnection
) -> Response:
    """What a button of the form does; the last one sends the corrected entry as the answer."""
    submission = await _asked(request, token)
    if submission is None:
        return _back(request, lang, token)
    seal = seal_of(request, draft)
    kept = await draft_of(request, seal)
    entry = sent_entry(submission.layer, settings_of(request), lang, sent, kept)
    step_number(at, entry)
    entry = replace(entry, kept=unasked(entry.form, submission.content))
    action = sent.one("action", NEXT)
    entry, refused = await with_photo(request, entry, sent, kept.pairs if kept else ())
    if refused:
        after = draft_after(entry, sent, kept, refused)
        led = await lead_on(request, seal, after, _address(lang, token))
        return led or _step(request, replace(entry, problems=refused), token, seal, after)
    entry = await press(entry, action, reader)
    if action != SEND or entry.content is None:
        after = draft_after(entry, sent, kept)
        led = await lead_on(request, seal, after, _address(lang, token))
        return led or _step(request, entry, token, seal, after)
    album = album_of(request, entry.form, entry.answers)
    try:
        async with session(database_of(request)) as transaction:
            await take_in(transaction, entry.content.to_dict(), album)
            await answer(transaction, submission.id, content=entry.content)
            await drop_draft(transaction, seal)
    except InvalidInput as error:
        entry = without_gone(entry, error)
        after = draft_after(entry, sent, kept)
        led = await lead_on(request, seal, after, _address(lang, token))
        return led or _step(request, entry, token, seal, after)
    await empty(request, album)
    return to_status(request, lang, submission.id)


def _back(request: Request, lang: str, token: str) -> Response:
    """Nothing is asked (any more): to where the submission is."""
    return to_status(request, lang, links.read_token(secret_of(request), "status", token))


def _address(language: str, token: str) -> str:
    return f"/{language}/status/{token}/correct"


async def _asked(request: Request, token: str) -> Submission | None:
    """The submission of a link, when a question about it waits for an answer."""
    submission_id = links.read_token(secret_of(request), "status", token)
    async with session(database_of(request)) as transaction:
        submission = await read(transaction, submission_id)
    # A suggested change has a form of its own, which shows nothing of the place that is hidden.
    waits = submission.state == SubmissionState.NEEDS_CHANGES and not is_suggestion(submission)
    return submission if waits else None


def _step(request: Request, entry: Entry, token: str, seal: Seal, draft: Draft | None) -> HTMLResponse:
    texts = texts_of(request)
    page = page_of(request)
    data: dict[str, Any] = {
        "action": f"{_address(page.language, token)}/{seal.address}/{entry.at}",
        "heading": texts.gettext("Correct your entry"),
        "asks_email": False,
        "send_words": texts.gettext("Send the correction"),
        "back_words": texts.gettext("Where it is now"),
        "back_to": f"/{page.language}/status/{token}",
    }
    photos_at = f"/{page.language}/status/{token}/photo"
    return show_step(request, entry, draft=draft, photos_at=photos_at, **data)
