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
from app.desk.proposed import Proposed, proposed
from app.desk.queue import PAGE, After
from app.desk.risk import reasons_in
from app.desk.run_by_words import with_run_by
from app.desk.sent_for import sent_for
from app.desk.shown import Shown
from app.desk.side_by_side import canned, translations
from app.desk.word_marks import Mark, word_marks
from app.features.models import Feature
from app.layers import registry
from app.moderation.actions.turn_into_change import is_emptied
from app.moderation.agreements import is_own
from app.moderation.author_record import record_of
from app.moderation.corrections import correction_of
from app.moderation.leases import held
from app.moderation.models import Submission
from app.moderation.reasons import rejection_reasons
from app.moderation.screening.reading import screenings
from app.moderation.submissions import SubmissionNotFound, notes_of, queue, read
from app.moderation.withheld import Told, told_of
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
    undone: Annotated[PlainText, Query(max_length=1)] = "",
) -> HTMLResponse:
    """One submission beside the queue; `after` is the one decided just before, `undone` says that this one was undone.

    Without script, `unfold` opens the form of a decision: `reject`, `ask` or `checked`.
    """
    done = await decided(request, session, after)
    return await review_page(
        request, session, id_of(submission_id), decided=done, unfold=unfold, undone=undone
    )


async def review_page(
    request: Request, session: AsyncSession, submission_id: uuid.UUID, *, status: int = 200, **more: Any
) -> HTMLResponse:
    """Give the page of one submission; `more` says what went wrong with a decision."""
    try:
        submission = await read(session, submission_id)
    except SubmissionNotFound:
        raise NoSuchSubmission from None
    live = await session.get(Feature, submission.feature_id) if submission.feature_id else None
    told = await told_of(session, submission)
    found = await proposed(session, setting_of(request), submission, live, told)
    return await desk_page(
        request,
        session,
        "desk/review.html",
        status=status,
        items=await items(
            request, session, await queue(session, whole_queue(request), limit=PAGE), chosen=submission.id
        ),
        skip=0,
        page_size=PAGE,
        submission=submission,
        shown=Shown(submission.id, submission.version).stamp(secret_of(request), time.time()),
        layer=registry.layer(submission.layer),
        live=live,
        held=await held(session, submission.id),
        basemap=basemap_of(settings_of(request)),
        **await _what_it_says(request, session, submission, found, told),
        **await _looked_up(request, session, submission, found, told),
        **await _whose_it_is(request, session, submission, told),
        **await _what_may_be_done(request, session, submission, live, found),
        **{
            "problem": found.problem,
            "problem_field": "",
            "problem_at": "",
            "typed": {},
            "decided": None,
            "unfold": "",
            "undone": "",
            "letter": None,
            **more,
        },
    )


async def _what_it_says(
    request: Request, session: AsyncSession, submission: Submission, found: Proposed, told: Told
) -> dict[str, Any]:
    """The content row by row, beside what is live and beside what a colleague made of it."""
    texts, vocabulary = texts_of(request), load_vocabulary()
    said, before = await with_run_by(session, found.content, found.compared or {})
    correction = await correction_of(session, registry.layer(submission.layer), vocabulary, submission)
    return {
        "title": name_of(found.content),
        "said": _marked(rows(said, before if found.compared is not None else None, vocabulary, texts)),
        "compared": found.compared is not None,
        "conflicts": [Words(vocabulary, texts).label(key) for key in found.conflicts],
        "corrected": _marked(
            rows(told.content(correction.published), told.content(correction.sent), vocabulary, texts)
        )
        if correction
        else [],
        "photos": list(pictures(found.content)),
        "photos_at": f"/desk/submissions/{submission.id}/photo",
        "photos_before": files_in(found.compared or {}),
        "translations": translations(found.content, vocabulary, texts, before=found.compared),
        "is_withheld": told.place is not None,
        "is_emptied": await is_emptied(session, submission),
    }


async def _looked_up(
    request: Request, session: AsyncSession, submission: Submission, found: Proposed, told: Told
) -> dict[str, Any]:
    """What the program has found out about it: what stands near, what is like it, what speaks against it."""
    texts, content, compared = texts_of(request), found.content, found.compared
    screening = (await screenings(session, [submission.id])).get(submission.id)
    found_near = await near(session, submission, content)
    return {
        "pins": pins(content, compared),
        "near": found_near,
        "near_pins": near_pins(found_near),
        "alike": await alike(session, submission, content, load_vocabulary(), texts),
        "risk": reasons_in(texts, screening) if screening else [],
        "score": screening.score if screening else None,
        "checks": checks(told.content(submission.content), told.content(compared) if compared else None),
        "town_away_m": await town_away_m(session, request, content),
        "address_check": await address_check(session, content, settings_of(request).countries),
    }


async def _whose_it_is(
    request: Request, session: AsyncSession, submission: Submission, told: Told
) -> dict[str, Any]:
    """Who has sent it, who has had it in hand, and what they have said about it."""
    texts = texts_of(request)
    author = await record_of(session, submission)
    second = await session.get(User, submission.second_asked_by) if submission.second_asked_by else None
    notes = await notes_of(session, submission.id)
    reason = submission.decision_reason
    return {
        "author": author,
        "author_since": format_date(author.since, "LLLL y", locale=texts.language)
        if author and author.since
        else "",
        "sent_for": await sent_for(session, submission),
        "second_by": second.known_as if second else "",
        "notes": [(note, told.text(note.body)) for note in notes],
        "by": await decided_by(session, submission, notes, user_id_of(request)),
        "decision_note": told.text(submission.decision_note or ""),
        "turned_down_because": texts.gettext(rejection_reasons(submission.layer, submission.kind)[reason])
        if reason
        else "",
    }


async def _what_may_be_done(
    request: Request, session: AsyncSession, submission: Submission, live: Feature | None, found: Proposed
) -> dict[str, Any]:
    """What whoever looks may decide, alone or as one of two."""
    user_id = user_id_of(request)
    two = await of_submission(
        request,
        session,
        submission,
        found.kept,
        found.would_be,
        live.content if live is not None else {},
    )
    own = await is_own(session, submission, user_id)
    may_decide = submission.second_asked_by != user_id
    is_mine, has_a_first = (two.is_mine, bool(two.by)) if two is not None else (False, False)
    return {
        "own": own,
        "may_decide": may_decide,
        "may_publish": not own and not is_mine and (may_decide or has_a_first),
        "by_two": two,
        "ways": ways_to_check_in(request, own=True),
        "reasons": canned(submission, texts_of(request)),
    }


def _marked(found: list[Row]) -> list[tuple[Row, list[Mark], list[Mark]]]:
    """Each row with what went and what came in its words."""
    return [(row, *word_marks("\n".join(row.was), "\n".join(row.lines))) for row in found]
