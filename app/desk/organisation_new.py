"""Add a place that an organisation runs: the public form on one page, sent as the organisation's, with nothing to confirm by mail."""

import uuid
from typing import Annotated, Any, Final

from fastapi import Path, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.models import User
from app.db import session as transaction
from app.desk.own_sending import before_sending, outcome, send
from app.desk.pages import ORGANISATIONS_PAGE, desk_page, texts_of
from app.entering.entry import SEND
from app.entering.form_map import map_data
from app.entering.form_view import FormView
from app.entering.one_page import OnePage, one_page, written
from app.errors import Conflict
from app.i18n import N_
from app.layers import registry
from app.moderation.actions.publish_own import WouldWait
from app.moderation.actions.submit import Proposal
from app.moderation.live import id_in
from app.moderation.own_publication import Why, codes_of
from app.web.dependencies import Form, ReadConnection, database_of, page_of, settings_of
from app.web.routes import page_router, requires

router = page_router(ORGANISATIONS_PAGE)

Id = Annotated[str, Path(max_length=36)]
#: What an organisation runs. Another layer whose entries say so will need to be chosen first.
LAYER: Final = registry.layer("aid_points")


@router.get("/{organisation_id}/add", dependencies=[requires("organisation.speak")])
async def empty(request: Request, organisation_id: Id) -> Response:
    """The form with nothing in it."""
    whys = await before_sending(request, _id(organisation_id), LAYER.key)
    return await _show(request, organisation_id, _page(request), whys, number=uuid.uuid4().hex)


@router.post("/{organisation_id}/add", dependencies=[requires("organisation.speak")])
async def press_button(request: Request, sent: Form, organisation_id: Id, reader: ReadConnection) -> Response:
    """What a button of the form does: another row, or sending. What stands in the way is said over what was typed."""
    page, found, action = _page(request), _id(organisation_id), sent.one("action", SEND)
    page = page.answered(page.entry.form.answers(sent.pairs))
    whys, number = tuple(codes_of(sent.one("told"))), sent.one("number")[:32]
    if action != SEND:
        page = page.answered(page.entry.form.more(page.entry.answers, action) or page.entry.answers)
        return await _show(request, organisation_id, page, whys, number=number)
    page, content = await written(page, reader, kept={"organisation": {"id": str(found)}})
    if content is None:
        return await _show(request, organisation_id, page, whys, number=number)
    user: User = request.state.user
    # Sent twice it is one place; nobody else's number is theirs.
    key = uuid.uuid5(user.id, f"{found} {number}")
    try:
        where = await send(request, found, Proposal(LAYER, content), sent, key=key)
        return RedirectResponse(where, status_code=303)
    except WouldWait as error:
        return await _show(request, organisation_id, page, error.whys, number=number, asked=True)
    except Conflict as error:
        return await _show(request, organisation_id, page, whys, number=number, problem=error.message)


def _id(organisation_id: str) -> uuid.UUID:
    """As the guard has read it."""
    found = id_in(organisation_id)
    assert found is not None
    return found


def _page(request: Request) -> OnePage:
    countries, language = settings_of(request).countries, page_of(request).language
    # Who runs it is known.
    return one_page(
        LAYER, countries, language, {}, title=N_("Add a place"), place=True, but=frozenset({"organisation"})
    )


async def _show(
    request: Request,
    organisation_id: str,
    page: OnePage,
    whys: tuple[Why, ...],
    *,
    number: str,
    problem: str = "",
    asked: bool = False,
) -> Response:
    """The page; 422 when something in it is not right, 409 when it cannot be sent, or not without being asked."""
    entry, texts = page.entry, texts_of(request)
    view = FormView(entry.form, entry.answers, texts, 1, entry.problems, entry.candidates)
    data: dict[str, Any] = {
        "back": f"{ORGANISATIONS_PAGE}/{_id(organisation_id)}",
        "action": f"{ORGANISATIONS_PAGE}/{_id(organisation_id)}/add",
        "view": view,
        "summary": [({"email": "entry"}.get(where, where), words) for where, words in view.summary()],
        "parts_of": page.parts,
        "map": map_data(settings_of(request)),
        "number": number,
        "problem": problem,
        **await outcome(request, _id(organisation_id), whys, asked=asked),
    }
    status = 409 if problem or asked else 422 if entry.problems else 200
    async with transaction(database_of(request)) as session:
        return await desk_page(request, session, "desk/organisation_new.html", status=status, **data)
