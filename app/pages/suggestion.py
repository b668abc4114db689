"""Suggest a change of what is on the map: one page with everything that is public about it, to write over."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.db import session
from app.errors import FieldProblem, InvalidInput
from app.features.content import Content
from app.features.place import protect
from app.forms import Answers, Block, Form, Step
from app.forms.started import Started
from app.i18n import N_
from app.moderation.links import make_token
from app.moderation.models import SubmissionNote
from app.moderation.patching import WHERE, patched
from app.moderation.submissions import notes_of
from app.moderation.suggesting import OnTheMap, Suggestible
from app.pages.entry import PIN, SEND, Entry, unasked
from app.pages.form_pages import closed, map_data, secret_of, texts_of
from app.pages.form_view import FormView
from app.pages.forms import FORMS
from app.pages.found_areas import FAR, far_from_town, located, with_areas
from app.pages.place_forms import about_place, outdated, read_suggested
from app.pages.sender import paragraphs_in, sender_of, too_often
from app.pages.sending import send_once
from app.pages.shown_revision import shown_in, written
from app.web.dependencies import Form as SentForm
from app.web.dependencies import ReadConnection, database_of, page_of, render, settings_of
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires
from app.web.strict_form import FormValues

router = page_router()

SHORTEST_S = 4
LONGEST_REMARK = 500
UNCHANGED = N_("Nothing is different from what the map says. Change what is not right, then send it.")


@dataclass(frozen=True, slots=True)
class Part:
    """The blocks of one step of the form for adding, under its title."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is being suggested: the entry with everything on one page, and what it started from."""

    at: Suggestible
    parts: tuple[Part, ...]
    entry: Entry


@router.get("/{lang}/suggest/{feature_id:uuid}", dependencies=[requires(PUBLIC)])
async def filled_in(request: Request, lang: Language, feature_id: uuid.UUID) -> HTMLResponse:
    """The form with everything that is public."""
    at = await read_suggested(request, feature_id)
    if at is None:
        return await outdated(request, feature_id)
    return show(request, begun(request, lang, at), f"/{lang}/suggest/{feature_id}")


@router.post("/{lang}/suggest/{feature_id:uuid}", dependencies=[requires(PUBLIC)])
async def press_button(
    request: Request, lang: Language, feature_id: uuid.UUID, sent: SentForm, reader: ReadConnection
) -> Response:
    """What a button of the form does: another row, or sending."""
    base = shown_in(sent.one("base"), secret_of(request), feature_id)
    at = await read_suggested(request, feature_id, base)
    if at is None:
        return await outdated(request, feature_id)
    found = begun(request, lang, at)
    found = replace(found, entry=replace(found.entry, answers=found.entry.form.answers(sent.pairs)))
    action, address = sent.one("action", SEND), f"/{lang}/suggest/{feature_id}"
    if action != SEND:
        more = found.entry.form.more(found.entry.answers, action) or found.entry.answers
        return show(request, replace(found, entry=replace(found.entry, answers=more)), address, sent)
    found, content = await suggested(found, at.whole, reader)
    if content is None:
        return show(request, found, address, sent)
    sender = sender_of(request, sent, shortest_s=SHORTEST_S, needs_email=True)
    remark, wrong = paragraphs_in(sent, "remark", LONGEST_REMARK)
    problems = (*sender.problems, *((wrong,) if wrong else ()))
    if problems or sender.stamp is None:
        return show(request, found, address, sent, also=problems)
    often = await too_often(request, "submission", settings_of(request).submissions_per_hour, sender.email)
    if often:
        return show(request, found, address, sent, also=(often[0],), retry_after_s=often[1])
    return await store(request, lang, at, content, sender.stamp, email=sender.email, remark=remark)


def begun(
    request: Request, language: str, at: Suggestible, whole: dict[str, Any] | None = None
) -> Suggestion:
    """A form that is filled in with what is public, or with `whole`; of a protected place without any question where."""
    countries = settings_of(request).countries
    steps = FORMS[at.layer.key](countries).steps
    parts = tuple(
        Part(f"part-{number}", step.title, blocks)
        for number, step in enumerate(steps, 1)
        if (blocks := tuple(block for block in step.blocks if not (at.is_protected and _is_where(block))))
    )
    blocks = tuple(block for part in parts for block in part.blocks)
    form = Form(steps=(Step(title=N_("Suggest a change"), blocks=blocks),))
    content = whole or at.whole
    answers = form.write(content)
    if not answers.one(form.language_field):
        answers = answers.replaced(form.language_field, language)
    kept = unasked(form, content)
    entry = Entry(at.layer, form, countries, language, answers, kept=kept)
    return Suggestion(at, parts, entry)


def _is_where(block: Block) -> bool:
    return any(field.place.partition(".")[0] in (*WHERE, "served") for field in block.fields)


