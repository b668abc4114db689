"""One submission with everything that a decision needs."""

import time
import uuid
from typing import Annotated, Any

from babel.dates import format_date
from fastapi import Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse

from app.accounts.models import User
from app.desk.acts import setting_of
from app.desk.address_check import address_check
from app.desk.alike import alike
from app.desk.around import near, near_pins, pins, town_away_m
from app.desk.by_two import of_submission
from app.desk.checks import checks
from app.desk.confirmations import ways_to_check_in
from app.desk.content_rows import Row, pictures, rows
from app.desk.content_words import Words
from app.desk.decided_by import decided_by
from app.desk.guard import user_id_of
from app.desk.listed import NoSuchSubmission, decided, id_of, items, name_of, whole_queue
from app.desk.pages import desk_page, secret_of, texts_of
from app.desk.queue import PAGE, After
from app.desk.risk import reasons_in
from app.desk.run_by_words import with_run_by
from app.desk.sent_for import sent_for
from app.desk.shown import Shown
from app.desk.side_by_side import canned, translations
from app.desk.word_marks import Mark, word_marks
from app.features.content import OutdatedContent
from app.features.models import Feature
from app.layers import registry
from app.moderation.actions.approve import first_yes
from app.moderation.actions.turn_into_change import is_emptied
from app.moderation.agreements import is_own
from app.moderation.author_record import record_of
from app.moderation.corrections import correction_of
from app.moderation.leases import held
from app.moderation.reasons import rejection_reasons
from app.moderation.screening.reading import screenings
from app.moderation.states import SubmissionState
from app.moderation.submissions import SubmissionNotFound, notes_of, queue, read
from app.moderation.suggesting import is_suggestion, merge_of
from app.moderation.withheld import told_of
from app.photos.keeping import files_in
from app.taxonomy.vocabulary import load_vocabulary
from app.web.basemap import basemap_of
from app.web.dependencies import WriteSession, settings_of
from app.web.query import PlainText
from app.web.routes import page_router, requires

router = page_router("/desk")


@router.get("/submissions/{submission_id}", dependencies=[requires("submission.see")])
async def show_submission(
    request: Request,
    session: WriteSession,
    submission_id: Annotated[str, Path(max_length=36)],
    after: After = "",
    unfold: Annotated[PlainText, Query(max_length=10)] = "",
) -> HTMLResponse:
    """One submission beside the queue; `after` is the one decided just before.

    Without script, `unfold` opens the form of a decision: `reject`, `ask` or `checked`.
    """
    done = await decided(request, session, after)
    return await review_page(request, session, id_of(submission_id), decided=done, unfold=unfold)


async def review_page(
    request: Request, session: AsyncSession, submission_id: uuid.UUID, *, status: int = 200, **more: Any
) -> HTMLResponse:
    """Give the page of one submission; `more` says what went wrong with a decision."""
    try:
        submission = await read(session, submission_id)
    except SubmissionNotFound:
        raise NoSuchSubmission from None
    live = await session.get(Feature, submission.feature_id) if submission.feature_id else None
    texts, vocabulary = texts_of(request), load_vocabulary()
    waiting_for_decision = submission.kind == "change" and submission.state != SubmissionState.APPROVED
    compared = live.content if live is not None and waiting_for_decision else None
    told = await told_of(session, submission)
    content = told.content(submission.content)
    conflicts: tuple[str, ...] = ()
    if live is not None and compared is not None and is_suggestion(submission):
        # What publishing would make of it: whoever suggested it has not seen what is hidden, and takes nothing of it away.
        layer = registry.layer(submission.layer)
        try:
            merged = await merge_of(session, layer, vocabulary, submission, live)
            content, conflicts = told.content(merged.content), merged.conflicts
            # The database keeps members in an order of its own, and words follow the order.
            compared = layer.content.kept(live.content).to_dict()
        except OutdatedContent as error:
            more = {"problem": error.message} | more
    kept = await first_yes(session, setting_of(request), registry.layer(submission.layer), submission)
    would_be = content if kept is None or kept.content is None else kept.content
    if kept is not None and kept.content is not None:
        # What publishing would make of it, as a colleague has corrected it and said yes to it.
        content, conflicts = told.content(kept.content), ()
    two = await of_submission(
        request, session, submission, kept, would_be, live.content if live is not None else {}
    )
    own = await is_own(session, submission, user_id_of(request))
    correction = await correction_of(session, registry.layer(submission.layer), vocabulary, submission)
    author = await record_of(session, submission)
    second = await session.get(User, submission.second_asked_by) if submission.second_asked_by else None
    screening = (await screenings(session, [submission.id])).get(submission.id)
    notes = await notes_of(session, submission.id)
    found_near = await near(session, submission, content)
    said, before = await with_run_by(session, content, compared or {})
    found_rows = rows(said, before if compared is not None else None, vocabulary, texts)
    return await desk_page(
        request,
        session,
        "desk/review.html",
        status=status,
        items=items(request, await queue(session, whole_queue(request), limit=PAGE), chosen=submission.id),
        skip=0,
        page_size=PAGE,
        submission=submission,
        shown=Shown(submission.id, submission.version).stamp(secret_of(request), time.time()),
        layer=registry.layer(submission.layer),
        title=name_of(content),
        said=_marked(found_rows),
        corrected=_marked(
            rows(told.content(correction.published), told.content(correction.sent), vocabulary, texts)
        )
        if correction
        else [],
        compared=compared is not None,
        photos=list(pictures(content)),
        photos_at=f"/desk/submissions/{submission.id}/photo",
        photos_before=files_in(compared or {}),
        conflicts=[Words(vocabulary, texts).label(key) for key in conflicts],
        pins=pins(content, compared),
        near=found_near,
        alike=await alike(session, submission, content, vocabulary, texts),
        near_pins=near_pins(found_near),
        notes=[(note, told.text(note.body)) for note in notes],
        by=await decided_by(session, submission, notes, user_id_of(request)),
        decision_note=told.text(submission.decision_note or ""),
        is_withheld=told.place is not None,
        is_emptied=await is_emptied(session, submission),
        reasons=canned(submission, texts),
        turned_down_because=texts.gettext(
            rejection_reasons(submission.layer, submission.kind)[submission.decision_reason]
        )
        if submission.decision_reason
        else "",
        risk=reasons_in(texts, screening) if screening else [],
        score=screening.score if screening else None,
        author=author,
        author_since=format_date(author.since, "LLLL y", locale=texts.language)
        if author and author.since
        else "",
        second_by=second.known_as if second else "",
        sent_for=await sent_for(session, submission),
        may_decide=submission.second_asked_by != user_id_of(request),
        may_publish=not own
        and not (two is not None and two.is_mine)
        and (submission.second_asked_by != user_id_of(request) or (two is not None and bool(two.by))),
        own=own,
        ways=ways_to_check_in(request, own=True),
        by_two=two,
        translations=translations(content, vocabulary, texts, before=compared),
        checks=checks(told.content(submission.content), told.content(compared) if compared else None),
        town_away_m=await town_away_m(session, request, content),
        address_check=await address_check(session, content, settings_of(request).countries),
        live=live,
        held=await held(session, submission.id),
        basemap=basemap_of(settings_of(request)),
        **{
            "problem": "",
            "problem_field": "",
            "problem_at": "",
            "typed": {},
            "decided": None,
            "unfold": "",
            "letter": None,
            **more,
        },
    )


def _marked(found: list[Row]) -> list[tuple[Row, list[Mark], list[Mark]]]:
    """Each row with what went and what came in its words."""
    return [(row, *word_marks("\n".join(row.was), "\n".join(row.lines))) for row in found]
