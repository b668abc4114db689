"""The owner's wish that a protected place be shown again: asked with their private link, taken back there, and the place said there."""

import datetime as dt
from dataclasses import replace
from typing import Any, Final

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.db import session
from app.entering.entry import Entry, go_on
from app.entering.form_map import map_data
from app.entering.form_view import FormView
from app.entering.one_page import Part
from app.errors import Conflict, InvalidInput
from app.features.layer import Layer
from app.features.models import Feature
from app.forms import Form, Step
from app.i18n import N_
from app.layers.aid_points.form_where import EXACT, where_blocks
from app.layers.registry import LAYERS
from app.mail.addresses import UnusableAddress, normalised
from app.moderation import links
from app.moderation.actions.open_up import CannotBeOpened, ask, cancel, give_place
from app.moderation.models import Submission
from app.moderation.opening_models import STANDING, Opening, OpeningState
from app.moderation.openings import last_of, owned
from app.moderation.states import OPEN_STATES, SubmissionState
from app.moderation.submissions import read
from app.pages.form_pages import closed, secret_of, texts_of
from app.pages.status import whose
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form as Sent
from app.web.dependencies import (
    ReadConnection,
    WriteSession,
    database_of,
    limited,
    page_of,
    render,
    settings_of,
)
from app.web.language import Language
from app.web.rate_limit import Limit
from app.web.routes import BY_LINK, page_router, requires

router = page_router()

#: Wishes and addresses of one link within an hour.
SENT: Final = Limit("opening", times=10, period_s=3600)
TITLE: Final = N_("Say where the place is")


@router.get("/{lang}/status/{token}/open", dependencies=[requires(BY_LINK)])
async def show(request: Request, lang: Language, token: str, transaction: WriteSession) -> HTMLResponse:
    """Where the wish stands, or the form to ask."""
    del lang
    return await _page(request, transaction, token)


@router.post("/{lang}/status/{token}/open", dependencies=[requires(BY_LINK)])
async def send(request: Request, lang: Language, token: str, sent: Sent) -> Response:
    """Ask for the place to be shown again."""
    submission_id = links.read_token(secret_of(request), "status", token)
    await limited(request, SENT, also=str(submission_id))
    try:
        async with session(database_of(request)) as transaction:
            submission = await read(transaction, submission_id)
            email = submission.contact_email or _email_in(sent.one("email"))
            await ask(
                transaction,
                load_vocabulary(),
                submission_id,
                reason=sent.one("reason"),
                email=email,
                language=lang,
            )
    except (Conflict, InvalidInput) as error:
        async with session(database_of(request)) as transaction:
            return await _page(
                request, transaction, token, error=error, reason=sent.one("reason"), email=sent.one("email")
            )
    return _back(lang, token)


@router.post("/{lang}/status/{token}/open/cancel", dependencies=[requires(BY_LINK)])
async def take_back(request: Request, lang: Language, token: str, transaction: WriteSession) -> Response:
    """Take the wish back: the place stays hidden."""
    submission_id = links.read_token(secret_of(request), "status", token)
    await cancel(transaction, submission_id, now=dt.datetime.now(dt.UTC))
    return _back(lang, token)


@router.get("/{lang}/status/{token}/open/where", dependencies=[requires(BY_LINK)])
async def ask_where(request: Request, lang: Language, token: str) -> Response:
    """The form for the address and the pin; of where the place was nothing is known any more."""
    found = await _allowed(request, token)
    if found is None:
        return _back(lang, token)
    entry = _entry(request, lang, found[1])
    return await _where_page(request, token, found[0], entry)


@router.post("/{lang}/status/{token}/open/where", dependencies=[requires(BY_LINK)])
async def take_where(
    request: Request, lang: Language, token: str, sent: Sent, reader: ReadConnection
) -> Response:
    """Take the place in; a moderator still looks at it before it is on the map."""
    found = await _allowed(request, token)
    if found is None:
        return _back(lang, token)
    opening, feature = found
    await limited(request, SENT, also=str(opening.submission_id))
    blank = _entry(request, lang, feature)
    entry = await go_on(replace(blank, answers=blank.form.answers(sent.pairs)), 2, reader)
    if entry.content is None:
        return await _where_page(request, token, opening, replace(entry, at=1))
    async with session(database_of(request)) as transaction:
        held = await transaction.get_one(Opening, opening.id)
        now = dt.datetime.now(dt.UTC)
        await give_place(transaction, LAYERS[feature.layer], held, entry.content, now=now)
    return _back(lang, token)


