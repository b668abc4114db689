"""One place on the map or off it: what it says and what happened to it; taken down, put back, noted as checked."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Final

from fastapi import Path, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.models import User
from app.accounts.roles import may
from app.db import session as transaction
from app.desk.acts import refusal, setting_of, version_in
from app.desk.by_two import of_entries, with_first_yes
from app.desk.confirmations import ways_to_check_in
from app.desk.content_rows import rows
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.pages import desk_page, texts_of
from app.desk.run_by_words import with_run_by
from app.errors import Conflict, InvalidInput
from app.features.history import BY_ITSELF
from app.features.layer import Layer
from app.features.merged import MERGE, UNMERGE
from app.features.models import Feature, FeatureState
from app.features.publishing import Publication
from app.features.setting import Setting
from app.i18n import N_
from app.layers import registry
from app.moderation.actions.close import is_closed, may_close
from app.moderation.actions.decide_claim import CLAIMED, UNCLAIMED
from app.moderation.actions.still_true import check
from app.moderation.actions.take_down import Move, put_back, take_down
from app.moderation.confirmations import said_true
from app.moderation.duplicates.merges import may_name, standing_merge
from app.moderation.duplicates.run_places import REASSIGN
from app.moderation.live import id_in, read_feature
from app.moderation.openings import has_wish
from app.moderation.past import PastRevision, history_of
from app.moderation.place_claims import approved_of
from app.moderation.trusts import ORGANISATIONS, standing_trust
from app.moderation.withheld import told_of_feature
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, database_of
from app.web.routes import page_router, requires

router = page_router("/desk/published")

FeatureId = Annotated[str, Path(max_length=36)]
#: What is done to a place for a reason: taken down, put back, opened again.
Act = Callable[[AsyncSession, Setting, Layer, Move], Awaitable[Publication]]
#: What a revision was made by.
ACTION_WORDS: Final = {
    "publish": N_("Published"),
    "import": N_("Imported"),
    "unpublish": N_("Taken off the map"),
    "republish": N_("Put back on the map"),
    "revert": N_("An older version restored"),
    "close": N_("Closed"),
    "reopen": N_("Opened again"),
    "merge": N_("Merged with another entry"),
    "unmerge": N_("The merge taken back"),
    CLAIMED: N_("Said to be theirs by an organisation, and made sure of"),
    UNCLAIMED: N_("An organisation's claim taken back"),
    BY_ITSELF: N_("Approved by the organisation itself (trusted)"),
    REASSIGN: N_("Run by another entry of its organisation"),
    "protect": N_("The place protected"),
    "protect_off": N_("The place protected while it was off the map"),
}
#: So many of the last changes are told beside the place.
SHOWN: Final = 8


@router.get("/{feature_id}", dependencies=[requires("feature.see")])
async def show(request: Request, session: WriteSession, feature_id: FeatureId) -> HTMLResponse:
    """What it is, where it stands and what happened to it."""
    return await published_page(request, session, id_in(feature_id))


@router.post("/{feature_id}/take-down", dependencies=[requires("feature.unpublish")])
async def take_it_down(request: Request, form: Form, feature_id: FeatureId) -> Response:
    """Take it off the map."""
    return await carry_out(request, form, feature_id, take_down)


@router.post("/{feature_id}/put-back", dependencies=[requires("feature.publish")])
async def put_it_back(request: Request, form: Form, feature_id: FeatureId) -> Response:
    """Put it back on the map."""
    return await carry_out(request, form, feature_id, put_back)


@router.post("/{feature_id}/checked", dependencies=[requires("feature.verify")])
async def note_checked(request: Request, form: Form, feature_id: FeatureId) -> Response:
    """Note that it was checked; what stands in the way is said on the same page."""
    found, actor = id_in(feature_id), Actor("staff", user_id_of(request))
    try:
        async with transaction(database_of(request)) as session:
            feature = await read_feature(session, found)
            await check(
                session,
                setting_of(request),
                registry.layer(feature.layer),
                feature.id,
                how=form.one("how"),
                revision=version_in(form, "revision"),
                actor=actor,
            )
    except (Conflict, InvalidInput) as error:
        async with transaction(database_of(request)) as session:
            return await published_page(request, session, found, **refusal(error))
    to_list = form.one("then") == "confirmations"
    return RedirectResponse("/desk/confirmations" if to_list else f"/desk/published/{found}", status_code=303)


async def named_into(request: Request, session: AsyncSession, feature: Feature) -> uuid.UUID | None:
    """Give what a feature was merged into; None where nothing is, or where it is not to be known here."""
    into = feature.merged_into
    return into if into and await may_name(session, request.state.user, feature, into) else None


async def others_of(
    request: Request, session: AsyncSession, feature: Feature, history: Sequence[PastRevision]
) -> frozenset[str]:
    """Give the ids in merges of a history, as they stand there as reasons, that whoever looks may know."""
    named = {past.reason for past in history if past.action in (MERGE, UNMERGE) and past.reason}
    user = request.state.user
    return frozenset([one for one in named if await may_name(session, user, feature, uuid.UUID(one))])


async def carry_out(request: Request, form: Form, feature_id: str, act: Act) -> Response:
    """Do to a place what was asked for with a reason, in a transaction of its own; what stands in the way is said on the same page."""
    found, reason = id_in(feature_id), form.one("reason")
    actor, revision = Actor("staff", user_id_of(request)), version_in(form, "revision")
    try:
        async with with_first_yes(request) as session:
            feature = await read_feature(session, found)
            move = Move(feature.id, actor, reason, revision)
            await act(session, setting_of(request), registry.layer(feature.layer), move)
    except (Conflict, InvalidInput) as error:
        async with transaction(database_of(request)) as session:
            return await published_page(request, session, found, typed=reason, **refusal(error))
    return RedirectResponse(f"/desk/published/{found}", status_code=303)


async def published_page(
    request: Request, session: AsyncSession, feature_id: uuid.UUID | None, *, status: int = 200, **more: Any
) -> HTMLResponse:
    """The page of a place, with what stands in the way of an act."""
    feature = await read_feature(session, feature_id)
    user: User = request.state.user
    history = await history_of(session, feature, limit=SHOWN)
    told = await told_of_feature(session, feature)
    into = await named_into(request, session, feature)
    two = (
        await of_entries(request, session, feature, permission="feature.publish")
        if may(user, "feature.publish")
        else None
    )
    (said,) = await with_run_by(session, told.content(feature.content))
    data: dict[str, Any] = {
        "feature": feature,
        "layer": registry.layer(feature.layer),
        "title": name_of(feature.content),
        "said": rows(said, None, load_vocabulary(), texts_of(request)),
        "history": history,
        "others": await others_of(request, session, feature, history),
        "action_words": ACTION_WORDS,
        "is_live": feature.state == FeatureState.PUBLISHED,
        "said_true": await said_true(session, feature),
        "ways": ways_to_check_in(request) if may(user, "feature.verify") else [],
        "may_take_down": may(user, "feature.unpublish"),
        "may_close": may_close(registry.layer(feature.layer)),
        "closed": is_closed(registry.layer(feature.layer), feature.content),
        "may_reopen": may(user, "feature.publish"),
        "may_put_back": may(user, "feature.publish") and feature.merged_into is None,
        "wish": await has_wish(session, feature.id),
        "claim": await approved_of(session, feature) if may(user, "feature.publish") else None,
        "may_see_people": feature.layer == "organisations" and may(user, "organisation.people"),
        "trust": await standing_trust(session, feature.id) if feature.layer == ORGANISATIONS else None,
        "may_merge": may(user, "feature.merge"),
        # What is on the map already needs them only where somebody has said yes to an act on it.
        "by_two": two
        if two is not None and (two.kept is not None or feature.state != FeatureState.PUBLISHED)
        else None,
        "merge": await standing_merge(session, feature.id) if into else None,
        "name_of": name_of,
        "problem": "",
        "problem_field": "",
        "typed": "",
        **more,
    }
    return await desk_page(request, session, "desk/published_feature.html", status=status, **data)
