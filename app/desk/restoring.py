"""An older version made live again, whole or in the fields that were ticked."""

from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.accounts.audit import Actor
from app.db import session as transaction
from app.desk.acts import refusal, setting_of, version_in
from app.desk.by_two import with_first_yes
from app.desk.content_words import Words
from app.desk.guard import user_id_of
from app.desk.pages import texts_of
from app.desk.published import FeatureId
from app.desk.revisions import version_page
from app.errors import Conflict, InvalidInput
from app.i18n import N_
from app.layers import registry
from app.moderation.actions.restore import restore
from app.moderation.actions.take_down import Move
from app.moderation.live import id_in, read_feature
from app.moderation.scope import stay_within
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, database_of
from app.web.routes import page_router, requires

router = page_router("/desk/published")

TODAYS_RULES = N_(
    "The rules of today do not allow this as it was. Restore the other fields, and correct these:"
)
#: Problems of these are said beside them; all others are of the content.
_ASKED = frozenset({"reason", "field"})


@router.post("/{feature_id}/restore", dependencies=[requires("feature.publish")])
async def restore_version(request: Request, form: Form, feature_id: FeatureId) -> Response:
    """Restore it in a transaction of its own; what stands in its way is said on the page of the version."""
    found, reason, fields = id_in(feature_id), form.one("reason"), form.all("field")
    number = version_in(form, "number")
    try:
        async with with_first_yes(request) as session:
            feature = await read_feature(session, found)
            move = Move(feature.id, Actor("staff", user_id_of(request)), reason, version_in(form, "revision"))
            layer = registry.layer(feature.layer)
            await restore(session, setting_of(request), layer, move, number, fields=fields)
            await stay_within(session, request.state.user, "feature.publish", feature.id)
    except (Conflict, InvalidInput) as error:
        said = _refused(request, error)
        async with transaction(database_of(request)) as session:
            feature = await read_feature(session, found)
            return await version_page(
                request, session, feature, number, typed=reason, picked=frozenset(fields), **said
            )
    return RedirectResponse(f"/desk/published/{found}", status_code=303)


def _refused(request: Request, error: Conflict | InvalidInput) -> dict[str, Any]:
    """What the page says: of a content that today's rules refuse every field with what is wrong with it."""
    said = refusal(error)
    if not isinstance(error, InvalidInput) or said["problem_field"] in _ASKED:
        return said
    words = Words(load_vocabulary(), texts_of(request))
    fields = [(words.label(problem.path.partition(".")[0]), problem.message) for problem in error.problems]
    return {"status": error.status, "problem": TODAYS_RULES, "to_correct": list(dict.fromkeys(fields))}