def _back(language: str, token: str) -> RedirectResponse:
    address = f"/{language}/status/{token}/open"
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


def _email_in(typed: str) -> str:
    try:
        return normalised(typed.strip())
    except UnusableAddress as error:
        raise InvalidInput(*(replace(problem, path="email") for problem in error.problems)) from None


async def _allowed(request: Request, token: str) -> tuple[Opening, Feature] | None:
    """The wish of a link with its place, while its owner may say where that is; `LinkNotFound`."""
    submission_id = links.read_token(secret_of(request), "status", token)
    async with session(database_of(request)) as transaction:
        submission = await read(transaction, submission_id)
        opening = await last_of(transaction, submission_id)
        feature = await owned(transaction, submission, load_vocabulary())
        if opening is None or feature is None or not await _may_say_where(transaction, opening):
            return None
    return opening, feature


async def _may_say_where(transaction: AsyncSession, opening: Opening) -> bool:
    if opening.state != OpeningState.ALLOWED:
        return False
    change = await transaction.get(Submission, opening.change_id) if opening.change_id else None
    return change is None or change.state not in (*OPEN_STATES, SubmissionState.UNCONFIRMED)


def _entry(request: Request, language: str, feature: Feature) -> Entry:
    """The questions about the address and the pin alone, beside everything that the place says already."""
    layer: Layer = LAYERS[feature.layer]
    countries = settings_of(request).countries
    block = next(block for block in where_blocks(countries) if block.when == EXACT)
    fields = tuple(replace(field, when=()) for field in block.fields)
    form = Form(steps=(Step(title=TITLE, blocks=(replace(block, when=(), fields=fields),)),))
    kept = {key: value for key, value in feature.content.items() if key not in ("address", "place")}
    return Entry(layer, form, countries, language, form.answers([]), kept=kept)


async def _where_page(request: Request, token: str, opening: Opening, entry: Entry) -> HTMLResponse:
    async with session(database_of(request)) as transaction:
        data = await whose(
            transaction, await read(transaction, opening.submission_id), page_of(request).language
        )
    texts, blocks = texts_of(request), entry.form.steps[0].blocks
    address = f"/{page_of(request).language}/status/{token}/open"
    page = render(
        request,
        "status/where.html",
        status=422 if entry.problems else 200,
        **data,
        view=FormView(entry.form, entry.answers, texts, 1, entry.problems, entry.candidates),
        parts_of=(Part("where", TITLE, blocks),),
        map=map_data(settings_of(request)),
        action=f"{address}/where",
        back=address,
    )
    return closed(page)


async def _page(
    request: Request,
    transaction: AsyncSession,
    token: str,
    *,
    error: Conflict | InvalidInput | None = None,
    reason: str = "",
    email: str = "",
) -> HTMLResponse:
    submission = await read(transaction, links.read_token(secret_of(request), "status", token))
    opening = await last_of(transaction, submission.id)
    may_ask = await owned(transaction, submission, load_vocabulary()) is not None
    if opening is None and not may_ask:
        raise CannotBeOpened
    problems = error.problems if isinstance(error, InvalidInput) else ()
    texts = texts_of(request)
    stands = opening is not None and opening.state in STANDING
    address = f"/{page_of(request).language}/status/{token}"
    data: dict[str, Any] = {
        **await whose(transaction, submission, page_of(request).language),
        "opening": opening,
        "may_ask": may_ask and not stands,
        "may_cancel": stands,
        "may_say_where": opening is not None and await _may_say_where(transaction, opening),
        "asks_email": submission.contact_email is None,
        "address": f"{address}/open",
        "back": address,
        "errors": {problem.path: texts.gettext(problem.message) for problem in problems},
        "conflict": texts.gettext(error.message) if isinstance(error, Conflict) else "",
        "reason": reason,
        "email": email,
    }
    return closed(render(request, "status/opening.html", status=error.status if error else 200, **data))
