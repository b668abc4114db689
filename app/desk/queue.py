"""The queue, and one submission with everything a decision needs."""

import time
import uuid
from typing import Annotated, Any

import orjson
from fastapi import Path, Query, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse

from app.areas.nearest_place import FAR_FROM_TOWN_M, away_from_town_m
from app.desk.checks import checks
from app.desk.content_rows import rows
from app.desk.content_words import Words
from app.desk.pages import desk_page, secret_of, texts_of
from app.desk.shown import Shown
from app.desk.word_marks import word_marks
from app.errors import NotFound
from app.features.content import OutdatedContent
from app.features.models import Feature
from app.layers import registry
from app.moderation.models import Submission
from app.moderation.reasons import rejection_reasons
from app.moderation.states import SubmissionState
from app.moderation.submissions import SubmissionNotFound, notes_of, queue, read
from app.moderation.suggesting import is_suggestion, merge_of
from app.taxonomy.vocabulary import load_vocabulary
from app.web.basemap import basemap_of
from app.web.dependencies import WriteSession, settings_of
from app.web.query import PlainInt, PlainText
from app.web.routes import page_router, requires
from geo.distance import distance_m

router = page_router("/desk")

PAGE = 50
LEAST_MOVE_M = 1.0
After = Annotated[PlainText, Query(max_length=36)]
#: What a moderator has made of a submission.
_SAID = frozenset((SubmissionState.APPROVED, SubmissionState.REJECTED, SubmissionState.NEEDS_CHANGES))


class NoSuchSubmission(NotFound):
    """There is no such submission."""


@router.get("", dependencies=[requires("submission.see")])
async def show_queue(
    request: Request,
    session: WriteSession,
    skip: Annotated[PlainInt, Query(ge=0, le=100_000)] = 0,
    after: After = "",
) -> HTMLResponse:
    """What waits for a decision, the oldest first."""
    waiting = await queue(session, limit=PAGE, offset=skip)
    data: dict[str, Any] = {"items": _items(request, waiting), "skip": skip, "page_size": PAGE}
    return await desk_page(request, session, "desk/queue.html", decided=await decided(session, after), **data)


@router.get("/submissions/{submission_id}", dependencies=[requires("submission.see")])
async def show_submission(
    request: Request,
    session: WriteSession,
    submission_id: Annotated[str, Path(max_length=36)],
    after: After = "",
    unfold: Annotated[PlainText, Query(max_length=10)] = "",
) -> HTMLResponse:
    """One submission beside the queue; `after` is the one decided just before.

    Without script, `unfold` opens the form of a decision: `reject` or `ask`.
    """
    done = await decided(session, after)
    return await review_page(request, session, id_of(submission_id), decided=done, unfold=unfold)


def id_of(given: str) -> uuid.UUID:
    """Give the id in an address; `NoSuchSubmission` for anything else."""
    try:
        return uuid.UUID(given)
    except ValueError:
        raise NoSuchSubmission from None


async def decided(session: AsyncSession, given: str) -> dict[str, Any] | None:
    """Give id, name and state of what was decided just before; None for anything else in the address."""
    try:
        submission = await read(session, id_of(given))
    except NotFound:
        return None
    if submission.state not in _SAID:
        return None
    return {"id": submission.id, "name": name_of(submission.content), "state": submission.state}


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
    content: dict[str, Any] = submission.content
    conflicts: tuple[str, ...] = ()
    if live is not None and compared is not None and is_suggestion(submission):
        # What publishing would make of it: whoever suggested it has not seen what is hidden, and takes nothing of it away.
        layer = registry.layer(submission.layer)
        try:
            merged = await merge_of(session, layer, vocabulary, submission, live)
            content, conflicts = merged.content, merged.conflicts
            # The database keeps members in an order of its own, and words follow the order.
            compared = layer.content.kept(live.content).to_dict()
        except OutdatedContent as error:
            more = {"problem": error.message} | more
    near = await _near(session, submission)
    found_rows = rows(content, compared, vocabulary, texts)
    return await desk_page(
        request,
        session,
        "desk/review.html",
        status=status,
        items=_items(request, await queue(session, limit=PAGE), chosen=submission.id),
        skip=0,
        page_size=PAGE,
        submission=submission,
        shown=Shown(submission.id, submission.version).stamp(secret_of(request), time.time()),
        layer=registry.layer(submission.layer),
        title=name_of(submission.content),
        said=[(row, *word_marks("\n".join(row.was), "\n".join(row.lines))) for row in found_rows],
        compared=compared is not None,
        conflicts=[Words(vocabulary, texts).label(key) for key in conflicts],
        pins=_pins(content, compared),
        near=near,
        near_pins=_near_pins(near),
        notes=await notes_of(session, submission.id),
        reasons=[
            (code, texts.gettext(words))
            for code, words in rejection_reasons(submission.layer, submission.kind).items()
        ],
        checks=checks(submission.content),
        town_away_m=await _town_away_m(session, request, submission.content),
        live=live,
        basemap=basemap_of(settings_of(request)),
        **{
            "problem": "",
            "problem_field": "",
            "problem_at": "",
            "typed": {},
            "decided": None,
            "unfold": "",
            **more,
        },
    )


