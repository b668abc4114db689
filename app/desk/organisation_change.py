"""Change what an organisation has on the map: the public form on one page, sent as the organisation's.

A moderator decides on it; of a trusted organisation it is public at once where nothing stands in the way. The page says which.
"""

import uuid
from typing import Annotated, Any

from fastapi import Path, Request
from starlette.responses import RedirectResponse, Response

from app.db import session as transaction
from app.desk.acts import version_in
from app.desk.listed import name_of
from app.desk.own_sending import before_sending, outcome, send
from app.desk.pages import ORGANISATIONS_PAGE, desk_page, texts_of
from app.entering.entry import SEND
from app.entering.form_map import map_data
from app.entering.form_view import FormView
from app.entering.one_page import OnePage, one_page, rewritten
from app.errors import Conflict
from app.features.revisions import StaleRevision
from app.i18n import N_
from app.layers import registry
from app.moderation.actions.publish_own import WouldWait
from app.moderation.actions.submit import Proposal
from app.moderation.live import id_in, read_feature
from app.moderation.own_publication import Why, codes_of
from app.moderation.suggesting import Suggestible, read_suggestible
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, ReadConnection, database_of, page_of, settings_of
from app.web.routes import page_router, requires

router = page_router(ORGANISATIONS_PAGE)

Id = Annotated[str, Path(max_length=36)]
UNCHANGED = N_("Nothing is different from what the map says. Change what is not right, then send it.")


@router.get("/{organisation_id}/entries/{entry_id}/change", dependencies=[requires("organisation.speak")])
async def filled_in(request: Request, organisation_id: Id, entry_id: Id) -> Response:
    """The form with everything that is public."""
    at = await _read(request, entry_id)
    whys = await before_sending(request, _id(organisation_id), at.layer.key, at.feature_id)
    return await _show(request, organisation_id, at, _page(request, at), whys)


@router.post("/{organisation_id}/entries/{entry_id}/change", dependencies=[requires("organisation.speak")])
async def press_button(
    request: Request, sent: Form, organisation_id: Id, entry_id: Id, reader: ReadConnection
) -> Response:
    """What a button of the form does: another row, or sending. What stands in the way is said over what was typed."""
    at = await _read(request, entry_id)
    page = _page(request, at)
    page, problem, found = page.answered(page.entry.form.answers(sent.pairs)), "", _id(organisation_id)
    base, action = version_in(sent, "base"), sent.one("action", SEND)
    whys = tuple(codes_of(sent.one("told")))
    if action != SEND:
        page = page.answered(page.entry.form.more(page.entry.answers, action) or page.entry.answers)
        return await _show(request, organisation_id, at, page, whys, base=base, pressed=action)
    try:
        if base != at.revision:
            raise StaleRevision
        page, content = await rewritten(page, at.whole, reader, unchanged=UNCHANGED)
        if content is not None:
            proposal = Proposal(at.layer, content, at.feature_id, at.revision)
            return RedirectResponse(await send(request, found, proposal, sent), status_code=303)
    except WouldWait as error:
        return await _show(request, organisation_id, at, page, error.whys, base=base, asked=True)
    except Conflict as error:
        problem = error.message
    return await _show(request, organisation_id, at, page, whys, base=base, problem=problem)


def _id(organisation_id: str) -> uuid.UUID:
    """As the guard has read it."""
    found = id_in(organisation_id)
    assert found is not None
    return found


async def _read(request: Request, entry_id: str) -> Suggestible:
    """What everybody may read of it: nobody of an organisation is shown more. `FeatureNotFound` off the map."""
    async with transaction(database_of(request)) as session:
        feature = await read_feature(session, id_in(entry_id))
        return await read_suggestible(session, registry.LAYERS, load_vocabulary(), feature.id)


def _page(request: Request, at: Suggestible) -> OnePage:
    return one_page(
        at.layer,
        settings_of(request).countries,
        page_of(request).language,
        at.whole,
        title=N_("Change it"),
        place=not at.is_protected,
    )


async def _show(
    request: Request,
    organisation_id: str,
    at: Suggestible,
    page: OnePage,
    whys: tuple[Why, ...],
    *,
    base: int | None = None,
    pressed: str = "",
    problem: str = "",
    asked: bool = False,
) -> Response:
    """The page; 422 when something in it is not right, 409 when it cannot be sent as it was begun, or not without being asked.

    `whys` are the reasons for which it waits, as whoever sends it reads them.
    """
    entry, texts = page.entry, texts_of(request)
    view = FormView(entry.form, entry.answers, texts, 1, entry.problems, entry.candidates)
    ids = {"email": "entry"}
    data: dict[str, Any] = {
        "back": f"{ORGANISATIONS_PAGE}/{id_in(organisation_id)}",
        "action": f"{ORGANISATIONS_PAGE}/{id_in(organisation_id)}/entries/{at.feature_id}/change",
        "title": name_of(at.whole),
        "view": view,
        # What is of no field is of the form.
        "summary": [(ids.get(where, where), words) for where, words in view.summary()],
        "parts_of": page.parts,
        "opened": page.opened(entry.problems, pressed),
        "map": map_data(settings_of(request)),
        "protected": at.is_protected,
        "base": at.revision if base is None else base,
        "problem": problem,
        **await outcome(request, _id(organisation_id), whys, asked=asked),
    }
    status = 409 if problem or asked else 422 if entry.problems else 200
    async with transaction(database_of(request)) as session:
        return await desk_page(request, session, "desk/organisation_change.html", status=status, **data)
