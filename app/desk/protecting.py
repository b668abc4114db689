"""Protect now: a place on the map becomes a protected one, in one press and for a reason."""

from typing import Annotated

from fastapi import Path, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.db import session as transaction
from app.desk.acts import refusal, setting_of, version_in
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.pages import desk_page
from app.desk.published import named_into
from app.errors import Conflict, InvalidInput
from app.features.models import FeatureState
from app.features.protected import area_for
from app.layers import registry
from app.moderation.actions.protect import protect
from app.moderation.actions.take_down import Move
from app.moderation.live import id_in, read_feature
from app.web.dependencies import Form, WriteSession, database_of
from app.web.routes import page_router, requires

router = page_router("/desk/published")

FeatureId = Annotated[str, Path(max_length=36)]


@router.get("/{feature_id}/protect", dependencies=[requires("feature.unpublish")])
async def ask(request: Request, session: WriteSession, feature_id: FeatureId) -> HTMLResponse:
    """What protecting a place does, and the field for the reason."""
    return await _page(request, session, feature_id)


@router.post("/{feature_id}/protect", dependencies=[requires("feature.unpublish")])
async def protect_it(request: Request, form: Form, feature_id: FeatureId) -> Response:
    """Protect it; what stands in the way is said on the same page."""
    actor = Actor("staff", user_id_of(request))
    reason, disclosure = form.one("reason"), form.one("disclosure")
    try:
        async with transaction(database_of(request)) as session:
            feature = await read_feature(session, id_in(feature_id))
            move = Move(feature.id, actor, reason, version_in(form, "revision"))
            layer = registry.layer(feature.layer)
            done = await protect(session, setting_of(request), layer, move, disclosure)
    except (Conflict, InvalidInput) as error:
        async with transaction(database_of(request)) as session:
            more = {"typed": reason, "chosen": disclosure, **refusal(error)}
            return await _page(request, session, feature_id, **more)
    # What became stricter than was chosen is said on this page.
    page = "" if done.disclosure == disclosure else "/protect"
    return RedirectResponse(f"/desk/published/{feature.id}{page}", status_code=303)


async def _page(
    request: Request, session: AsyncSession, feature_id: str, *, status: int = 200, **more: str
) -> HTMLResponse:
    feature = await read_feature(session, id_in(feature_id))
    place = feature.content.get("place", {})
    data = {
        "feature": feature,
        "title": name_of(feature.content),
        "into": await named_into(request, session, feature),
        "is_live": feature.state == FeatureState.PUBLISHED,
        "disclosure": place.get("disclosure", "exact"),
        "area": await area_for(session, place),
        "problem": "",
        "problem_field": "",
        "typed": "",
        "chosen": "area",
        **more,
    }
    return await desk_page(request, session, "desk/protect.html", status=status, **data)
