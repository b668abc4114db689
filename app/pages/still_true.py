"""Is this still true? Yes, in one press and without an account; nothing is kept about whoever says so."""

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.db import session
from app.errors import TooManyRequests
from app.features.revisions import StaleRevision
from app.i18n import N_
from app.moderation.actions.still_true import counting_day, say
from app.moderation.suggesting import OnTheMap
from app.pages.form_pages import closed, texts_of
from app.pages.place_forms import PlaceOnTheMap, read_place, whose
from app.pages.sender import TRAPPED, too_often
from app.web.client_address import CUSTOMER_PREFIX
from app.web.dependencies import Form, ReadConnection, database_of, limited, page_of, render
from app.web.language import Language
from app.web.rate_limit import Limit
from app.web.routes import PUBLIC, page_router, requires

router = page_router()

AN_HOUR = 20
#: One connection is counted once a day for one place, which makes a second press the same as the first.
HERE = Limit("still-true-here", 1, 86_400)
#: More voices than this say nothing more: whoever has many connections fills no table.
OF_ONE_PLACE = Limit("still-true-place", 30, 86_400)
CHANGED = N_(
    "This has changed since you opened it. Look at the page once more, then say whether it is right."
)


@router.get("/{lang}/report/{feature_id:uuid}/still-true", dependencies=[requires(PUBLIC)])
async def ask(request: Request, lang: Language, at: PlaceOnTheMap) -> HTMLResponse:
    """The question by itself."""
    del lang
    return _show(request, at)


@router.post("/{lang}/report/{feature_id:uuid}/still-true", dependencies=[requires(PUBLIC)])
async def say_so(
    request: Request, lang: Language, at: PlaceOnTheMap, sent: Form, reader: ReadConnection
) -> Response:
    """Count it: once a day for one connection, however often it is pressed."""
    if sent.one("nickname"):
        return _show(request, at, TRAPPED, status=422)
    if sent.one("revision") != str(at.revision):
        return _show(request, at, CHANGED, status=409)
    often = await too_often(request, "still-true", AN_HOUR)
    if often:
        page = _show(request, at, often[0].message, status=429)
        page.headers["Retry-After"] = str(often[1])
        return page
    try:
        await _count(request, at)
    except StaleRevision:
        return _show(request, await read_place(reader, at.feature_id), CHANGED, status=409)
    thanks = f"/{lang}/report/{at.feature_id}/still-true/sent"
    return RedirectResponse(thanks, status_code=303, headers={"Cache-Control": "no-store"})


@router.get("/{lang}/report/{feature_id:uuid}/still-true/sent", dependencies=[requires(PUBLIC)])
async def thanks(request: Request, lang: Language, at: PlaceOnTheMap) -> HTMLResponse:
    """That it has arrived. The same for the first press and for all others."""
    del lang
    return closed(render(request, "report/still_true_sent.html", **whose(request, at)))


async def _count(request: Request, at: OnTheMap) -> None:
    database = database_of(request)
    async with session(database) as transaction:
        day = await counting_day(transaction)
    try:
        await limited(request, HERE, about=str(at.feature_id), ipv6_prefix=CUSTOMER_PREFIX)
        await limited(request, OF_ONE_PLACE, also=str(at.feature_id))
    except TooManyRequests:
        return
    async with session(database) as transaction:
        await say(transaction, at.feature_id, at.revision, day)


def _show(request: Request, at: OnTheMap, problem: str = "", *, status: int = 200) -> HTMLResponse:
    language = page_of(request).language
    asked = f"/{language}/report/{at.feature_id}"
    return closed(
        render(
            request,
            "report/still_true.html",
            status=status,
            action=f"{asked}/still-true",
            revision=at.revision,
            remote=at.public.get("channel", "on_site") in ("phone", "online"),
            protected=at.is_protected,
            problem=texts_of(request).gettext(problem) if problem else "",
            suggest_href=f"/{language}/suggest/{at.feature_id}",
            report_href=asked,
            **whose(request, at),
        )
    )
