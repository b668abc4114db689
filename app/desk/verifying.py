"""Whether two people have made sure who an organisation is: who, when and how; the second one; withdrawn."""

import datetime as dt
import uuid
from typing import Any, Final

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, Response

from app.accounts.audit import Actor
from app.desk.about_organisation import Act, decide, known_as, registers_in
from app.desk.acts import version_in
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.pages import desk_page
from app.desk.place_claims import WAY_WORDS
from app.desk.published import FeatureId
from app.features.models import FeatureState
from app.features.revisions import FeatureNotFound
from app.i18n import N_
from app.moderation.actions.verify_organisation import (
    ORGANISATIONS,
    WAYS_TO_VERIFY,
    standing_verification,
    vouch,
    withdraw,
)
from app.moderation.assurance import Assurance
from app.moderation.live import id_in, read_feature
from app.moderation.standing_contacts import standing_contacts
from app.web.dependencies import Form, WriteSession
from app.web.routes import page_router, requires

router = page_router("/desk/published")

PERMISSION = "feature.publish"
#: In the words of an organisation, where those of claims speak of an entry.
WORDS: Final = WAY_WORDS | {
    "called_back": N_("I have called the number that the map tells of the organisation"),
    "letter": N_("A letter with a code to the address of a register was answered"),
    "domain_mail": N_("Somebody answered from an address at the organisation's own site"),
}


@router.get("/{feature_id}/verification", dependencies=[requires(PERMISSION)])
async def show(request: Request, session: WriteSession, feature_id: FeatureId) -> HTMLResponse:
    """Who vouches for it, and the form for whoever is about to."""
    return await _page(request, session, feature_id)


@router.post("/{feature_id}/verification/vouch", dependencies=[requires(PERMISSION)])
async def vouch_for_it(request: Request, form: Form, feature_id: FeatureId) -> Response:
    """Say how one has made sure: after two different people have, the public reads it."""
    assurance = Assurance(form.one("way"), form.one("said"))

    async def act(session: AsyncSession, found: uuid.UUID, actor: Actor) -> None:
        now = dt.datetime.now(dt.UTC)
        await vouch(session, found, assurance, revision=version_in(form, "revision"), actor=actor, now=now)

    return await _decide(request, feature_id, act, way=assurance.way, said=assurance.said)


@router.post("/{feature_id}/verification/withdraw", dependencies=[requires(PERMISSION)])
async def withdraw_it(request: Request, form: Form, feature_id: FeatureId) -> Response:
    """Take the mark, or the first half of it, away."""
    note = form.one("note")

    async def act(session: AsyncSession, found: uuid.UUID, actor: Actor) -> None:
        await withdraw(session, found, note=note, actor=actor, now=dt.datetime.now(dt.UTC))

    return await _decide(request, feature_id, act, note=note)


async def _decide(request: Request, feature_id: str, act: Act, **typed: str) -> Response:
    return await decide(request, feature_id, act, page=_page, leads_to="verification", typed=typed)


async def _page(
    request: Request, session: AsyncSession, feature_id: str, *, status: int = 200, **more: Any
) -> HTMLResponse:
    feature = await read_feature(session, id_in(feature_id))
    if feature.layer != ORGANISATIONS:
        raise FeatureNotFound
    found = await standing_verification(session, feature.id)
    me = user_id_of(request)
    data: dict[str, Any] = {
        "feature": feature,
        "title": name_of(feature.content),
        "is_live": feature.state == FeatureState.PUBLISHED,
        "verification": found,
        "first": await known_as(session, found.first_by if found else None),
        "second": await known_as(session, found.second_by if found else None),
        "is_mine": found is not None and me in (found.first_by, found.second_by),
        "registers": registers_in(request, feature.content),
        "contacts": await standing_contacts(session, feature, dt.datetime.now(dt.UTC)),
        "ways": [(way, WORDS[way]) for way in WAYS_TO_VERIFY],
        "way_words": WORDS,
        "problem": "",
        "problem_field": "",
        "typed": {},
        **more,
    }
    return await desk_page(request, session, "desk/verification.html", status=status, **data)
