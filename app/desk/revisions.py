"""The versions of one place: all of them, one of them beside what is live, any two beside each other."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse

from app.accounts.roles import may
from app.desk.acts import day_in
from app.desk.by_two import of_version
from app.desk.content_rows import Row, rows
from app.desk.listed import name_of
from app.desk.pages import desk_page, texts_of
from app.desk.published import ACTION_WORDS, FeatureId, others_of
from app.desk.run_by_words import with_run_by
from app.desk.word_marks import Mark, word_marks
from app.features.models import Feature, FeatureState
from app.layers import registry
from app.moderation.difference import difference
from app.moderation.live import id_in, read_feature
from app.moderation.past import PAGE, RESTORED, history_of, read_past
from app.moderation.withheld import told_of_feature
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import WriteSession
from app.web.query import PlainInt, PlainText
from app.web.routes import page_router, requires

router = page_router("/desk/published")

#: A row with both of its texts as marked words.
Marked = tuple[Row, list[Mark], list[Mark]]
Number = Annotated[PlainInt, Query(ge=1, le=10**9)]


@router.get("/{feature_id}/versions", dependencies=[requires("feature.see")])
async def show_all(
    request: Request,
    session: WriteSession,
    feature_id: FeatureId,
    before: Annotated[PlainInt | None, Query(ge=1, le=10**9)] = None,
) -> HTMLResponse:
    """The versions, the newest first; `before` leads to those that are older than a number."""
    return await versions_page(request, session, await read_feature(session, id_in(feature_id)), before)


@router.get("/{feature_id}/version", dependencies=[requires("feature.see")])
async def show_one(
    request: Request,
    session: WriteSession,
    feature_id: FeatureId,
    number: Number,
    day: Annotated[PlainText, Query(max_length=10)] = "",
) -> HTMLResponse:
    """One version, what restoring it would change, and the form for that; `day` is the one that was asked about."""
    feature = await read_feature(session, id_in(feature_id))
    return await version_page(request, session, feature, number, day=day_in(day))


@router.get("/{feature_id}/compare", dependencies=[requires("feature.see")])
async def compare(
    request: Request,
    session: WriteSession,
    feature_id: FeatureId,
    older: Number,
    newer: Number,
) -> HTMLResponse:
    """Two versions field by field, the older one first whichever way they were named."""
    feature = await read_feature(session, id_in(feature_id))
    first = await read_past(session, feature, min(older, newer))
    second = await read_past(session, feature, max(older, newer))
    return await desk_page(
        request,
        session,
        "desk/compare.html",
        **_whose(feature),
        others=await others_of(request, session, feature, [first.told, second.told]),
        first=first,
        second=second,
        said=await _marked(request, session, first.content, second.content),
        withheld=first.content is None or second.content is None,
    )


async def versions_page(
    request: Request,
    session: AsyncSession,
    feature: Feature,
    before: int | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HTMLResponse:
    """Give the list of versions; `more` says what is wrong with what was asked of it."""
    found = list(await history_of(session, feature, before=before, limit=PAGE + 1))
    data = {"problem": "", "day": "", **more}
    return await desk_page(
        request,
        session,
        "desk/versions.html",
        status=status,
        **_whose(feature),
        others=await others_of(request, session, feature, found[:PAGE]),
        versions=found[:PAGE],
        older_than=found[PAGE - 1].number if len(found) > PAGE else None,
        newest=before is None,
        **data,
    )


async def version_page(
    request: Request,
    session: AsyncSession,
    feature: Feature,
    number: int,
    *,
    status: int = 200,
    **more: Any,
) -> HTMLResponse:
    """Give the page of one version; `more` says what went wrong with restoring it."""
    past = await read_past(session, feature, number)
    content = past.content
    now = (await told_of_feature(session, feature)).content(feature.content)
    changes = await _marked(request, session, now, content)
    (said,) = await with_run_by(session, content or {})
    shown = {row.key for row, _, _ in changes}
    older = content if content is not None else {}
    two = (
        await of_version(request, session, feature, older)
        if may(request.state.user, "feature.publish")
        else None
    )
    # Who comes second sees ticked what the first one has ticked.
    first = two.of(RESTORED) if two is not None else {}
    picked = frozenset(first["fields"] or ()) if first.get("number") == number and first["fields"] else None
    data = {
        "problem": "",
        "problem_field": "",
        "to_correct": [],
        "typed": "",
        "picked": picked,
        "by_two": two,
        "day": None,
        **more,
    }
    return await desk_page(
        request,
        session,
        "desk/version.html",
        status=status,
        **_whose(feature),
        others=await others_of(request, session, feature, [past.told]),
        past=past,
        said=rows(said, None, load_vocabulary(), texts_of(request)) if content is not None else [],
        changes=changes,
        # What no words tell is restored with the rest, so that all fields together are the older version.
        untold=sorted(difference(now, content or now).fields - shown),
        may_restore=may(request.state.user, "feature.publish"),
        **data,
    )


async def _marked(
    request: Request, session: AsyncSession, was: Mapping[str, Any] | None, will: Mapping[str, Any] | None
) -> list[Marked]:
    """The fields that differ, with their words marked; none where one side is withheld."""
    if was is None or will is None:
        return []
    before, after = await with_run_by(session, was, will)
    found = rows(after, before, load_vocabulary(), texts_of(request))
    return [(row, *word_marks("\n".join(row.was), "\n".join(row.lines))) for row in found]


def _whose(feature: Feature) -> dict[str, Any]:
    return {
        "feature": feature,
        "layer": registry.layer(feature.layer),
        "title": name_of(feature.content),
        "is_live": feature.state == FeatureState.PUBLISHED,
        "action_words": ACTION_WORDS,
        "photos_at": f"/desk/published/{feature.id}/photo",
    }
