"""Places that visitors found right: one press at the desk, and they count as checked."""

from fastapi import Request
from starlette.responses import HTMLResponse

from app.desk.acts import setting_of
from app.desk.listed import name_of
from app.desk.pages import desk_page, texts_of
from app.layers import registry
from app.moderation.confirmations import all_said_true, is_disputed
from app.moderation.scope import features_within
from app.moderation.ways_to_check import own_ways_to_check, ways_to_check
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import WriteSession, page_of
from app.web.routes import page_router, requires

router = page_router("/desk/confirmations")

SHOWN = 50


@router.get("", dependencies=[requires("feature.verify")])
async def listing(request: Request, session: WriteSession) -> HTMLResponse:
    """Those with the most voices first."""
    texts = texts_of(request)
    scope = features_within(request.state.user, "feature.verify")
    rows = [
        {
            "feature": feature,
            "name": name_of(feature.content) or "—",
            "layer": texts.gettext(registry.layer(feature.layer).singular),
            "said": said,
            "disputed": await is_disputed(session, feature.id),
        }
        for feature, said in await all_said_true(session, scope, SHOWN)
    ]
    ways = ways_to_check_in(request)
    return await desk_page(request, session, "desk/confirmations.html", rows=rows, ways=ways)


def ways_to_check_in(request: Request, *, own: bool = False) -> list[tuple[str, str]]:
    """Code and words of each way in which a place can be checked from the desk; those alone in which a moderator looks (`own`)."""
    methods, language = load_vocabulary().verification_methods, page_of(request).language
    codes = (own_ways_to_check if own else ways_to_check)(setting_of(request))
    return [(code, methods[code].names[language]) for code in codes]