async def suggested(
    found: Suggestion, whole: dict[str, Any], reader: ReadConnection
) -> tuple[Suggestion, Content | None]:
    """The suggestion with its problems, or the content that comes of it; the answers alone decide what changes.

    What the map leaves open already need not be answered by whoever puts another thing right.
    """
    entry = found.entry
    untouched = await _tried(replace(entry, answers=_blank(found, whole)), reader)
    tried = await _tried(entry, reader)
    known = {(problem.path, problem.code) for problem in untouched.entry.problems}
    if any(tried.asked.get(member) != untouched.asked.get(member) for member in WHERE):
        # Whoever moves the pin or names another town is asked, however far they were from each other before.
        known -= {(PIN, FAR)}
    problems = tuple(p for p in tried.entry.problems if (p.path, p.code) not in known)
    if not problems and tried.asked == untouched.asked:
        problems = (FieldProblem("", "unchanged", UNCHANGED),)
    if problems or tried.content is None:
        return replace(found, entry=replace(tried.entry, problems=problems or tried.entry.problems)), None
    new = patched(whole, untouched.asked, tried.asked, tried.content.to_dict())
    try:
        return found, entry.layer.content.read(new, country=entry.countries[0])
    except InvalidInput as error:
        problems = tuple(replace(problem, path="") for problem in error.problems)
        return replace(found, entry=replace(tried.entry, problems=problems)), None


@dataclass(frozen=True, slots=True)
class _Tried:
    """An entry with all of its problems, what its answers say, and the content of that if there is one."""

    entry: Entry
    asked: dict[str, Any]
    content: Content | None


async def _tried(entry: Entry, reader: ReadConnection) -> _Tried:
    answers, candidates = await with_areas(reader, entry.form, entry.answers, entry.countries)
    reading = entry.form.read(answers, entry.language)
    asked = {key: value for key, value in reading.data.items() if key != "submitter"}
    problems, content = list(reading.problems), None
    said = {**entry.kept, **asked}
    problems += await far_from_town(reader, entry.form, answers, said, entry.countries)
    try:
        data = await located(reader, protect(said), entry.countries)
        content = entry.layer.content.read(data, country=entry.countries[0])
    except InvalidInput as error:
        told = {problem.path for problem in problems}
        problems += [problem for problem in reading.at_inputs(error.problems) if problem.path not in told]
    for name, suggestion in reading.suggestions.items():
        answers = answers.replaced(name, suggestion)
    problems.sort(key=lambda problem: entry.form.rank(problem.path))
    tried = replace(entry, answers=answers, candidates=candidates, problems=tuple(problems))
    return _Tried(tried, asked, content)


def _blank(found: Suggestion, whole: dict[str, Any]) -> Answers:
    answers = found.entry.form.write(whole)
    field = found.entry.form.language_field
    return answers if answers.one(field) else answers.replaced(field, found.entry.language)


async def store(
    request: Request,
    language: str,
    at: Suggestible,
    content: Content,
    stamp: Started,
    *,
    email: str,
    remark: str,
) -> Response:
    """Take it in, and lead to where it is."""
    async with session(database_of(request)) as transaction:
        submission_id = await send_once(
            transaction,
            stamp,
            at.layer,
            content,
            language=language,
            email=email,
            change_of=(at.feature_id, at.revision),
        )
        await _remark(transaction, submission_id, remark)
    token = make_token(secret_of(request), "sent", submission_id)
    return RedirectResponse(
        f"/{language}/sent/{token}", status_code=303, headers={"Cache-Control": "no-store"}
    )


async def _remark(transaction: AsyncSession, submission_id: uuid.UUID, remark: str) -> None:
    """Keep what the submitter says beside it, once."""
    if remark and not await notes_of(transaction, submission_id):
        note = SubmissionNote(id=uuid.uuid4(), submission_id=submission_id, author="submitter", body=remark)
        transaction.add(note)


def show(
    request: Request,
    found: Suggestion,
    action: str,
    sent: FormValues | None = None,
    *,
    also: tuple[FieldProblem, ...] = (),
    retry_after_s: int | None = None,
    **more: Any,
) -> HTMLResponse:
    """The page; 422 when something in it is not right, 429 when it was one time too many."""
    entry, texts = found.entry, texts_of(request)
    problems = (*entry.problems, *also)
    language = page_of(request).language
    data: dict[str, Any] = {
        **about_place(request, found.at, sent),
        "action": action,
        "view": FormView(entry.form, entry.answers, texts, 1, problems, entry.candidates),
        "parts_of": found.parts,
        "base": written(secret_of(request), found.at.feature_id, found.at.revision),
        "map": map_data(settings_of(request)),
        "protected": found.at.is_protected,
        "email": sent.one("email") if sent else "",
        "remark": sent.one("remark") if sent else "",
        "closed_href": f"/{language}/suggest/{found.at.feature_id}/closed" if may_close(found.at) else "",
        "report_href": f"/{language}/report/{found.at.feature_id}",
        "correcting": False,
        **more,
    }
    status = 429 if retry_after_s is not None else 422 if problems else 200
    answer = render(request, "suggest/form.html", status=status, **data)
    return closed(answer, retry_after_s)


def may_close(at: OnTheMap) -> bool:
    """Whether things of this layer can be closed."""
    return "status" in at.layer.content.model_fields
