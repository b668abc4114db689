"""Correct a suggested change while a moderator's question waits: the page of the suggestion, filled in with it."""

from fastapi import Request
from starlette.responses import Response

from app.db import session
from app.entering.entry import SEND
from app.errors import FieldProblem, InvalidInput
from app.features.content import OutdatedContent
from app.layers.registry import LAYERS
from app.moderation import links
from app.moderation.actions.answer import answer
from app.moderation.models import Submission
from app.moderation.states import SubmissionState
from app.moderation.submissions import read
from app.moderation.suggesting import Suggestible, is_suggestion, read_suggestible
from app.pages.form_pages import closed, secret_of
from app.pages.photos_sent import album_of, empty, with_photo, without_gone
from app.pages.status import to_status, whose
from app.pages.suggestion import Suggestion, begun, show, suggested
from app.photos.keeping import take_in
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, ReadConnection, database_of, render
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
    if at is None:
        return await _outdated(request, lang, token, submission)
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
    if at is None:
        return await _outdated(request, lang, token, submission)
    found = begun(request, lang, at, submission.content)
    found = found.answered(found.entry.form.answers(sent.pairs))
    action = sent.one("action", SEND)
    entry, refused = await with_photo(request, found.entry, sent)
    found = found.answered(entry.answers)
    if refused or action != SEND:
        more = found.entry.form.more(found.entry.answers, action) or found.entry.answers
        return _show(request, lang, token, found.answered(more), sent, also=refused)
    found, content = await suggested(found, submission.content, reader)
    if content is None:
        return _show(request, lang, token, found, sent)
    album = album_of(request, found.entry.form, found.entry.answers)
    try:
        async with session(database_of(request)) as transaction:
            await take_in(transaction, content.to_dict(), album)
            await answer(transaction, submission.id, content=content)
    except InvalidInput as error:
        entry = without_gone(found.entry, error)
        return _show(request, lang, token, found.answered(entry.answers), sent, also=entry.problems)
    await empty(request, album)
    return to_status(request, lang, submission.id)


async def _asked(request: Request, token: str) -> tuple[Submission, Suggestible | None] | None:
    """The suggestion of a link, when a question about it waits for an answer, and what it is about.

    That is None for what today's rules would refuse: no form can be filled in from it.
    """
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
            return submission, None
    return submission, at


async def _outdated(request: Request, language: str, token: str, submission: Submission) -> Response:
    """The page that says so, and leads on to an answer in words."""
    async with session(database_of(request)) as transaction:
        data = await whose(transaction, submission, language)
    back_to = f"/{language}/status/{token}"
    return closed(render(request, "status/outdated.html", status=409, back_to=back_to, **data))


def _show(
    request: Request,
    language: str,
    token: str,
    found: Suggestion,
    sent: FormValues | None = None,
    also: tuple[FieldProblem, ...] = (),
) -> Response:
    address = f"/{language}/status/{token}"
    return show(
        request,
        found,
        f"{address}/change",
        sent,
        also=also,
        photos_at=f"{address}/photo",
        correcting=True,
        back_to=address,
    )
