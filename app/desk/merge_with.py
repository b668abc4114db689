"""What one entry may be the same as: what is like it, with reasons, or an address that somebody knows."""

from typing import Annotated, Any

from fastapi import Path, Query, Request
from starlette.responses import RedirectResponse, Response

from app.desk.duplicate_words import reason_words
from app.desk.listed import name_of
from app.desk.pages import desk_page, texts_of
from app.desk.report_rows import led_here
from app.features.models import FeatureState
from app.features.revisions import FeatureNotFound, NotOnTheMap
from app.i18n import N_
from app.moderation.duplicates.search import likely_duplicates
from app.moderation.live import id_in, read_feature
from app.moderation.scope import is_within
from app.web.dependencies import WriteSession
from app.web.query import PlainText
from app.web.routes import page_router, requires

router = page_router("/desk/merge")

NOT_FOUND = N_("No other place of this kind has this address or id.")
MOST_LISTED = 10


@router.get("/{keep}", dependencies=[requires("feature.merge")])
async def choose_other(
    request: Request,
    session: WriteSession,
    keep: Annotated[str, Path(max_length=36)],
    other: Annotated[PlainText, Query(max_length=500)] = "",
    report: Annotated[str, Query(max_length=36)] = "",
) -> Response:
    """The entries that are like this one, and a field for the address of any other; from there to both side by side.

    `report` is the one that led here, and is led back to.
    """
    kept = await read_feature(session, id_in(keep))
    back = await led_here(request, session, [kept.id], report)
    shown: dict[str, Any] = {
        "kept": kept,
        "title": name_of(kept.content) or "—",
        "other": other,
        "report": back,
        "problem": "",
    }
    status = 200
    if kept.state != FeatureState.PUBLISHED:
        status, shown["problem"] = 409, NotOnTheMap().message
    elif other.strip():
        try:
            found = await read_feature(session, id_in(other))
        except FeatureNotFound:
            found = None
        # Of what lies elsewhere whoever has limits is not told that it is there.
        if found is not None and not await is_within(
            session, request.state.user, "feature.merge", "feature", found.id
        ):
            found = None
        if found is not None and found.id != kept.id and found.layer == kept.layer:
            return RedirectResponse(
                f"/desk/merge/{kept.id}/{found.id}{f'?report={back}' if back else ''}", status_code=303
            )
        status, shown["problem"] = 404, NOT_FOUND
    texts = texts_of(request)
    likely = await likely_duplicates(session, kept.content, kept.layer, feature_id=kept.id, limit=MOST_LISTED)
    shown["likely"] = [
        {
            "id": one.feature_id,
            "name": one.name,
            "score": one.score,
            "reasons": reason_words(texts, [reason.to_dict() for reason in one.reasons]),
        }
        for one in likely
    ]
    return await desk_page(request, session, "desk/merge_with.html", status=status, **shown)
