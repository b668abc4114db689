"""Somebody's own passkeys: added, named, removed. To add one and to remove one takes the second step that there is."""

import uuid

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from app.accounts.models import User
from app.accounts.passkey_challenges import Purpose, new_challenge, take_challenge, waiting_challenge
from app.accounts.passkey_models import LONGEST_NAME
from app.accounts.passkeys import (
    Added,
    LastSecondStep,
    NoSuchPasskey,
    TooManyPasskeys,
    add_passkey,
    creation_options,
    passkeys_of,
    remove_passkey,
    rename_passkey,
)
from app.accounts.people import hold_person
from app.accounts.roles import OWN_ACCOUNT
from app.accounts.sessions import revoke_all
from app.desk.account import ACCOUNT, account_answer, account_page, codes_page, not_proved
from app.desk.device import remember
from app.desk.pages import secret_of, texts_of
from app.desk.proving import ask_for_passkey, party_of, proved, session_cookie_of
from app.desk.second_step import renew_session
from app.mail.wording import leads_elsewhere
from app.moderation.live import id_in
from app.web.dependencies import Form, WriteSession, settings_of
from app.web.routes import page_router, requires

router = page_router("/desk/account/passkeys")

NEW_PAGE = "/desk/account/passkeys/new"


@router.post("/ask", dependencies=[requires(OWN_ACCOUNT)])
async def ask(request: Request, session: WriteSession) -> Response:
    """What the script of the account's page hands to the browser, so that it asks for a passkey."""
    return await ask_for_passkey(request, session, request.state.user)


@router.post("/begin", dependencies=[requires(OWN_ACCOUNT)])
async def begin(request: Request, session: WriteSession, form: Form) -> Response:
    """Let a passkey be made, for five minutes, once it is clear that it is them."""
    if party_of(request) is None:
        return RedirectResponse(ACCOUNT, status_code=303)
    if not await proved(request, session, form):
        return await not_proved(request, session, form, "passkey")
    await new_challenge(session, Purpose.ADD, session_cookie_of(request))
    return RedirectResponse(NEW_PAGE, status_code=303)


@router.get("/new", dependencies=[requires(OWN_ACCOUNT)])
async def show_new(request: Request, session: WriteSession) -> Response:
    """The page that makes a passkey and gives it a name."""
    user: User = request.state.user
    party = party_of(request)
    challenge = await waiting_challenge(session, Purpose.ADD, session_cookie_of(request))
    if party is None or challenge is None:
        return RedirectResponse(ACCOUNT, status_code=303)
    held = await passkeys_of(session, user.id)
    return await account_page(
        request,
        session,
        "desk/new_passkey.html",
        options=creation_options(party, user, held, challenge),
        longest=LONGEST_NAME,
    )


@router.post("", dependencies=[requires(OWN_ACCOUNT)])
async def add(request: Request, session: WriteSession, form: Form) -> Response:
    """Keep what the browser has made; who had no second step before gets codes for paper, and is out everywhere else."""
    user: User = request.state.user
    try:
        added = await _added(request, session, form)
    except TooManyPasskeys as error:
        return await account_answer(request, session, problem=error.message, status=error.status)
    if added is None:
        return await account_answer(request, session, wrong="new", status=422)
    if added.codes is None:
        answer: Response = RedirectResponse(f"{ACCOUNT}?done=added", status_code=303)
    else:
        await revoke_all(session, user.id)
        answer = await codes_page(request, session, added.codes, first=True)
    await renew_session(request, session, answer, user)
    remember(request, answer, user.id)
    return answer


@router.post("/{passkey_id}/rename", dependencies=[requires(OWN_ACCOUNT)])
async def rename(request: Request, session: WriteSession, form: Form, passkey_id: str) -> Response:
    """Call a passkey otherwise."""
    await rename_passkey(session, request.state.user, _id(passkey_id), _name(request, form))
    return RedirectResponse(f"{ACCOUNT}?done=renamed", status_code=303)


@router.post("/{passkey_id}/remove", dependencies=[requires(OWN_ACCOUNT)])
async def remove(request: Request, session: WriteSession, form: Form, passkey_id: str) -> Response:
    """Forget a passkey, for a second step that is shown now; whoever came in with it is out."""
    user: User = request.state.user
    found = _id(passkey_id)
    if not await proved(request, session, form):
        return await not_proved(request, session, form, f"remove {found}")
    try:
        await remove_passkey(session, user, found, public_url=settings_of(request).public_url)
    except LastSecondStep as error:
        # Said, not raised: the code that was shown has been used.
        return await account_answer(request, session, problem=error.message, status=error.status)
    await revoke_all(session, user.id)
    answer = RedirectResponse(f"{ACCOUNT}?done=removed", status_code=303)
    await renew_session(request, session, answer, user)
    return answer


async def _added(request: Request, session: AsyncSession, form: Form) -> Added | None:
    party = party_of(request)
    user: User = request.state.user
    await hold_person(session, user.id)
    challenge = await take_challenge(session, Purpose.ADD, session_cookie_of(request))
    if party is None or challenge is None:
        return None
    return await add_passkey(
        session,
        user,
        form.one("passkey"),
        _name(request, form),
        challenge=challenge,
        party=party,
        secret=secret_of(request),
        public_url=settings_of(request).public_url,
    )


def _name(request: Request, form: Form) -> str:
    typed = " ".join(form.one("name").split())[:LONGEST_NAME]
    # It stands in a mail about the owner's security, and whoever adds it need not be the owner.
    if not typed or leads_elsewhere(typed):
        return texts_of(request).gettext("Passkey")
    return typed


def _id(given: str) -> uuid.UUID:
    found = id_in(given)
    if found is None:
        raise NoSuchPasskey
    return found
