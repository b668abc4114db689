"""Signing in by a passkey alone, without mail: the device and what unlocks it are two steps in one."""

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.accounts.passkey_challenges import Purpose, new_challenge, take_challenge
from app.accounts.passkey_sign_in import sign_in_by_passkey
from app.accounts.passkeys import NoSuchPasskey, owner_of, request_options
from app.accounts.sessions import create_session, revoke
from app.accounts.tokens import new_token
from app.db import session as transaction
from app.desk.device import count_try, remember
from app.desk.proving import options_answer, party_of
from app.desk.sign_in import sign_in_page
from app.web.dependencies import Form, WriteSession, database_of, limited, settings_of
from app.web.rate_limit import Limit
from app.web.routes import PUBLIC, page_router, requires
from app.web.session_cookie import SessionCookie

router = page_router("/desk/sign-in/passkey")

#: Each is a row for five minutes, whoever asks.
ASKING = Limit("passkey-ask", times=20, period_s=900)
ASKED_BY_ALL = Limit("passkey-ask-all", times=500, period_s=300)


@router.post("/ask", dependencies=[requires(PUBLIC)])
async def ask(request: Request, session: WriteSession) -> Response:
    """What the script of the sign-in page hands to the browser; it is the same whoever asks."""
    await limited(request, ASKING)
    await limited(request, ASKED_BY_ALL, also="all")
    party = party_of(request)
    if party is None:
        raise NoSuchPasskey
    cookie = SessionCookie.for_browser(settings_of(request))
    # A link that was asked for in this browser still has to work in it.
    browser = cookie.read(request) or new_token()
    challenge = await new_challenge(session, Purpose.SIGN_IN, browser)
    answer = options_answer(request_options(party, (), challenge))
    cookie.set(answer, browser)
    return answer


@router.post("", dependencies=[requires(PUBLIC)])
async def use(request: Request, session: WriteSession, form: Form) -> Response:
    """Sign the owner of a passkey in under a new session; the same answer for every passkey that does not work."""
    sent = form.one("passkey")
    async with transaction(database_of(request)) as looking:
        owner = await owner_of(looking, sent)
    await count_try(request, owner)
    settings = settings_of(request)
    browser_cookie = SessionCookie.for_browser(settings)
    challenge = await take_challenge(session, Purpose.SIGN_IN, browser_cookie.read(request) or "")
    party = party_of(request)
    user = None
    if party is not None and challenge is not None:
        user = await sign_in_by_passkey(session, sent, challenge=challenge, party=party)
    if user is None:
        return sign_in_page(request, wrong_passkey=True, status=403)
    answer = RedirectResponse("/desk", status_code=303)
    browser_cookie.clear(answer)
    session_cookie = SessionCookie.for_session(settings)
    if (before := session_cookie.read(request)) is not None:
        await revoke(session, before)
    session_cookie.set(answer, await create_session(session, user.id, passed=True))
    remember(request, answer, user.id)
    return answer
