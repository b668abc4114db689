"""The queue: what waits for a decision, by filters, in the order of harm and age."""

import datetime as dt
from typing import Annotated, Any

import orjson
from fastapi import Query, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, Response

from app.accounts.scopes import Scope
from app.areas.models import Area
from app.desk.asked import AskedFilters, Filters, Word, micros_of, moment_of
from app.desk.guard import user_id_of
from app.desk.listed import decided, name_of, source_words, within_of
from app.desk.pages import desk_page, texts_of
from app.desk.sent_for import names_of_senders
from app.i18n import LANGUAGES, Translator, endonym
from app.layers import registry
from app.moderation import waiting as queued
from app.moderation.scope import units_without_boundary
from app.moderation.views import views_of
from app.web.dependencies import WriteSession
from app.web.etag import matching_etag, private, strong_etag
from app.web.query import PlainText
from app.web.routes import page_router, requires

router = page_router("/desk")

PAGE = 50
After = Annotated[PlainText, Query(max_length=36)]
#: More new ones are told as so many.
MOST_NEW = 100
_REGIONS = ("voivodeship", "county")


@router.get("", dependencies=[requires("submission.see")])
async def show_queue(
    request: Request,
    session: WriteSession,
    filters: AskedFilters,
    behind: Word = "",
    after: After = "",
) -> HTMLResponse:
    """What waits for a decision; `behind` is the last one of the page before, `after` what was decided just before."""
    return await queue_page(
        request, session, filters, behind=behind, decided=await decided(request, session, after)
    )


async def queue_page(
    request: Request,
    session: AsyncSession,
    filters: Filters,
    *,
    behind: str = "",
    status: int = 200,
    **more: Any,
) -> HTMLResponse:
    """Give a page of the queue; `more` says what was done or went wrong."""
    now, me, texts = dt.datetime.now(dt.UTC), user_id_of(request), texts_of(request)
    asked = filters.asked(me, within_of(request, "submission.see"))
    # One more than is shown tells whether there is a next page.
    found = await queued.waiting(session, asked, limit=PAGE + 1, after=queued.Place.read(behind))
    shown = found[:PAGE]
    senders = await names_of_senders(session, [one.id for one in shown])
    return await desk_page(
        request,
        session,
        "desk/queue.html",
        status=status,
        items=[_row(one, texts, now) | {"sent_for": senders.get(one.id, "")} for one in shown],
        next_place=shown[-1].place.written() if len(found) > PAGE else "",
        behind=behind,
        filters=filters,
        query=filters.query(),
        found=await queued.found(session, asked),
        views=await views_of(session, me),
        languages=[(code, endonym(code)) for code in LANGUAGES],
        choices=await _choices(session, filters, texts, asked.within),
        shown_at=micros_of(now),
        without_boundary=await units_without_boundary(session, request.state.user, "submission.see"),
        **{"decided": None, "problem": "", "name": "", **more},
    )


@router.get("/new", dependencies=[requires("submission.see")])
async def count_new(
    request: Request, session: WriteSession, filters: AskedFilters, since: Word = ""
) -> Response:
    """How many have come in since the list was shown, for the page's script: `{"new": 3}`."""
    moment = moment_of(since) or dt.datetime.now(dt.UTC)
    new = await queued.count_new(
        session,
        filters.asked(user_id_of(request), within_of(request, "submission.see")),
        moment,
        most=MOST_NEW,
    )
    etag = strong_etag("new", filters.query(), since, new)
    if matching_etag(request.headers.get("if-none-match"), etag):
        answer = Response(status_code=304)
    else:
        answer = Response(orjson.dumps({"new": new}), media_type="application/json")
    private(answer)
    answer.headers["ETag"] = etag
    return answer


def waited(texts: Translator, since: dt.datetime, now: dt.datetime) -> str:
    """How long something has waited, in words."""
    hours = int((now - since).total_seconds() // 3600)
    if hours < 1:
        return texts.gettext("waits less than an hour")
    if hours < 48:
        return texts.ngettext("waits %(n)s hour", "waits %(n)s hours", hours)
    return texts.ngettext("waits %(n)s day", "waits %(n)s days", hours // 24)


def _row(one: queued.Waiting, texts: Translator, now: dt.datetime) -> dict[str, Any]:
    score = one.score or 0
    return {
        "id": one.id,
        "version": one.version,
        "name": name_of(one.content) or "—",
        "town": (one.content.get("address") or {}).get("city", ""),
        "layer": texts.gettext(registry.layer(one.layer).singular),
        "kind": one.kind,
        "source": source_words(texts, one.source),
        "score": one.score,
        # Points that tell of harm alone make nothing likely spam: it stands in front.
        "risk": "high" if one.place.band == queued.LAST else "some" if score >= queued.DOUBTFUL else "",
        "waits": waited(texts, one.place.since, now),
        "late": now - one.place.since >= dt.timedelta(hours=queued.LATE_H),
        "held_by": one.held_by,
        "holder": one.holder,
    }


async def _choices(
    session: AsyncSession, filters: Filters, texts: Translator, within: Scope
) -> dict[str, list[tuple[str, str]]]:
    """The values of the filters whose names are data: layers, data sets, areas."""
    areas = await session.execute(
        select(Area.code, Area.name)
        .where(Area.level.in_(_REGIONS) | (Area.code == filters.area))
        .order_by(Area.name)
    )
    return {
        "layer": [(key, texts.gettext(layer.singular)) for key, layer in registry.LAYERS.items()],
        "source": [(source, source_words(texts, source)) for source in await queued.sources(session, within)],
        "area": [(row.code, row.name) for row in areas],
        "organisation": sorted(
            ((key, name_of(content) or "—") for key, content in await queued.senders(session, within)),
            key=lambda one: one[1],
        ),
    }
