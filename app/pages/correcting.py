"""Correct what was sent: the same form, filled in, while a moderator's question waits."""

from dataclasses import replace
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from app.db import session
from app.moderation import links
from app.moderation.actions.answer import answer
from app.moderation.models import Submission
from app.moderation.states import SubmissionState
from app.moderation.submissions import read
from app.pages.entry import NEXT, SEND, Entry, press, unasked
from app.pages.form_pages import blank_entry, secret_of, sent_entry, show_step, stamp_of, texts_of
from app.pages.status import to_status
from app.web.dependencies import Form, ReadConnection, database_of, page_of, settings_of
from app.web.language import Language
from app.web.routes import BY_LINK, page_router, requires
from app.web.strict_form import FormValues

router = page_router()


@router.get("/{lang}/status/{token}/correct", dependencies=[requires(BY_LINK)])
async def filled_in(request: Request, lang: Language, token: str) -> Response:
    """The first step with what was sent."""
    submission = await _asked(request, token)
    if submission is None:
        return to_status(request, lang, links.read_token(secret_of(request), "status", token))
    blank = blank_entry(submission.layer, settings_of(request), lang)
    entry = Entry(
        layer=blank.layer,
        form=blank.form,
        countries=blank.countries,
        language=submission.language,
        answers=blank.form.write(submission.content),
    )
    return _step(request, entry, token)


@router.post("/{lang}/status/{token}/correct", dependencies=[requires(BY_LINK)])
async def any_step(
    request: Request, lang: Language, token: str, sent: Form, reader: ReadConnection
) -> Response:
    """What a button of the form does; the last one sends the corrected entry as the answer."""
    submission = await _asked(request, token)
    if submission is None:
        return to_status(request, lang, links.read_token(secret_of(request), "status", token))
    entry = sent_entry(submission.layer, settings_of(request), lang, sent)
    entry = replace(entry, kept=unasked(entry.form, submission.content))
    action = sent.one("action", NEXT)
    entry = await press(entry, action, reader)
    if action != SEND or entry.content is None:
        return _step(request, entry, token, sent)
    async with session(database_of(request)) as transaction:
        await answer(transaction, submission.id, content=entry.content)
    return to_status(request, lang, submission.id)


async def _asked(request: Request, token: str) -> Submission | None:
    """The submission of a link, when a question about it waits for an answer."""
    submission_id = links.read_token(secret_of(request), "status", token)
    async with session(database_of(request)) as transaction:
        submission = await read(transaction, submission_id)
    return submission if submission.state == SubmissionState.NEEDS_CHANGES else None


def _step(request: Request, entry: Entry, token: str, sent: FormValues | None = None) -> HTMLResponse:
    texts = texts_of(request)
    page = page_of(request)
    address = f"/{page.language}/status/{token}"
    data: dict[str, Any] = {
        "action": f"{address}/correct",
        "heading": texts.gettext("Correct your entry"),
        "asks_email": False,
        "email": "",
        "send_words": texts.gettext("Send the correction"),
        "back_words": texts.gettext("Where it is now"),
        "back_to": address,
    }
    return show_step(request, entry, stamp=stamp_of(request, sent) if sent else None, **data)
