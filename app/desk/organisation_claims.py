"""What an organisation says is its own: looked for, said, proved by a mailed code, taken back."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Annotated, Any, Final

import orjson
from fastapi import Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.memberships import organisations_of
from app.accounts.roles import OWN_ACCOUNT
from app.db import session as transaction
from app.desk.acts import refusal
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.pages import ORGANISATIONS_PAGE, desk_page, secret_of
from app.desk.place_claims import STATE_WORDS
from app.errors import Conflict, InvalidInput
from app.features.models import Feature, FeatureState
from app.features.revisions import FeatureNotFound
from app.features.search import find_features
from app.i18n import N_
from app.layers import registry
from app.moderation.actions.claim_code import (
    CodeRefused,
    address_of,
    ask_for_code,
    type_code,
)
from app.moderation.actions.claim_place import ask, cancel
from app.moderation.claim_models import ClaimState, PlaceClaim
from app.moderation.live import id_in, read_feature
from app.moderation.place_claims import (
    Claimed,
    ClaimNotFound,
    can_be_run,
    is_run_by,
    of_organisation,
)
from app.moderation.protected_help import is_protected_help
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, database_of, limited, page_of
from app.web.query import PlainText
from app.web.rate_limit import Limit
from app.web.routes import page_router, requires

router = page_router("/desk")

Id = Annotated[str, Path(max_length=36)]
HERE = "/organisations/{organisation_id}/claims"
#: Each is a mail to somebody, and a telephone call of a moderator.
CLAIMING: Final = Limit("organisation-claim", times=40, period_s=86400)
#: Codes are long; whoever types so many does not read them in a mail.
TYPING: Final = Limit("organisation-claim-code", times=30, period_s=3600)
MOST_FOUND: Final = 20
NOT_ON_THE_MAP: Final = N_("Nothing on the map has these words.")
NO_SUCH_PLACE: Final = N_("This is not on the map.")
WRONG_CODE: Final = N_("This is not the code. Look at the mail once more.")
DONE: Final = {
    "asked": N_("We have noted it. A moderator makes sure first; until then the map stays as it is."),
    "code": N_("A code is on its way to the address that the map tells of the entry. It works for an hour."),
    "proved": N_("Thank you, this is the code. A moderator looks at it now."),
    "cancel": N_("You have taken it back."),
}


@router.get("/claim", dependencies=[requires(OWN_ACCOUNT)])
async def choose(
    request: Request, session: WriteSession, place: Annotated[PlainText, Query(max_length=500)] = ""
) -> Response:
    """From the page of an entry: for which of their organisations somebody says that it is theirs."""
    own = await organisations_of(session, user_id_of(request))
    found = id_in(place)
    asked = f"?place={found}" if found else ""
    if len(own) == 1:
        return RedirectResponse(f"{ORGANISATIONS_PAGE}/{own[0]}/claims{asked}", status_code=303)
    named = [(one, name_of((await read_feature(session, one)).content) or "—") for one in own]
    return await desk_page(request, session, "desk/claim_for.html", named=named, asked=asked)


@router.get(HERE, dependencies=[requires("organisation.speak")])
async def show(
    request: Request,
    session: WriteSession,
    organisation_id: Id,
    q: Annotated[PlainText, Query(max_length=200)] = "",
    place: Annotated[PlainText, Query(max_length=500)] = "",
    done: Annotated[PlainText, Query(max_length=10)] = "",
) -> HTMLResponse:
    """What they have said so far; `q` looks for more, `place` is the one that they are about to say it of."""
    words = "" if place else q.strip()
    # Before the page borrows its own connection.
    found = await _found(request, words) if words else []
    return await _page(
        request, session, organisation_id, q=words, found=found, place=place, done=DONE.get(done, "")
    )


@router.post(HERE, dependencies=[requires("organisation.speak")])
async def say_so(request: Request, form: Form, organisation_id: Id) -> Response:
    """Say that an entry is theirs; what was typed is kept when that cannot be done."""
    place, reason, organisation = form.one("place"), form.one("reason"), _organisation(organisation_id)
    try:
        await limited(request, CLAIMING, also=str(user_id_of(request)))
        async with transaction(database_of(request)) as session:
            feature = await read_feature(session, id_in(place))
            if feature.state != FeatureState.PUBLISHED:
                # Whatever else is missing: what is off the map is nowhere.
                raise FeatureNotFound
            await ask(
                session,
                load_vocabulary(),
                registry.layer(feature.layer),
                feature.id,
                organisation_id=organisation,
                user=request.state.user,
                reason=reason,
            )
    except (Conflict, InvalidInput) as error:
        async with transaction(database_of(request)) as session:
            return await _page(request, session, organisation_id, place=place, typed=reason, **refusal(error))
    return _back(organisation, "asked")


@router.post(f"{HERE}/act", dependencies=[requires("organisation.speak")])
async def act_on_claim(request: Request, form: Form, organisation_id: Id) -> Response:
    """Have a code sent, type it, or take the claim back."""
    act, claim_id, organisation = form.one("act"), id_in(form.one("claim")), _organisation(organisation_id)
    given: dict[str, Any] = {"organisation_id": organisation, "user": request.state.user}
    now, right = dt.datetime.now(dt.UTC), True
    try:
        if act == "typed":
            await limited(request, TYPING, also=str(user_id_of(request)))
        async with transaction(database_of(request)) as session:
            if act == "code":
                await ask_for_code(session, load_vocabulary(), claim_id, now=now, **given)
            elif act == "typed":
                secret = secret_of(request)
                right = await type_code(session, claim_id, form.one("typed"), secret=secret, **given)
            elif act == "cancel":
                await cancel(session, claim_id, now=now, **given)
            else:
                raise ClaimNotFound
    except Conflict as error:
        return await _stopped(request, organisation_id, claim_id, error.status, error.message)
    if not right:
        return await _stopped(request, organisation_id, claim_id, CodeRefused.status, WRONG_CODE)
    return _back(organisation, "proved" if act == "typed" else act)


async def _stopped(
    request: Request, organisation_id: str, claim_id: uuid.UUID | None, status: int, words: str
) -> Response:
    async with transaction(database_of(request)) as session:
        return await _page(
            request, session, organisation_id, status=status, problem=words, problem_of=claim_id
        )


def _organisation(organisation_id: str) -> uuid.UUID:
    found = id_in(organisation_id)
    if found is None:  # pragma: no cover - the guard has read it
        raise ClaimNotFound
    return found


def _back(organisation: uuid.UUID, done: str) -> Response:
    return RedirectResponse(f"{ORGANISATIONS_PAGE}/{organisation}/claims?done={done}", status_code=303)


async def _page(
    request: Request,
    session: AsyncSession,
    organisation_id: str,
    *,
    status: int = 200,
    q: str = "",
    found: Sequence[dict[str, Any]] = (),
    place: str = "",
    **more: Any,
) -> HTMLResponse:
    organisation = await read_feature(session, id_in(organisation_id))
    now = dt.datetime.now(dt.UTC)
    chosen = await _chosen(session, place, organisation.id)
    data: dict[str, Any] = {
        "organisation": organisation,
        "title": name_of(organisation.content),
        "claims": [
            await _row(session, one, now) for one in await of_organisation(session, organisation.id, now)
        ],
        "q": q,
        "found": found,
        "chosen": chosen,
        "done": "",
        "problem": NO_SUCH_PLACE if place and chosen is None else NOT_ON_THE_MAP if q and not found else "",
        "problem_field": "",
        "problem_of": None,
        "typed": "",
        **more,
    }
    if status == 200 and data["problem"]:
        status = 404
    return await desk_page(request, session, "desk/organisation_claims.html", status=status, **data)


async def _chosen(session: AsyncSession, place: str, organisation_id: uuid.UUID) -> dict[str, Any] | None:
    """What everybody may read of the entry that they are about to say it of; None where there is none."""
    found = id_in(place)
    feature = await session.get(Feature, found) if found else None
    if (
        feature is None
        or feature.state != FeatureState.PUBLISHED
        or not can_be_run(registry.layer(feature.layer))
    ):
        return None
    return {
        "id": feature.id,
        "layer": feature.layer,
        "name": name_of(feature.content) or "—",
        # Of a protected place there is no address to tell.
        "town": (feature.content.get("address") or {}).get("city", ""),
        "by_two": is_protected_help(feature.content, load_vocabulary()),
        "is_own": is_run_by(feature, organisation_id),
    }


async def _row(session: AsyncSession, one: Claimed, now: dt.datetime) -> dict[str, Any]:
    claim, stands = one.claim, one.claim.state == ClaimState.ASKED
    by_two = is_protected_help(one.feature.content, load_vocabulary())
    address = await address_of(session, one.feature, now) if stands and not by_two else None
    return {
        "claim": claim,
        "layer": one.feature.layer,
        "name": name_of(one.feature.content) or "—",
        "is_live": one.feature.state == FeatureState.PUBLISHED,
        "words": STATE_WORDS[ClaimState(claim.state)],
        "stands": stands,
        "by_two": by_two,
        "address": address,
        "is_typed": _is_typed(claim, now),
    }


def _is_typed(claim: PlaceClaim, now: dt.datetime) -> bool:
    """Whether a code was asked for that may still be typed."""
    return claim.code_id is not None and (claim.code_expires_at is None or claim.code_expires_at > now)


async def _found(request: Request, words: str) -> list[dict[str, Any]]:
    """What the search of the public pages finds, of what somebody runs."""
    found = await find_features(
        database_of(request), words, load_vocabulary(), language=page_of(request).language, limit=MOST_FOUND
    )
    return [one for one in orjson.loads(found) if can_be_run(registry.layer(one["layer"]))]