def name_of(content: dict[str, Any]) -> str:
    """Give the name in its own language, "" where a content has none."""
    name = content.get("name") or {}
    return str(name.get("texts", {}).get(name.get("source"), ""))


def _items(request: Request, found: Any, chosen: uuid.UUID | None = None) -> list[dict[str, Any]]:
    texts = texts_of(request)
    ids = [submission.id for submission in found]
    following = ids.index(chosen) + 1 if chosen in ids else None
    return [
        {
            "submission": submission,
            "name": name_of(submission.content) or "—",
            "town": (submission.content.get("address") or {}).get("city", ""),
            "layer": texts.gettext(registry.layer(submission.layer).singular),
            "chosen": submission.id == chosen,
            "following": index == following,
        }
        for index, submission in enumerate(found)
    ]


def _position(content: dict[str, Any] | None) -> dict[str, float] | None:
    return ((content or {}).get("place") or {}).get("position")


def _pins(content: dict[str, Any], live: dict[str, Any] | None) -> dict[str, Any] | None:
    """The proposed position, the live one where it differs, and metres between; None without a position."""
    new, old = _position(content), _position(live)
    if new is None:
        return None
    moved = distance_m(new["lng"], new["lat"], old["lng"], old["lat"]) if old else 0.0
    # Two pins on one spot hide each other.
    return {"new": new, "old": old if moved >= LEAST_MOVE_M else None, "moved_m": moved}


async def _town_away_m(session: AsyncSession, request: Request, content: dict[str, Any]) -> float | None:
    """Metres from the pin to the town in the address, where they are too many to be taken for granted."""
    position, town = _position(content), (content.get("address") or {}).get("city")
    if position is None or not town:
        return None
    away_m = await away_from_town_m(session, town, **position, countries=settings_of(request).countries)
    return away_m if away_m is not None and away_m > FAR_FROM_TOWN_M else None


async def _near(session: AsyncSession, submission: Submission) -> list[dict[str, Any]]:
    """Published places of the same layer within 250 m: the one proposed may be among them."""
    position = _position(submission.content)
    if position is None:
        return []
    found = await session.execute(
        _NEAR, {**position, "layer": submission.layer, "not": submission.feature_id}
    )
    return [{"slim": orjson.loads(row.slim), "metres": row.metres} for row in found]


def _near_pins(near: list[dict[str, Any]]) -> list[list[Any]]:
    """`[lng, lat, name]` of each, for the map."""
    slim = [found["slim"] for found in near]
    return [[*one["geometry"]["coordinates"], one["properties"]["name"]] for one in slim]


_NEAR = text(
    """
    SELECT f.slim, ST_DistanceSphere(f.geom, ST_SetSRID(ST_MakePoint(:lng, :lat), 4326)) AS metres
    FROM published.feature f
    WHERE f.layer = :layer AND f.id IS DISTINCT FROM CAST(:not AS uuid)
      AND f.geom && ST_Expand(ST_SetSRID(ST_MakePoint(:lng, :lat), 4326), 0.006, 0.003)
      AND ST_DistanceSphere(f.geom, ST_SetSRID(ST_MakePoint(:lng, :lat), 4326)) <= 250
    ORDER BY metres LIMIT 5
    """
)
