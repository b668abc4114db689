"""Who somebody is at the sign-in service of a municipality, on their own page: disconnected, and connected again."""

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.identities import NotDisconnected, connect_again, disconnect_identities, identities_of
from app.accounts.models import User
from app.accounts.people import hold_person
from app.accounts.roles import OWN_ACCOUNT
from app.accounts.sessions import SignedIn, create_session, revoke_all
from app.accounts.sessions import signed_in as session_of
from app.desk.account import ACCOUNT, account_answer, not_proved
from app.desk.proving import proved, session_cookie_of
from app.desk.services import services_of
from app.errors import Conflict, Unauthenticated
from app.moderation.live import id_in
from app.web.dependencies import Form, WriteSession, settings_of
from app.web.routes import page_router, requires
from app.web.session_cookie import SessionCookie

router = page_router(ACCOUNT)


class SecondStepFirst(Conflict):
    """To connect it again, set up a second step first, or ask an administrator."""


@router.post("/disconnect", dependencies=[requires(OWN_ACCOUNT)])
async def disconnect_own(request: Request, session: WriteSession) -> Response:
    """Let no service sign somebody in any more; every session of theirs ends, this browser gets a new one."""
    user: User = request.state.user
    # Whoever resets or suspends them holds the person first as well, and may have ended this session meanwhile.
    await hold_person(session, user.id)
    signed_in = await session_of(session, session_cookie_of(request))
    if signed_in is None or not signed_in.whole:
        raise Unauthenticated
    if await disconnect_identities(session, user, by=Actor("staff", user.id)):
        await revoke_all(session, user.id)
        answer = RedirectResponse(f"{ACCOUNT}?done=disconnected", status_code=303)
        # A second step that was passed there is none of theirs any more.
        passed = signed_in.passed and signed_in.has_second_step
        token = await create_session(session, user.id, passed=passed)
        SessionCookie.for_session(settings_of(request)).set(answer, token)
        return answer
    return RedirectResponse(ACCOUNT, status_code=303)


@router.post("/identities/{identity_id}/connect", dependencies=[requires(OWN_ACCOUNT)])
async def connect_own(request: Request, session: WriteSession, form: Form, identity_id: str) -> Response:
    """Let a service sign them in as before, for a second step of their own that is shown now.

    Who has none of their own is not believed: their session may be the work of whoever was kept out.
    """
    user: User = request.state.user
    signed_in: SignedIn = request.state.signed_in
    identity_named = id_in(identity_id)
    if not signed_in.has_second_step:
        raise SecondStepFirst
    if not await proved(request, session, form):
        return await not_proved(request, session, form, f"identity {identity_named}")
    own = (await identities_of(session, [user.id])).get(user.id, ())
    issuer = next((one.issuer for one in own if one.id == identity_named), "")
    service, public_url = services_of(request).of_issuer(issuer), settings_of(request).public_url
    if service is not None and identity_named is not None:
        provider = service.provider
        if await connect_again(session, user, identity_named, provider, public_url=public_url):
            return RedirectResponse(f"{ACCOUNT}?done=connected", status_code=303)
    # Said, not raised: the code that was shown has been used.
    problem = NotDisconnected()
    return await account_answer(request, session, problem=problem.message, status=problem.status)
