"""Proof that it is them: a code of the app, a recovery code, or a passkey."""

import uuid

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from app.accounts.models import User
from app.accounts.passkey_challenges import Purpose, new_challenge, take_challenge
from app.accounts.passkeys import NoSuchPasskey, passes_by_passkey, passkeys_of, request_options
from app.accounts.people import hold_person
from app.accounts.relying_party import RelyingParty, relying_party
from app.accounts.second_step import passes
from app.accounts.sessions import SignedIn
from app.desk.device import count_try
from app.desk.pages import secret_of
from app.web.dependencies import Form, settings_of
from app.web.etag import private
from app.web.session_cookie import SessionCookie


async def proved(request: Request, session: AsyncSession, form: Form) -> bool:
    """Whether what was sent shows that it is them; whoever has no second step yet has nothing to show."""
    signed_in: SignedIn = request.state.signed_in
    if not signed_in.has_second_step:
        return True
    return await shows_second_step(request, session, signed_in.user.id, form)


async def shows_second_step(request: Request, session: AsyncSession, user_id: uuid.UUID, form: Form) -> bool:
    """Use the code or the passkey that was sent, once; each try is counted."""
    await count_try(request, user_id)
    await hold_person(session, user_id)
    answer = form.one("passkey")
    if not answer:
        return await passes(session, user_id, form.one("code"), secret=secret_of(request))
    party, cookie = party_of(request), session_cookie_of(request)
    challenge = await take_challenge(session, Purpose.PROVE, cookie)
    if party is None or challenge is None:
        return False
    return await passes_by_passkey(session, answer, user_id=user_id, challenge=challenge, party=party)


async def ask_for_passkey(request: Request, session: AsyncSession, user: User) -> Response:
    """Give the browser of a person a challenge for one of their passkeys; `NoSuchPasskey` for whoever has none."""
    party, held = party_of(request), await passkeys_of(session, user.id)
    if party is None or not held:
        raise NoSuchPasskey
    challenge = await new_challenge(session, Purpose.PROVE, session_cookie_of(request))
    return options_answer(request_options(party, held, challenge))


def options_answer(options: str) -> Response:
    """Answer a script with what a passkey is asked for."""
    answer = Response(options, media_type="application/json")
    private(answer)
    return answer


def party_of(request: Request) -> RelyingParty | None:
    """What passkeys of this installation are bound to; None where there cannot be any."""
    return relying_party(settings_of(request).public_url)


def session_cookie_of(request: Request) -> str:
    """The session's cookie of whoever is signed in, or halfway there."""
    return SessionCookie.for_session(settings_of(request)).read(request) or ""
