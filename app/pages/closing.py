"""This place is closed, for good or for a time: a short form that suggests the change of one field."""

import uuid
from collections.abc import Iterable

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.entering.closure import reasons_in, status_in
from app.errors import FieldProblem, InvalidInput
from app.features.closures import closure
from app.moderation.suggesting import Suggestible
from app.pages.form_pages import closed, secret_of, texts_of
from app.pages.place_forms import outdated, read_suggested, show_short_form
from app.pages.sender import paragraphs_in, sender_of, too_often
from app.pages.setting import setting_of
from app.pages.shown_revision import shown_in, written
from app.pages.suggestion import LONGEST_REMARK, PROOF, UNCHANGED, may_close, store
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, page_of, render, settings_of
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires
from app.web.strict_form import FormValues

router = page_router()

SHORTEST_S = 2
FIELDS = ("state", "since", "until", "reason", "remark", "email")


@router.get("/{lang}/suggest/{feature_id:uuid}/closed", dependencies=[requires(PUBLIC), PROOF])
async def form(request: Request, lang: Language, feature_id: uuid.UUID) -> Response:
    """The short form."""
    at = await read_suggested(request, feature_id)
    if at is None:
        return await outdated(request, feature_id)
    return _show(request, at) if may_close(at) else _suggest(lang, feature_id)


@router.post("/{lang}/suggest/closed-preview", dependencies=[requires(PUBLIC)])
async def preview(request: Request, lang: Language, sent: Form) -> HTMLResponse:
    """The closure in the form as others will read it, or what is wrong with its days: a piece of a page."""
    today, texts = setting_of(request, "", lang).today, texts_of(request)
    lines: list[str] = []
    if sent.one("state"):
        status, problems = status_in(sent, today)
        told = closure(status, today, texts, load_vocabulary()) if status else None
        lines = [told.title, *([told.text.text] if told.text else [])] if told else []
        lines += [texts.gettext(problem.message) for problem in problems]
    return closed(render(request, "add/hours_preview.html", lines=lines))


@router.post("/{lang}/suggest/{feature_id:uuid}/closed", dependencies=[requires(PUBLIC), PROOF])
async def send(request: Request, lang: Language, feature_id: uuid.UUID, sent: Form) -> Response:
    """Take it in as a suggested change."""
    base = shown_in(sent.one("base"), secret_of(request), feature_id)
    at = await read_suggested(request, feature_id, base)
    if at is None:
        return await outdated(request, feature_id)
    if not may_close(at):
        return _suggest(lang, feature_id)
    today = setting_of(request, "", lang).today
    status, problems = status_in(sent, today)
    content = None
    if status is not None:
        try:
            content = at.layer.content.read({**at.whole, "status": status})
        except InvalidInput as error:
            problems = [FieldProblem("", problem.code, problem.message) for problem in error.problems]
    if status is not None and status == at.public.get("status"):
        problems = [FieldProblem("", "unchanged", UNCHANGED)]
    sender = sender_of(request, sent, shortest_s=SHORTEST_S, needs_email=True)
    remark, wrong = paragraphs_in(sent, "remark", LONGEST_REMARK)
    problems = [*problems, *([wrong] if wrong else []), *sender.problems]
    if problems or content is None or sender.stamp is None:
        return _show(request, at, sent, problems)
    often = await too_often(
        request, "submission", settings_of(request).submissions_per_hour, sender.email, sent=sent
    )
    if often:
        return _show(request, at, sent, [often[0]], retry_after_s=often[1])
    try:
        return await store(request, lang, at, content, sender.stamp, email=sender.email, remark=remark)
    except InvalidInput as error:
        return _show(request, at, sent, error.problems)


def _suggest(language: str, feature_id: uuid.UUID) -> Response:
    """The whole form, for what has no state to change."""
    return RedirectResponse(f"/{language}/suggest/{feature_id}", status_code=303)


def _show(
    request: Request,
    at: Suggestible,
    sent: FormValues | None = None,
    problems: Iterable[FieldProblem] = (),
    *,
    retry_after_s: int | None = None,
) -> HTMLResponse:
    language = page_of(request).language
    permanent, passing = reasons_in(language)
    return show_short_form(
        request,
        "suggest/closed.html",
        at,
        sent,
        problems,
        fields=FIELDS,
        retry_after_s=retry_after_s,
        action=f"/{language}/suggest/{at.feature_id}/closed",
        base=written(secret_of(request), at.feature_id, at.revision),
        passing=passing,
        permanent=permanent,
        today=setting_of(request, "", language).today,
    )
