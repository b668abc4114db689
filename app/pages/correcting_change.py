"""Correct a suggested change while a moderator's question waits: the page of the suggestion, filled in with it."""

from dataclasses import replace

from fastapi import Request
from starlette.responses import Response

from app.db import session
from app.features.content import OutdatedContent
from app.layers.registry import LAYERS
from app.moderation import links
from app.moderation.actions.answer import answer
from app.moderation.models import Submission
from app.moderation.states import SubmissionState
from app.moderation.submissions import read
from app.moderation.suggesting import Suggestible, is_suggestion, read_suggestible
from app.pages.entry import SEND
from app.pages.form_pages import secret_of
from app.pages.status import to_status
from app.pages.suggestion import Suggestion, begun, show, suggested
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, ReadConnection, database_of
from app.web.language import Language
from app.web.routes import BY_LINK, page_router, requires
from app.web.strict_form import FormValues

router = page_router()


@router.get("/{lang}/status/{token}/change", dependencies=[requires(BY_LINK)])
async def filled_in(request: Request, lang: Language, token: str) -> Response:
    """The form with what was suggested."""
    asked = await _asked(request, token)
    if asked is None:
        return to_status(request, lang, links.read_token(secret_of(request), "status", token))
    submission, at = asked
    return _show(request, lang, token, begun(request, lang, at, submission.content))


@router.post("/{lang}/status/{token}/change", dependencies=[requires(BY_LINK)])
async def press_button(
    request: Request, lang: Language, token: str, sent: Form, reader: ReadConnection
) -> Response:
    """What a button of the form does; the last one sends the correction as the answer."""
    asked = await _asked(request, token)
    if asked is None:
        return to_status(request, lang, links.read_token(secret_of(request), "status", token))
    submission, at = asked
    found = begun(request, lang, at, submission.content)
    found = replace(found, entry=replace(found.entry, answers=found.entry.form.answers(sent.pairs)))
    action = sent.one("action", SEND)
    if action != SEND:
        more = found.entry.form.more(found.entry.answers, action) or found.entry.answers
        return _show(request, lang, token, replace(found, entry=replace(found.entry, answers=more)), sent)
    found, content = await suggested(found, submission.content, reader)
    if content is None:
        return _show(request, lang, token, found, sent)
    async with session(database_of(request)) as transaction:
        await answer(transaction, submission.id, content=content)
    return to_status(request, lang, submission.id)


async def _asked(request: Request, token: str) -> tuple[Submission, Suggestible] | None:
    """The suggestion of a link and what it is about, when a question about it waits for an answer that a form can give."""
    submission_id = links.read_token(secret_of(request), "status", token)
    async with session(database_of(request)) as transaction:
        submission = await read(transaction, submission_id)
        if submission.state != SubmissionState.NEEDS_CHANGES or not is_suggestion(submission):
            return None
        assert submission.feature_id is not None
        try:
            at = await read_suggestible(
                transaction, LAYERS, load_vocabulary(), submission.feature_id, submission.base_revision
            )
        except OutdatedContent:
            return None
    return submission, at


def _show(
    request: Request, language: str, token: str, found: Suggestion, sent: FormValues | None = None
) -> Response:
    address = f"/{language}/status/{token}"
    return show(request, found, f"{address}/change", sent, correcting=True, back_to=address)
