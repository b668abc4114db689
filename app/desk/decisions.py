"""The decisions on a submission: publish, turn down, ask the submitter, ask a colleague."""

import datetime as dt
import time
import uuid
from collections.abc import Awaitable, Callable, Collection
from typing import Annotated, Any

from fastapi import Path, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from app.accounts.audit import Actor
from app.db import session as transaction
from app.desk.acts import refusal, setting_of, version_in
from app.desk.by_two import with_first_yes
from app.desk.guard import user_id_of
from app.desk.listed import NoSuchSubmission, id_of, whole_queue
from app.desk.pages import secret_of
from app.desk.review import review_page
from app.desk.shown import Shown
from app.errors import Conflict, InvalidInput
from app.features.content import Content
from app.features.layer import Layer
from app.features.revisions import FeatureNotFound
from app.layers import registry
from app.mail.worded import written
from app.moderation.actions.approve import approve
from app.moderation.actions.ask_second import ask_second
from app.moderation.actions.reject import reject
from app.moderation.actions.request_changes import request_changes
from app.moderation.actions.turn_into_change import turn_back, turn_into_change
from app.moderation.agreements import NeedsTwo, standing
from app.moderation.leaving_out import without_photos
from app.moderation.letters import name_in, rejection
from app.moderation.live import id_in, read_feature
from app.moderation.models import Submission
from app.moderation.scope import is_within
from app.moderation.states import SubmissionAlreadyDecided
from app.moderation.submissions import StaleSubmission, SubmissionNotFound, read
from app.moderation.waiting import next_of
from app.photos.keeping import PHOTOS
from app.templating import Templates
from app.web.dependencies import Form, database_of, settings_of
from app.web.routes import page_router, requires

router = page_router("/desk/submissions")

LONGEST_NOTE = 2000
SubmissionId = Annotated[str, Path(max_length=36)]
Decision = Callable[[AsyncSession, Any, int, Actor], Awaitable[object]]


@router.post("/{submission_id}/approve", dependencies=[requires("submission.decide")])
async def publish_it(request: Request, form: Form, submission_id: SubmissionId) -> Response:
    """Publish what was proposed, without the photos that are to be left out; of protected help say yes to it.

    `agreed` names a colleague's yes to what they have corrected: that is what the page showed. `how` is the way in which the
    moderator has checked it; with `checked`, the button of that, there has to be one.
    """
    left_out, agreed, checked = form.all("leave_out"), form.one("agreed"), form.one("how")
    if form.one("checked"):
        # None of the ways, which is refused as such.
        checked = checked or "-"

    async def decide(session: AsyncSession, found: Any, version: int, actor: Actor) -> object:
        submission = await read(session, found)
        setting, layer = setting_of(request), registry.layer(submission.layer)
        edited, base = None, None
        if agreed:
            edited, base = await _as_agreed(session, layer, submission, agreed, left_out)
        if edited is None and left_out:
            edited, base = await without_photos(session, setting, layer, submission, left_out)
        try:
            return await approve(
                session,
                setting,
                layer,
                found,
                version=version,
                actor=actor,
                edited=edited,
                edited_from=base,
                checked=checked,
            )
        except NeedsTwo:
            # What the page showed a yes to has changed since: nobody says yes to what they have not seen.
            if agreed and not left_out:
                raise StaleSubmission from None
            raise

    return await _decide(request, form, submission_id, decide)


@router.post("/{submission_id}/reject", dependencies=[requires("submission.decide")])
async def turn_it_down(request: Request, form: Form, submission_id: SubmissionId) -> Response:
    """Turn it down for a reason that the submitter will read; or show them what they would read (`preview`)."""
    if form.one("preview"):
        return await _preview(request, form, id_of(submission_id))

    async def decide(session: AsyncSession, found: Any, version: int, actor: Actor) -> object:
        return await reject(
            session,
            found,
            version=version,
            actor=actor,
            reason=form.one("reason"),
            note=form.one("note").strip()[:LONGEST_NOTE],
            now=dt.datetime.now(dt.UTC),
        )

    return await _decide(request, form, submission_id, decide)


@router.post("/{submission_id}/ask", dependencies=[requires("submission.decide")])
async def ask(request: Request, form: Form, submission_id: SubmissionId) -> Response:
    """Ask the submitter a question; the submission comes back with the answer."""

    async def decide(session: AsyncSession, found: Any, version: int, actor: Actor) -> object:
        question = form.one("question").strip()[:LONGEST_NOTE]
        return await request_changes(session, found, version=version, actor=actor, question=question)

    return await _decide(request, form, submission_id, decide)


@router.post("/{submission_id}/second", dependencies=[requires("submission.decide")])
async def ask_a_colleague(request: Request, form: Form, submission_id: SubmissionId) -> Response:
    """Leave the decision to somebody else."""

    async def decide(session: AsyncSession, found: Any, version: int, actor: Actor) -> object:
        return await ask_second(session, found, version=version, actor=actor)

    return await _decide(request, form, submission_id, decide)


