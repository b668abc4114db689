"""Two entries side by side, to be made one field by field; what was made of them, and the way back."""

import uuid
from typing import Annotated, Any

from fastapi import Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.models import User
from app.accounts.roles import may
from app.db import session as transaction
from app.desk.acts import refusal, setting_of, version_in
from app.desk.by_two import of_entries, with_first_yes
from app.desk.content_words import Words
from app.desk.duplicate_words import reason_words
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.pages import desk_page, texts_of
from app.desk.report_rows import led_here
from app.desk.run_by_words import with_run_by
from app.errors import Conflict, InvalidInput
from app.features.merged import MERGE
from app.features.models import Feature, FeatureState
from app.features.revisions import FeatureNotFound, NotOnTheMap
from app.i18n import N_
from app.layers import registry
from app.moderation.actions.merge_features import Choice, merge_features, undo_merge
from app.moderation.duplicates.choosing import fields_of, is_forced, may_be_both, members, suggested
from app.moderation.duplicates.merges import MergeNotFound, may_name, read_merge
from app.moderation.duplicates.scoring import likeness
from app.moderation.duplicates.traits import traits_of
from app.moderation.live import id_in, read_feature
from app.moderation.withheld import told_of_feature
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, database_of
from app.web.routes import page_router, requires

router = page_router("/desk")

Id = Annotated[str, Path(max_length=36)]
#: The report that led here, and that is led back to.
LedBy = Annotated[str, Query(max_length=36)]
#: What several members that are chosen together are called.
GROUP_WORDS = {"place": N_("Where it is"), "audiences": N_("For whom"), "status": N_("Whether it works")}


@router.get("/merge/{keep}/{drop}", dependencies=[requires("feature.merge")])
async def side_by_side(
    request: Request, session: WriteSession, keep: Id, drop: Id, report: LedBy = ""
) -> HTMLResponse:
    """The one that is kept beside the one that will lead to it, field by field."""
    return await _choosing(request, session, id_in(keep), id_in(drop), led_by=report)


@router.post("/merge/{keep}/{drop}", dependencies=[requires("feature.merge")])
async def merge_them(request: Request, form: Form, keep: Id, drop: Id) -> Response:
    """Make one of two in one transaction; what stands in the way is said on the same page."""
    winner, loser = id_in(keep), id_in(drop)
    chosen = {name.removeprefix("field-"): value for name, value in form.pairs if name.startswith("field-")}
    try:
        made = None
        async with with_first_yes(request) as session:
            kept, _ = await _both(session, winner, loser)
            choice = Choice(
                kept.id, _id(loser), version_in(form, "revision"), version_in(form, "other"), chosen
            )
            actor = Actor("staff", user_id_of(request))
            layer = registry.layer(kept.layer)
            made = await merge_features(
                session, setting_of(request), layer, choice, actor=actor, layers=registry.LAYERS
            )
    except (Conflict, InvalidInput) as error:
        async with transaction(database_of(request)) as session:
            led_by = form.one("report")
            return await _choosing(
                request, session, winner, loser, chosen=chosen, led_by=led_by, **refusal(error)
            )
    # Of protected help a first yes waits for a colleague, on the page of the one that stays.
    after = f"/desk/merges/{made.id}" if made is not None else f"/desk/published/{winner}"
    report = id_in(form.one("report"))
    return RedirectResponse(
        after if report is None or made is None else f"{after}?report={report}", status_code=303
    )


@router.get("/merges/{merge_id}", dependencies=[requires("duplicate.see")])
async def merged(request: Request, session: WriteSession, merge_id: Id, report: LedBy = "") -> HTMLResponse:
    """What was made one, by whom and when, and the way back."""
    return await _merged(request, session, id_in(merge_id), led_by=report)


@router.post("/merges/{merge_id}/undo", dependencies=[requires("feature.merge")])
async def take_back(request: Request, form: Form, merge_id: Id) -> Response:
    """Take it back in one press; what stands in the way is said on the same page."""
    del form
    found = id_in(merge_id)
    try:
        async with with_first_yes(request) as session:
            told = await read_merge(session, found)
            layer, actor = registry.layer(told.winner.layer), Actor("staff", user_id_of(request))
            await undo_merge(
                session,
                setting_of(request),
                layer,
                told.merge.id,
                actor=actor,
                layers=registry.LAYERS,
            )
    except (Conflict, InvalidInput) as error:
        async with transaction(database_of(request)) as session:
            return await _merged(request, session, found, **refusal(error))
    return RedirectResponse(f"/desk/merges/{found}", status_code=303)


