"""`/healthz`, `/readyz`, and what the types of problem documents mean."""

import datetime as dt

from fastapi import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.errors import NotFound
from app.i18n import LANGUAGES
from app.metadata.problem_types import problem_type
from app.metadata.readiness import readiness
from app.web.dependencies import database_of, render, settings_of
from app.web.etag import PUBLIC, private, public
from app.web.language import negotiated_start
from app.web.problems import wants_problem_json
from app.web.routes import PUBLIC as FOR_ALL
from app.web.routes import page_router, requires

router = page_router()

#: RFC 9116 asks for less than a year.
VALID_FOR = dt.timedelta(days=180)


class NoSecurityContact(NotFound):
    """No address for reports of weaknesses is set here."""


@router.get("/", dependencies=[requires(FOR_ALL)])
async def start(request: Request) -> Response:
    """Send visitors to the start page in their language."""
    return negotiated_start(request)


@router.get("/healthz", dependencies=[requires(FOR_ALL)])
async def healthz() -> Response:
    """Say that the process answers; nothing else is asked."""
    return private(JSONResponse({"status": "ok"}))


@router.get("/readyz", dependencies=[requires(FOR_ALL)])
async def readyz(request: Request) -> Response:
    """Say whether requests may be sent here: 200, or 503 with what is missing."""
    state = await readiness(database_of(request))
    document = {"database": state.database, "schema": state.schema, "worker": state.worker}
    return private(JSONResponse(document, status_code=200 if state.ready else 503))


@router.get("/.well-known/security.txt", dependencies=[requires(FOR_ALL)])
async def security_txt(request: Request) -> Response:
    """Say where weaknesses are reported (RFC 9116); 404 where the operator has set no address."""
    settings = settings_of(request)
    if not settings.security_contact:
        raise NoSecurityContact
    expires = (dt.datetime.now(dt.UTC) + VALID_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {settings.public_url}/.well-known/security.txt",
        f"Preferred-Languages: {', '.join(LANGUAGES)}",
    ]
    return public(PlainTextResponse("\n".join(lines) + "\n"), cache_control="public, max-age=86400")


@router.get("/problems/{code}", dependencies=[requires(FOR_ALL)])
async def problem(request: Request, code: str) -> Response:
    """Explain the `type` of a problem document; 404 for a code that no answer has."""
    described = problem_type(code)
    if wants_problem_json(request.scope):
        return public(JSONResponse(described.as_document()), cache_control=PUBLIC)
    return render(request, "problem_type.html", problem=described)