@router.post("/{submission_id}/take", dependencies=[requires("submission.decide")])
async def take_as_change(request: Request, form: Form, submission_id: SubmissionId) -> Response:
    """Make a change of an entry on the map of what was sent as something new; it opens again, compared with that."""
    found = id_of(submission_id)

    async def decide(session: AsyncSession, submission_id: Any, version: int, actor: Actor) -> object:
        layer = registry.layer((await read(session, submission_id)).layer)
        feature_id = (await read_feature(session, id_in(form.one("feature")))).id
        if not await is_within(session, request.state.user, "submission.decide", "feature", feature_id):
            raise FeatureNotFound
        return await turn_into_change(
            session, setting_of(request), layer, submission_id, feature_id, version=version, actor=actor
        )

    answer = await _decide(request, form, submission_id, decide)
    same = f"/desk/submissions/{found}"
    return RedirectResponse(same, status_code=303) if answer.status_code == 303 else answer


@router.post("/{submission_id}/as-new", dependencies=[requires("submission.decide")])
async def take_as_new(request: Request, form: Form, submission_id: SubmissionId) -> Response:
    """Take that back: what was sent is something new again, as its sender wrote it."""

    async def decide(session: AsyncSession, submission_id: Any, version: int, actor: Actor) -> object:
        return await turn_back(session, submission_id, version=version, actor=actor)

    answer = await _decide(request, form, submission_id, decide)
    same = f"/desk/submissions/{id_of(submission_id)}"
    return RedirectResponse(same, status_code=303) if answer.status_code == 303 else answer


async def _as_agreed(
    session: AsyncSession, layer: Layer, submission: Submission, agreed: str, left_out: Collection[str]
) -> tuple[Content | None, int | None]:
    """What a colleague has corrected and said yes to, as it was shown, None where nothing was corrected; `StaleSubmission` where that counts no more."""
    kept = await standing(session, submission=submission)
    if kept is None or str(kept.id) != agreed:
        raise StaleSubmission
    if kept.content is None:
        return None, None
    photos = [photo for photo in kept.content.get(PHOTOS, ()) if photo["file"] not in left_out]
    content = {**kept.content, **({PHOTOS: photos} if left_out else {})}
    return layer.content.kept(content), kept.base_revision


async def _preview(request: Request, form: Form, submission_id: uuid.UUID) -> Response:
    """The same page with the mail as it would go out, and everything that was typed; nothing is decided."""
    typed = _typed(form)
    async with transaction(database_of(request)) as session:
        try:
            submission = await read(session, submission_id)
        except SubmissionNotFound:
            raise NoSuchSubmission from None
        values = {
            "name": await name_in(session, registry.layer(submission.layer), submission),
            # Whoever has the real link can answer for the submitter.
            "status": f"{settings_of(request).public_url}/{submission.language}/status/…",
            **rejection(submission, typed["reason"], typed["note"].strip()[:LONGEST_NOTE]),
        }
        templates: Templates = request.app.state.templates
        subject, plain, _ = await written(session, templates, "rejected", submission.language, values)
        letter = {"subject": subject, "text": plain.strip()}
        return await review_page(request, session, submission_id, typed=typed, unfold="reject", letter=letter)


def _typed(form: Form) -> dict[str, str]:
    typed = {name: form.one(name) for name in ("reason", "note", "question", "how")}
    return typed | {"leave_out": ",".join(form.all("leave_out"))}


async def _decide(request: Request, form: Form, submission_id: str, decide: Decision) -> Response:
    """Carry a decision out in its own transaction; what stands in its way is said on the same page.

    The transaction is over before the answer is made, so that the page shows what is true.
    """
    found = id_of(submission_id)
    version, actor = version_in(form, "version"), Actor("staff", user_id_of(request))
    try:
        Shown(found, version).check_was_read(form.one("shown"), secret_of(request), time.time())
        async with with_first_yes(request) as session:
            await decide(session, found, version, actor)
    except (Conflict, InvalidInput) as error:
        said = refusal(error)
        # Which of the three forms was sent: it comes back unfolded with what was typed, and has the field.
        said["unfold"] = request.url.path.rsplit("/", 1)[1]
        if said["problem_field"] == "how":
            said["unfold"] = "checked"
        said["problem_at"] = said["unfold"] if said["problem_field"] else ""
        typed = _typed(form)
        async with transaction(database_of(request)) as session:
            if (
                isinstance(error, StaleSubmission)
                and (await read(session, found)).decided_by == actor.user_id
            ):
                # By themselves, in another tab: not somebody else.
                said["problem"] = SubmissionAlreadyDecided().message
            return await review_page(request, session, found, typed=typed, **said)
    except SubmissionNotFound:
        return RedirectResponse("/desk", status_code=303)
    return RedirectResponse(await next_address(request, found), status_code=303)


async def next_address(request: Request, decided: uuid.UUID) -> str:
    """The page of what waits next, which also says what was decided: one press is enough for the next decision."""
    async with transaction(database_of(request)) as session:
        following = await next_of(session, whole_queue(request, "submission.decide"), decided)
    return f"/desk?after={decided}" if following is None else f"/desk/submissions/{following}?after={decided}"