def _id(given: uuid.UUID | None) -> uuid.UUID:
    if given is None:
        raise FeatureNotFound
    return given


async def _both(
    session: AsyncSession, winner: uuid.UUID | None, loser: uuid.UUID | None
) -> tuple[Feature, Feature]:
    """Two features of one layer; `FeatureNotFound` for one and the same, and for two of different kinds."""
    kept, gone = await read_feature(session, winner), await read_feature(session, loser)
    if kept.id == gone.id or kept.layer != gone.layer:
        raise FeatureNotFound
    return kept, gone


async def _choosing(
    request: Request,
    session: AsyncSession,
    winner: uuid.UUID | None,
    loser: uuid.UUID | None,
    *,
    status: int = 200,
    chosen: dict[str, str] | None = None,
    led_by: str = "",
    **more: Any,
) -> HTMLResponse:
    kept, gone = await _both(session, winner, loser)
    # What was merged already tells no more of its place than what it leads to.
    keeps, goes = [(await told_of_feature(session, one)).content(one.content) for one in (kept, gone)]
    on_the_map = kept.state == gone.state == FeatureState.PUBLISHED
    like = likeness(traits_of(keeps, kept.layer), traits_of(goes, gone.layer))
    by_name = await with_run_by(session, keeps, goes)
    texts = texts_of(request)
    two = await of_entries(request, session, kept, gone, permission="feature.merge")
    first = two.of(MERGE) if two is not None else {}
    if chosen is None and first.get("other") == str(gone.id):
        # Who comes second sees chosen what the first one has chosen.
        chosen = first["chosen"]
    data: dict[str, Any] = {
        "by_two": two,
        "report": await led_here(request, session, (kept.id, gone.id), led_by),
        "kept": kept,
        "gone": gone,
        "name_of": name_of,
        "rows": _rows(request, keeps, goes, chosen or {}, by_name),
        "reasons": reason_words(texts, [reason.to_dict() for reason in like.reasons]) if like else [],
        "score": like.score if like else 0,
        "may_merge": on_the_map,
        "problem": "" if on_the_map else NotOnTheMap().message,
        **more,
    }
    return await desk_page(request, session, "desk/merge.html", status=status, **data)


def _rows(
    request: Request,
    winner: dict[str, Any],
    loser: dict[str, Any],
    chosen: dict[str, str],
    by_name: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """A row a field in which they differ: its words, what either says, and what is chosen."""
    words = Words(load_vocabulary(), texts_of(request))
    gettext = texts_of(request).gettext
    return [
        {
            "name": name,
            "label": gettext(GROUP_WORDS[name]) if name in GROUP_WORDS else words.label(members(name)[0]),
            "winner": _lines(words, name, by_name[0]),
            "loser": _lines(words, name, by_name[1]),
            "both": may_be_both(name, winner, loser),
            "forced": is_forced(name, winner, loser),
            "chosen": chosen.get(name) or suggested(name, winner, loser),
        }
        for name in fields_of(winner, loser)
    ]


def _lines(words: Words, name: str, content: dict[str, Any]) -> list[str]:
    return [line for key in members(name) for line in words.lines(key, content.get(key))]


async def _merged(
    request: Request,
    session: AsyncSession,
    merge_id: uuid.UUID | None,
    *,
    status: int = 200,
    led_by: str = "",
    **more: Any,
) -> HTMLResponse:
    user: User = request.state.user
    told = await read_merge(session, merge_id)
    if not await may_name(session, user, told.winner, told.loser.id):
        raise MergeNotFound
    data: dict[str, Any] = {
        "told": told,
        "report": await led_here(request, session, (told.winner.id, told.loser.id), led_by),
        "by_two": await of_entries(request, session, told.winner, told.loser, permission="feature.merge"),
        "name_of": name_of,
        "may_merge": may(user, "feature.merge"),
        "problem": "",
        **more,
    }
    return await desk_page(request, session, "desk/merged.html", status=status, **data)
