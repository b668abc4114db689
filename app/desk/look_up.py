"""What is on the map, looked up by words of its name, its address or its id."""

import uuid
from typing import Annotated, Any, Final

import orjson
from fastapi import Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from app.accounts.roles import may
from app.desk.pages import desk_page, texts_of
from app.features.models import Feature
from app.features.search import find_features
from app.i18n import N_
from app.layers import registry
from app.moderation.live import id_in
from app.moderation.scope import is_within
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import WriteSession, database_of, page_of
from app.web.query import PlainText
from app.web.routes import page_router, requires

router = page_router("/desk/published")

NOT_FOUND = N_("No place has this address or id.")
NO_NAME = N_("Nothing on the map has these words. What was taken off it is found by its address or id.")
#: So many places with a name are listed; more words leave fewer.
MOST_NAMED: Final = 20


@router.get("", dependencies=[requires("feature.see")])
async def look_up(
    request: Request, session: WriteSession, place: Annotated[PlainText, Query(max_length=500)] = ""
) -> Response:
    """The field for an address, an id or words of a name, and the way to what they name."""
    shown: dict[str, Any] = {
        "place": place.strip(),
        "named": [],
        "problem": "",
        "may_see_days": may(request.state.user, "layer.as_of"),
    }
    given = id_in(place)
    if given is not None:
        known = await session.get(Feature, given)
        if known is None or not await _is_within(request, session, given):
            return await desk_page(
                request, session, "desk/published.html", status=404, **shown | {"problem": NOT_FOUND}
            )
        return RedirectResponse(f"/desk/published/{given}", status_code=303)
    if place.strip():
        shown["named"] = await _named(request, session, place)
        shown["problem"] = "" if shown["named"] else NO_NAME
    status = 404 if shown["problem"] else 200
    return await desk_page(request, session, "desk/published.html", status=status, **shown)


async def _named(request: Request, session: AsyncSession, words: str) -> list[dict[str, Any]]:
    """What the search of the public pages finds: `id`, `name`, `detail` and the words of the layer, best first.

    Of somebody with limits, those within them.
    """
    texts = texts_of(request)
    found = await find_features(
        database_of(request),
        words,
        load_vocabulary(),
        language=page_of(request).language,
        limit=MOST_NAMED,
    )
    return [
        one | {"kind": texts.gettext(registry.layer(one["layer"]).singular)}
        for one in orjson.loads(found)
        if await _is_within(request, session, uuid.UUID(one["id"]))
    ]


async def _is_within(request: Request, session: AsyncSession, feature_id: uuid.UUID) -> bool:
    return await is_within(session, request.state.user, "feature.see", "feature", feature_id)
