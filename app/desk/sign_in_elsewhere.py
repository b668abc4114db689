"""Signing in with a municipality: the way to its service, and back from it. The answer never says who has an account."""

from typing import Annotated, Final

from fastapi import Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.identities import recognise
from app.accounts.oidc.attempts import Attempt, begin, use_up
from app.accounts.oidc.problems import (
    AttemptOver,
    NobodyHere,
    NoSuchService,
    NotSignedInThere,
    ServiceAnswersWrongly,
    ServiceUnreachable,
)
from app.accounts.oidc.service import LONGEST_CODE, Returned, Service
from app.accounts.sessions import create_session, revoke
from app.accounts.tokens import new_token
from app.db import session
from app.desk.pages import private_page, secret_of
from app.desk.services import services_of
from app.errors import PomapaError
from app.log import logger
from app.web.client_address import CUSTOMER_PREFIX
from app.web.dependencies import database_of, limited, page_of, render, settings_of
from app.web.rate_limit import Limit
from app.web.routes import BY_LINK, PUBLIC, page_router, requires
from app.web.session_cookie import SessionCookie

router = page_router("/desk")

GOING: Final = Limit("sign-in-elsewhere", times=20, period_s=900)
#: Of everybody together: each costs the service a question.
OF_ALL: Final = Limit("sign-in-elsewhere-all", times=500, period_s=300)
RETURNING_OF_ALL: Final = Limit("sign-in-return-all", times=500, period_s=300)
#: Of those who were not sent there: any website can have a browser come, so it takes nothing from those who were.
ASTRAY: Final = Limit("sign-in-astray", times=20, period_s=900)
#: What is told on a page with the other ways in.
TOLD: Final = (
    AttemptOver,
    NobodyHere,
    NoSuchService,
    NotSignedInThere,
    ServiceAnswersWrongly,
    ServiceUnreachable,
)

_log = logger("app.accounts")


@router.post("/sign-in/with/{service}", dependencies=[requires(PUBLIC)])
async def go(request: Request, service: str) -> Response:
    """Send a browser on to a service, bound to what it will bring back.

    By a page of ours and not at once: browsers let a form lead to no other host (`form-action` of the policy), and
    nobody knows over which ones a service leads people.
    """
    await limited(request, GOING, ipv6_prefix=CUSTOMER_PREFIX)
    await limited(request, OF_ALL, also="all")
    browser = new_token()
    try:
        found = services_of(request).named(service)
        async with session(database_of(request)) as transaction:
            attempt = await begin(transaction, found.key, browser, secret=secret_of(request))
        address = await found.way_there(attempt)
    except TOLD as error:
        return _trouble(request, error)
    name = found.provider.called(page_of(request).language)
    answer = render(request, "desk/sign_in_going.html", address=address, name=name)
    answer.headers["Refresh"] = f"0; url={address}"
    SessionCookie.for_attempt(settings_of(request)).set(answer, browser)
    return private_page(answer)


@router.get("/sign-in/from/{service}", dependencies=[requires(BY_LINK)])
async def come_back(
    request: Request,
    service: str,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=LONGEST_CODE)] = "",
    error: Annotated[str, Query(max_length=200)] = "",
    iss: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Sign in whoever comes back from a service, under a new session, and lead them to the desk and nowhere else."""
    cookie = SessionCookie.for_attempt(settings_of(request))
    try:
        found = services_of(request).named(service)
        attempt = await _used_up(request, found, state, cookie.read(request) or "")
    except TOLD as problem:
        await limited(request, ASTRAY)
        return _trouble(request, problem)
    await limited(request, RETURNING_OF_ALL, also="all")
    answer: Response
    try:
        answer = await _signed_in(request, found, Returned(code, error, iss), attempt)
    except TOLD as problem:
        answer = _trouble(request, problem)
    cookie.clear(answer)
    return answer


async def _used_up(request: Request, service: Service, state: str, browser: str) -> Attempt:
    """Use the attempt up before anything else is done, in a transaction of its own: whatever fails, it works no more."""
    async with session(database_of(request)) as transaction:
        attempt = await use_up(transaction, service.key, state, browser, secret=secret_of(request))
    if attempt is None:
        raise AttemptOver
    return attempt


async def _signed_in(request: Request, service: Service, returned: Returned, attempt: Attempt) -> Response:
    # Nobody holds a connection to the database while the service thinks.
    said = await service.said(returned, attempt)
    settings = settings_of(request)
    cookie = SessionCookie.for_session(settings)
    async with session(database_of(request)) as transaction:
        known = await recognise(
            transaction,
            said,
            service.provider,
            counted=service.counts(said),
            public_url=settings.public_url,
        )
        if known is None:
            _log.info("nobody here for whom a municipality has signed in", kind=service.key)
            raise NobodyHere
        if (before := cookie.read(request)) is not None:
            await revoke(transaction, before)
        token = await create_session(transaction, known.user.id, passed=known.passed)
    # Whoever has a second step is led on to it, as after a link.
    answer = RedirectResponse("/desk", status_code=303)
    cookie.set(answer, token)
    return answer


def _trouble(request: Request, problem: PomapaError) -> HTMLResponse:
    status = problem.status
    # What stands in the address is the service's word; whoever goes on from here begins anew.
    page = page_of(request, path="/desk/sign-in", query="")
    answer = render(request, "desk/sign_in_trouble.html", status=status, page=page, problem=problem.message)
    if problem.retry_after_s is not None:
        answer.headers["Retry-After"] = str(problem.retry_after_s)
    return private_page(answer)
