"""Entries that organisations say are theirs: the list, one claim with what is known of both, and what moderators do about it."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import Path, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.models import User
from app.db import session as transaction
from app.desk.about_organisation import registers_in
from app.desk.acts import refusal, setting_of, version_in
from app.desk.by_two import of_entries, with_first_yes
from app.desk.claim_evidence import domain_of, evidence
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.pages import CLAIMS, desk_page, secret_of
from app.errors import Conflict, InvalidInput
from app.features.models import Feature
from app.i18n import N_
from app.layers import registry
from app.moderation.actions.claim_code import is_proved
from app.moderation.actions.decide_claim import make_sure, refuse, take_back
from app.moderation.assurance import BY_MAILED_CODE, Assurance, ways_open
from app.moderation.claim_models import ClaimState, PlaceClaim
from app.moderation.live import id_in
from app.moderation.place_claims import (
    ClaimNotFound,
    is_run_by,
    others_who_claim,
    read_claim,
    waiting,
)
from app.moderation.protected_help import is_protected_help
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, database_of
from app.web.routes import page_router, requires

router = page_router(CLAIMS)

PERMISSION = "feature.publish"
ClaimId = Annotated[str, Path(max_length=36)]
#: How somebody makes sure, in the words of whoever has done it.
WAY_WORDS: Final = {
    BY_MAILED_CODE: N_("The code that we mailed to the entry's own address was typed in"),
    "called_back": N_("I have called the number that the map tells of the entry"),
    "register": N_("I have called or written to what a public register says"),
    "letter": N_("A letter with a code to the address of the entry or of the register was answered"),
    "domain_mail": N_("Somebody answered from an address at the entry's own site"),
}
STATE_WORDS: Final = {
    ClaimState.ASKED: N_("waits"),
    ClaimState.APPROVED: N_("theirs now"),
    ClaimState.REFUSED: N_("turned down"),
    ClaimState.CANCELLED: N_("taken back"),
    ClaimState.EXPIRED: N_("too old"),
    ClaimState.UNDONE: N_("undone"),
}
Act = Callable[[AsyncSession, PlaceClaim, Actor], Awaitable[object]]


@router.get("", dependencies=[requires(PERMISSION)])
async def show_all(request: Request, session: WriteSession) -> HTMLResponse:
    """What waits for one or two moderators, then what was decided in the last month."""
    found = await waiting(session, request.state.user, PERMISSION, dt.datetime.now(dt.UTC))
    rows: list[dict[str, Any]] = [
        {
            "claim": one.claim,
            "name": name_of(one.feature.content),
            "organisation": name_of(one.organisation.content),
            "words": STATE_WORDS[ClaimState(one.claim.state)],
        }
        for one in found
    ]
    return await desk_page(
        request,
        session,
        "desk/place_claims.html",
        standing=[row for row in rows if row["claim"].state == ClaimState.ASKED],
        ended=[row for row in rows if row["claim"].state != ClaimState.ASKED],
    )


@router.get("/{claim_id}", dependencies=[requires(PERMISSION)])
async def show(request: Request, session: WriteSession, claim_id: ClaimId) -> HTMLResponse:
    """One claim: who says so, what is known of both sides, what is to be done."""
    return await _page(request, session, claim_id)


@router.post("/{claim_id}/approve", dependencies=[requires(PERMISSION)])
async def approve_it(request: Request, form: Form, claim_id: ClaimId) -> Response:
    """Say how it was made sure of: the entry is theirs, or of a protected one waits for the second person."""

    async def act(session: AsyncSession, claim: PlaceClaim, actor: Actor) -> None:
        feature = await session.get_one(Feature, claim.feature_id)
        await make_sure(
            session,
            setting_of(request),
            registry.layer(feature.layer),
            claim.id,
            Assurance(form.one("way"), form.one("said")),
            version=version_in(form, "version"),
            revision=version_in(form, "revision"),
            actor=actor,
            secret=secret_of(request),
        )

    return await _decide(request, claim_id, act, way=form.one("way"), said=form.one("said"))


@router.post("/{claim_id}/refuse", dependencies=[requires(PERMISSION)])
async def refuse_it(request: Request, form: Form, claim_id: ClaimId) -> Response:
    """Turn it down, with a word to the organisation."""

    async def act(session: AsyncSession, claim: PlaceClaim, actor: Actor) -> None:
        version = version_in(form, "version")
        await refuse(
            session, setting_of(request), claim.id, version=version, actor=actor, note=form.one("note")
        )

    return await _decide(request, claim_id, act, note=form.one("note"))


@router.post("/{claim_id}/undo", dependencies=[requires(PERMISSION)])
async def undo_it(request: Request, form: Form, claim_id: ClaimId) -> Response:
    """Let the entry say again whose it was before."""

    async def act(session: AsyncSession, claim: PlaceClaim, actor: Actor) -> None:
        feature = await session.get_one(Feature, claim.feature_id)
        await take_back(
            session,
            setting_of(request),
            registry.layer(feature.layer),
            claim.id,
            version=version_in(form, "version"),
            actor=actor,
            note=form.one("note"),
        )

    return await _decide(request, claim_id, act, note=form.one("note"))


async def _decide(request: Request, claim_id: str, act: Act, **typed: str) -> Response:
    try:
        async with with_first_yes(request) as session:
            claim = await read_claim(session, id_in(claim_id))
            await act(session, claim, Actor("staff", user_id_of(request)))
    except (Conflict, InvalidInput) as error:
        async with transaction(database_of(request)) as session:
            return await _page(request, session, claim_id, typed=typed, **refusal(error))
    return RedirectResponse(f"{CLAIMS}/{id_in(claim_id)}", status_code=303)


async def _page(
    request: Request, session: AsyncSession, claim_id: str, *, status: int = 200, **more: Any
) -> HTMLResponse:
    claim = await read_claim(session, id_in(claim_id))
    feature = await session.get(Feature, claim.feature_id)
    organisation = await session.get(Feature, claim.organisation_id)
    claimer = await session.get(User, claim.claimed_by)
    if (
        feature is None or organisation is None or claimer is None
    ):  # pragma: no cover - they go with each other
        raise ClaimNotFound
    now = dt.datetime.now(dt.UTC)
    by_two = is_protected_help(feature.content, load_vocabulary())
    proved = await is_proved(session, claim, feature, now, secret_of(request))
    others = [await session.get_one(Feature, one) for one in await others_who_claim(session, claim)]
    data: dict[str, Any] = {
        "claim": claim,
        "feature": feature,
        "title": name_of(feature.content),
        "organisation": organisation,
        "organisation_name": name_of(organisation.content),
        "claimer": claimer.known_as,
        "claimer_domain": domain_of(claimer.email),
        "run_by": await _run_by(session, feature),
        "others": [(one.id, name_of(one.content)) for one in others],
        "registers": registers_in(request, organisation.content),
        "evidence": await evidence(session, feature, organisation, claimer, now),
        "by_two": by_two,
        "undone_by_two": await of_entries(request, session, feature, permission="feature.publish")
        if claim.was
        else None,
        "proved": proved,
        "first": await _known_as(session, claim.first_by),
        "ended_by": await _known_as(session, claim.ended_by),
        "undone_by": await _known_as(session, claim.undone_by),
        "is_mine": claim.first_by == user_id_of(request),
        "may_undo": claim.state == ClaimState.APPROVED and is_run_by(feature, claim.organisation_id),
        "state_words": STATE_WORDS[ClaimState(claim.state)],
        "ways": [(way, WAY_WORDS[way]) for way in ways_open(by_two=by_two, proved=proved)],
        "way_words": WAY_WORDS,
        "problem": "",
        "problem_field": "",
        "typed": {},
        **more,
    }
    return await desk_page(request, session, "desk/place_claim.html", status=status, **data)


async def _run_by(session: AsyncSession, feature: Feature) -> str:
    """Who runs the entry as it says now."""
    said = feature.content.get("organisation") or {}
    known = await session.get(Feature, uuid.UUID(said["id"])) if "id" in said else None
    return name_of(known.content) if known is not None else said.get("name", "")


async def _known_as(session: AsyncSession, user_id: uuid.UUID | None) -> str:
    user = await session.scalar(select(User).where(User.id == user_id)) if user_id else None
    return user.known_as if user else ""
