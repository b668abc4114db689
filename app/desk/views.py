"""Saved views of the queue: kept under a name, and removed."""

from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.db import session as transaction
from app.desk.acts import refusal
from app.desk.asked import filters_in
from app.desk.guard import user_id_of
from app.desk.queue import queue_page
from app.errors import InvalidInput
from app.moderation.views import LONGEST_NAME, forget_view, save_view
from app.web.dependencies import Form, database_of
from app.web.routes import page_router, requires

router = page_router("/desk/views")


@router.post("", dependencies=[requires("submission.see")])
async def save(request: Request, form: Form) -> Response:
    """Keep the filters of the list under a name."""
    filters, name = filters_in(form.one("query")), form.one("name")
    try:
        async with transaction(database_of(request)) as session:
            await save_view(session, user_id_of(request), name, filters.query())
    except InvalidInput as error:
        async with transaction(database_of(request)) as session:
            said = refusal(error)
            return await queue_page(
                request,
                session,
                filters,
                status=said["status"],
                problem=said["problem"],
                name=name[: 2 * LONGEST_NAME],
            )
    return _to_queue(filters.query())


@router.post("/forget", dependencies=[requires("submission.see")])
async def forget(request: Request, form: Form) -> Response:
    """Remove a view; the list stays as it is."""
    async with transaction(database_of(request)) as session:
        await forget_view(session, user_id_of(request), form.one("name"))
    return _to_queue(filters_in(form.one("query")).query())


def _to_queue(query: str, **more: str) -> RedirectResponse:
    whole = "&".join(part for part in (query, urlencode(more)) if part)
    return RedirectResponse(f"/desk?{whole}" if whole else "/desk", status_code=303)
