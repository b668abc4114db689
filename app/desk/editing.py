"""Correct a submission and publish it: the public form on one page, filled in with what publishing would make of it."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Path, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from app.accounts.audit import Actor
from app.db import session as transaction
from app.desk.acts import setting_of, version_in
from app.desk.by_two import of_submission, with_first_yes
from app.desk.confirmations import ways_to_check_in
from app.desk.content_words import Words
from app.desk.decided_by import decided_by
from app.desk.decisions import next_address
from app.desk.guard import user_id_of
from app.desk.listed import NoSuchSubmission, id_of, name_of
from app.desk.pages import desk_page, secret_of, texts_of
from app.desk.review import review_page
from app.desk.risk import reasons_in
from app.desk.shown import Shown
from app.entering.entry import SEND
from app.entering.form_map import map_data
from app.entering.form_view import FormView
from app.entering.one_page import OnePage, one_page, rewritten
from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.content import Content
from app.features.models import Feature
from app.features.revisions import StaleRevision
from app.i18n import N_
from app.layers import registry
from app.moderation.actions.approve import approve
from app.moderation.agreements import standing
from app.moderation.models import Submission
from app.moderation.scope import stay_within
from app.moderation.screening.screen import new_signals
from app.moderation.screening.signals import Signal, screening_of
from app.moderation.states import SubmissionAlreadyDecided, SubmissionState
from app.moderation.submissions import SubmissionNotFound, notes_of, read
from app.moderation.suggesting import is_suggestion, merge_of
from app.moderation.withheld import is_protected, told_of
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, ReadConnection, database_of, settings_of
from app.web.routes import page_router, requires

router = page_router("/desk/submissions")

SubmissionId = Annotated[str, Path(max_length=36)]
UNCHANGED = N_(
    "Nothing is different from what was sent. Change what is not right, or go back and publish it as it is."
)


@dataclass(frozen=True, slots=True)
class Editing:
    """What is corrected: the submission and `whole`, what publishing would make of it now, JSON-ready.

    `base` is the live revision that a suggestion is laid on, 0 of anything else; `conflicts` are the members that were
    changed on the map as well. `place` says whether the form asks where it is: a protected place stays as it is.
    """

    submission: Submission
    whole: dict[str, Any]
    base: int
    conflicts: tuple[str, ...]
    place: bool


@router.get("/{submission_id}/edit", dependencies=[requires("submission.decide")])
async def filled_in(request: Request, submission_id: SubmissionId) -> Response:
    """The form with everything that would be published."""
    found = id_of(submission_id)
    try:
        async with transaction(database_of(request)) as session:
            editing = await _begin(session, found)
            return await _show(request, session, editing, _page(request, editing), editing.submission.version)
    except SubmissionNotFound:
        raise NoSuchSubmission from None
    except Conflict as error:
        return await _refused(request, found, error)


@router.post("/{submission_id}/edit", dependencies=[requires("submission.decide")])
async def press_button(
    request: Request, sent: Form, submission_id: SubmissionId, reader: ReadConnection
) -> Response:
    """What a button of the form does: another row, or publishing what is in it.

    What stands in the way is said over the form, with everything that was typed.
    """
    found = id_of(submission_id)
    try:
        async with transaction(database_of(request)) as session:
            editing = await _begin(session, found, decided=True)
    except SubmissionNotFound:
        raise NoSuchSubmission from None
    except Conflict as error:
        return await _refused(request, found, error)
    version, base = version_in(sent, "version"), version_in(sent, "base")
    page = _page(request, editing)
    page = page.answered(page.entry.form.answers(sent.pairs))
    problem, action = "", sent.one("action", SEND)
    warned: tuple[Signal, ...] = ()
    if action != SEND:
        page = page.answered(page.entry.form.more(page.entry.answers, action) or page.entry.answers)
    else:
        try:
            Shown(found, version).check_was_read(sent.one("shown"), secret_of(request), time.time())
            if editing.submission.state != SubmissionState.PENDING:
                raise SubmissionAlreadyDecided
            if base != editing.base:
                raise StaleRevision
            # Where both sides changed something, to agree with the suggestion is a decision too.
            unchanged = "" if editing.conflicts else UNCHANGED
            page, content = await rewritten(page, editing.whole, reader, unchanged=unchanged)
            if content is not None:
                warned = await _warnings(request, editing, content, sent.one("warned"))
                if not warned:
                    await _publish(request, editing, content, version, sent.one("how"))
                    return RedirectResponse(await next_address(request, found), status_code=303)
        except InvalidInput as error:
            page = replace(page, entry=replace(page.entry, problems=_of_no_field(error.problems)))
        except Conflict as error:
            problem = error.message
    async with transaction(database_of(request)) as session:
        return await _show(
            request,
            session,
            editing,
            page,
            version,
            base=base,
            problem=problem,
            warned=warned,
            how=sent.one("how"),
        )


async def _begin(session: AsyncSession, submission_id: uuid.UUID, *, decided: bool = False) -> Editing:
    """What the form starts from, also of what somebody has `decided` meanwhile: what was typed is shown again.

    `SubmissionNotFound`, `SubmissionAlreadyDecided`, `OutdatedContent`.
    """
    submission = await read(session, submission_id)
    if not decided and submission.state != SubmissionState.PENDING:
        raise SubmissionAlreadyDecided
    layer = registry.layer(submission.layer)
    live = await session.get(Feature, submission.feature_id) if is_suggestion(submission) else None
    if live is not None:
        merged = await merge_of(session, layer, load_vocabulary(), submission, live)
        whole, base, conflicts = merged.content, live.revision, merged.conflicts
    else:
        whole, base, conflicts = layer.content.kept(submission.content).to_dict(), 0, ()
    if (kept := await standing(session, submission=submission)) is not None and kept.content is not None:
        # A colleague has corrected it and said yes; who corrects it once more begins with that.
        whole, conflicts = dict(kept.content), ()
    whole = (await told_of(session, submission)).content(whole)
    return Editing(submission, whole, base, conflicts, place=not is_protected(whole))


def _page(request: Request, editing: Editing) -> OnePage:
    submission = editing.submission
    return one_page(
        registry.layer(submission.layer),
        settings_of(request).countries,
        submission.language,
        editing.whole,
        title=N_("Correct and publish"),
        place=editing.place,
    )


async def _warnings(request: Request, editing: Editing, content: Content, seen: str) -> tuple[Signal, ...]:
    """What the correction brings that is worth a second look; nothing when all of it was `seen` before."""
    async with transaction(database_of(request)) as session:
        found = await new_signals(session, editing.submission, editing.whole, content.to_dict())
    return () if {one.code for one in found} <= set(seen.split(",")) else found


async def _publish(request: Request, editing: Editing, content: Content, version: int, checked: str) -> None:
    """In a transaction of its own, so that what is shown next is true; of protected help a first yes, too."""
    submission = editing.submission
    async with with_first_yes(request) as session:
        published = await approve(
            session,
            setting_of(request),
            registry.layer(submission.layer),
            submission.id,
            version=version,
            actor=Actor("staff", user_id_of(request)),
            edited=content,
            edited_from=editing.base or None,
            checked=checked,
        )
        await stay_within(session, request.state.user, "submission.decide", published.feature_id)


async def _show(
    request: Request,
    session: AsyncSession,
    editing: Editing,
    page: OnePage,
    version: int,
    *,
    base: int | None = None,
    problem: str = "",
    warned: Sequence[Signal] = (),
    how: str = "",
) -> Response:
    """The page; 422 when something in it is not right, 409 when it cannot be published as it was begun."""
    submission, entry, texts = editing.submission, page.entry, texts_of(request)
    view = FormView(
        entry.form,
        entry.answers,
        texts,
        1,
        entry.problems,
        entry.candidates,
        photos_at=f"/desk/submissions/{submission.id}/photo",
    )
    ids = {"email": "entry"}
    live = await session.get(Feature, submission.feature_id) if submission.feature_id else None
    return await desk_page(
        request,
        session,
        "desk/review_edit.html",
        status=409 if problem else 422 if entry.problems else 200,
        submission=submission,
        title=name_of(submission.content),
        view=view,
        # What is of no field is of the form.
        summary=[(ids.get(at, at), words) for at, words in view.summary()],
        parts_of=page.parts,
        map=map_data(settings_of(request)),
        protected=not editing.place,
        by_two=await of_submission(
            request, session, submission, None, editing.whole, live.content if live else {}
        ),
        conflicts=[Words(load_vocabulary(), texts).label(key) for key in editing.conflicts],
        version=version,
        base=editing.base if base is None else base,
        shown=Shown(submission.id, version).stamp(secret_of(request), time.time()),
        problem=problem,
        by=await decided_by(
            session,
            await read(session, submission.id),
            await notes_of(session, submission.id),
            user_id_of(request),
        ),
        warnings=reasons_in(texts, screening_of(warned)),
        warned=",".join(one.code for one in warned),
        ways=ways_to_check_in(request, own=True),
        how=how,
    )


async def _refused(request: Request, submission_id: uuid.UUID, error: Conflict) -> Response:
    """The page of the submission, which says why it cannot be corrected."""
    async with transaction(database_of(request)) as session:
        return await review_page(request, session, submission_id, status=error.status, problem=error.message)


def _of_no_field(problems: Sequence[FieldProblem]) -> tuple[FieldProblem, ...]:
    return tuple(replace(problem, path="") for problem in problems)
