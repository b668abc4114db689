"""`/healthz`, `/readyz`, and what the types of problem documents mean."""

from fastapi import Request
from starlette.responses import JSONResponse, Response

from app.metadata.problem_types import problem_type
from app.metadata.readiness import readiness
from app.web.dependencies import database_of, render
from app.web.etag import PUBLIC, private, public
from app.web.language import negotiated_start
from app.web.problems import wants_problem_json
from app.web.routes import PUBLIC as FOR_ALL
from app.web.routes import page_router, requires

router = page_router()


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


@router.get("/problems/{code}", dependencies=[requires(FOR_ALL)])
async def problem(request: Request, code: str) -> Response:
    """Explain the `type` of a problem document; 404 for a code that no answer has."""
    described = problem_type(code)
    if wants_problem_json(request.scope):
        return public(JSONResponse(described.as_document()), cache_control=PUBLIC)
    return render(request, "problem_type.html", problem=described)
