"""Whether an organisation publishes changes of its own places by itself: where, given by which two, and the end of it."""

import datetime as dt
import uuid
from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, Response

from app.accounts.audit import Actor
from app.accounts.roles import may
from app.db import session as transaction
from app.desk.about_organisation import Act, decide, known_as
from app.desk.acts import refusal, version_in
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.pages import desk_page, texts_of
from app.desk.published import FeatureId
from app.desk.role_form import NOT_CLEAR, WhereForm, read_where
from app.desk.trusted_where import trusted_where
from app.errors import InvalidInput
from app.features.models import FeatureState
from app.features.revisions import FeatureNotFound
from app.layers import registry
from app.moderation.actions.trust_organisation import (
    TO_TRUST,
    Limits,
    confirm_trust,
    end_trust,
    propose_trust,
)
from app.moderation.actions.verify_organisation import standing_verification
from app.moderation.live import id_in, read_feature
from app.moderation.mail_domains import holds_at
from app.moderation.place_claims import can_be_run
from app.moderation.trusts import ORGANISATIONS, standing_trust
from app.web.dependencies import Form, ReadConnection, WriteSession, database_of
from app.web.routes import page_router, requires

router = page_router("/desk/published")

#: Whoever decides what is published sees it, and ends it at once.
PERMISSION = "feature.publish"


@router.get("/{feature_id}/trust", dependencies=[requires(PERMISSION)])
async def show(request: Request, session: WriteSession, feature_id: FeatureId) -> HTMLResponse:
    """Where it is trusted, since when and by whom; for administrators the form for that."""
    return await _page(request, session, feature_id)


@router.post("/{feature_id}/trust/propose", dependencies=[requires(TO_TRUST)])
async def propose_it(request: Request, sent: Form, feature_id: FeatureId, reader: ReadConnection) -> Response:
    """Propose it for the places that are named, as the first of two."""
    form = WhereForm()
    try:
        is_clear = await read_where(request, reader, sent, form)
        runnable = [key for key, layer in registry.LAYERS.items() if can_be_run(layer)]
        limits = Limits.of(form.ticked or [code for code, _ in form.offered], form.layers, runnable)
    except InvalidInput as error:
        async with transaction(database_of(request)) as session:
            return await _page(request, session, feature_id, form=form, **refusal(error))
    if not is_clear:
        # What may be meant is offered, to be ticked.
        unclear: dict[str, Any] = {"status": 422, "problem": NOT_CLEAR, "problem_field": "areas"}
        async with transaction(database_of(request)) as session:
            return await _page(request, session, feature_id, form=form, **unclear)

    async def act(session: AsyncSession, found: uuid.UUID, actor: Actor) -> None:
        await propose_trust(session, found, limits, actor=actor)

    return await _decide(request, feature_id, act, form=form)


@router.post("/{feature_id}/trust/confirm", dependencies=[requires(TO_TRUST)])
async def confirm_it(request: Request, form: Form, feature_id: FeatureId) -> Response:
    """Confirm what was proposed, as the second of two."""

    async def act(session: AsyncSession, found: uuid.UUID, actor: Actor) -> None:
        version = version_in(form, "version")
        await confirm_trust(session, found, version=version, actor=actor, now=dt.datetime.now(dt.UTC))

    return await _decide(request, feature_id, act)


@router.post("/{feature_id}/trust/end", dependencies=[requires(PERMISSION)])
async def end_it(request: Request, form: Form, feature_id: FeatureId) -> Response:
    """End it with the next request, or turn down what was proposed."""
    note = form.one("note")

    async def act(session: AsyncSession, found: uuid.UUID, actor: Actor) -> None:
        await end_trust(session, found, note=note, actor=actor, now=dt.datetime.now(dt.UTC))

    return await _decide(request, feature_id, act, note=note)


async def _decide(request: Request, feature_id: str, act: Act, **more: Any) -> Response:
    return await decide(request, feature_id, act, page=_page, leads_to="trust", **more)


async def _page(
    request: Request, session: AsyncSession, feature_id: str, *, status: int = 200, **more: Any
) -> HTMLResponse:
    feature = await read_feature(session, id_in(feature_id))
    if feature.layer != ORGANISATIONS:
        raise FeatureNotFound
    trust = await standing_trust(session, feature.id)
    verification = await standing_verification(session, feature.id)
    texts = texts_of(request)
    data: dict[str, Any] = {
        "feature": feature,
        "title": name_of(feature.content),
        "is_live": feature.state == FeatureState.PUBLISHED,
        "is_verified": verification is not None and verification.second_by is not None,
        "trust": trust,
        "holds_here": await holds_at(session, feature.id, dt.datetime.now(dt.UTC)),
        "areas": await trusted_where(session, trust, with_codes=True),
        "layers": [
            texts.gettext(registry.LAYERS[key].plural) if key in registry.LAYERS else key
            for key in (trust.layers if trust else [])
        ],
        "first": await known_as(session, trust.first_by if trust else None),
        "second": await known_as(session, trust.second_by if trust else None),
        "is_mine": trust is not None and trust.first_by == user_id_of(request),
        "may_trust": may(request.state.user, TO_TRUST),
        "layer_options": [
            (key, texts.gettext(layer.plural), "")
            for key, layer in registry.LAYERS.items()
            if can_be_run(layer)
        ],
        "form": WhereForm(),
        "note": "",
        "problem": "",
        "problem_field": "",
        **more,
    }
    return await desk_page(request, session, "desk/trust.html", status=status, **data)
