"""Who looks at a submission: taken and given back, by a press or by the page's script while it is open."""

from typing import Annotated

import orjson
from fastapi import Path, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.audit import Actor
from app.db import session as transaction
from app.desk.guard import user_id_of
from app.desk.listed import id_of
from app.desk.pages import texts_of
from app.moderation.leases import claim, release
from app.web.dependencies import Form, database_of
from app.web.etag import private
from app.web.routes import page_router, requires

router = page_router("/desk/submissions")
SubmissionId = Annotated[str, Path(max_length=36)]


@router.post("/{submission_id}/claim", dependencies=[requires("submission.decide")])
async def take(request: Request, form: Form, submission_id: SubmissionId) -> Response:
    """Take it, or keep it for longer. A script (`by=script`) is told who has it; a person sees its page."""
    found, me = id_of(submission_id), user_id_of(request)
    async with transaction(database_of(request)) as session:
        held = await claim(session, found, Actor("staff", me))
    if form.one("by") != "script":
        return RedirectResponse(f"/desk/submissions/{found}", status_code=303)
    texts = texts_of(request)
    # Decided meanwhile, perhaps in another tab, or taken back.
    words = texts.gettext("This waits for no decision any more. Open it again to see why.")
    if held:
        time = request.app.state.templates.environment(texts.language).filters["time"](held.until)
        words = (
            texts.gettext("You have this until %(time)s.", time=time)
            if held.user_id == me
            else texts.gettext(
                "%(name)s looks at this until %(time)s. You can decide all the same.",
                name=held.holder,
                time=time,
            )
        )
    answer = Response(
        orjson.dumps({"mine": bool(held and held.user_id == me), "words": words}),
        media_type="application/json",
    )
    private(answer)
    return answer


@router.post("/{submission_id}/release", dependencies=[requires("submission.decide")])
async def give_back(request: Request, form: Form, submission_id: SubmissionId) -> Response:
    """Give it back; nothing happens to what a colleague has."""
    found = id_of(submission_id)
    async with transaction(database_of(request)) as session:
        await release(session, found, Actor("staff", user_id_of(request)))
    if form.one("by") == "script":
        return Response(status_code=204)
    return RedirectResponse("/desk", status_code=303)
