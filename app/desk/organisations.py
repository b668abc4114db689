"""The page of an organisation for its people: what is left to do, its entries with state and freshness, what they have sent."""

import uuid
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.joining import leave
from app.accounts.memberships import Colleague, Seat, colleagues, organisations_of
from app.accounts.models import User
from app.accounts.roles import OWN_ACCOUNT
from app.db import session as transaction
from app.desk.acts import setting_of, version_in
from app.desk.content_words import Words
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.pages import ORGANISATIONS_PAGE, desk_page, secret_of, texts_of
from app.desk.trusted_where import trusted_here
from app.errors import Conflict
from app.features.freshness import ring
from app.features.models import Feature
from app.features.setting import Setting
from app.i18n import N_, Translator
from app.layers import registry
from app.moderation.actions.still_true import confirm_own
from app.moderation.links import make_token
from app.moderation.live import id_in, read_feature
from app.moderation.mail_domains import holds_at
from app.moderation.own_entries import (
    SHOWN,
    Counted,
    OwnEntry,
    Which,
    count_entries,
    missing_of_profile,
    own_entries,
    sent_by_its_people,
)
from app.moderation.states import SubmissionState
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, database_of
from app.web.query import PlainText
from app.web.routes import page_router, requires

router = page_router(ORGANISATIONS_PAGE)

Id = Annotated[str, Path(max_length=36)]
DONE: Final = {
    "sent": N_("Your change is sent. A moderator looks at it; until then the map stays as it is."),
    "published": N_("It is on the map now, as your organisation's own word."),
    "confirmed": N_("Thank you. The map says now that you have checked it today."),
    "hand-over": N_("You have handed over. You are a member like any other now."),
}


@dataclass(frozen=True, slots=True)
class ToDo:
    """One of the five things that keep an organisation's entries alive; `words` say what is left, or that it is done."""

    done: bool
    words: str
    href: str
    press: str


@router.get("", dependencies=[requires(OWN_ACCOUNT)])
async def choose(request: Request, session: WriteSession) -> Response:
    """The organisations of whoever is signed in; of one the page itself."""
    own = await organisations_of(session, user_id_of(request))
    if len(own) == 1:
        return RedirectResponse(f"{ORGANISATIONS_PAGE}/{own[0]}", status_code=303)
    found = [await read_feature(session, one) for one in own]
    named = [(one.id, name_of(one.content) or "—") for one in found]
    return await desk_page(request, session, "desk/organisations.html", named=named)


@router.get("/{organisation_id}", dependencies=[requires("organisation.see")])
async def show(
    request: Request,
    session: WriteSession,
    organisation_id: Id,
    show: Annotated[PlainText, Query(max_length=10)] = "",
    behind: Annotated[PlainText, Query(max_length=36)] = "",
    done: Annotated[PlainText, Query(max_length=10)] = "",
) -> HTMLResponse:
    """What is left to do, then the entries: `show` says which, `behind` is the last one of the page before."""
    which = Which(show) if show in set(Which) else Which.ALL
    return await organisation_page(
        request, session, organisation_id, which=which, behind=id_in(behind), done=DONE.get(done, "")
    )


@router.post("/{organisation_id}/entries/{entry_id}/confirm", dependencies=[requires("organisation.speak")])
async def confirm(request: Request, form: Form, organisation_id: Id, entry_id: Id) -> Response:
    """Note that it is as the map says; what stands in the way is said over the list."""
    organisation = await _organisation_in(request, organisation_id)
    try:
        async with transaction(database_of(request)) as session:
            feature = await read_feature(session, id_in(entry_id))
            await confirm_own(
                session,
                setting_of(request),
                registry.layer(feature.layer),
                feature.id,
                revision=version_in(form, "revision"),
                organisation_id=organisation.id,
                user=request.state.user,
            )
    except Conflict as error:
        async with transaction(database_of(request)) as session:
            return await organisation_page(
                request, session, organisation_id, problem=error.message, status=error.status
            )
    which = form.one("show") if form.one("show") in set(Which) else ""
    shown = f"show={which}&" if which else ""
    return RedirectResponse(
        f"{ORGANISATIONS_PAGE}/{id_in(organisation_id)}?{shown}done=confirmed#entries", status_code=303
    )


@router.post("/{organisation_id}/leave", dependencies=[requires("organisation.speak")])
async def leave_it(request: Request, form: Form, organisation_id: Id) -> Response:
    """Belong to it no more: with the next request every right in it is gone. Asks for a tick, so that no slip does it."""
    user: User = request.state.user
    if form.one("sure") != "1":
        return RedirectResponse(f"{ORGANISATIONS_PAGE}/{id_in(organisation_id)}#leave", status_code=303)
    found = (await _organisation_in(request, organisation_id)).id
    try:
        async with transaction(database_of(request)) as session:
            await leave(session, found, user)
    except Conflict as error:
        async with transaction(database_of(request)) as session:
            return await organisation_page(
                request, session, organisation_id, problem=error.message, status=error.status
            )
    return RedirectResponse(f"/{user.language}/organisations/{found}", status_code=303)


async def organisation_page(
    request: Request,
    session: AsyncSession,
    organisation_id: str,
    *,
    status: int = 200,
    which: Which = Which.ALL,
    behind: uuid.UUID | None = None,
    done: str = "",
    problem: str = "",
) -> HTMLResponse:
    """Give the page; `done` and `problem` are messages to translate."""
    organisation = await read_feature(session, id_in(organisation_id))
    setting, texts = setting_of(request), texts_of(request)
    counted = await count_entries(session, setting, organisation.id)
    # One more than is shown tells whether there is a next page.
    found = await own_entries(session, setting, organisation.id, which, behind=behind, limit=SHOWN + 1)
    people = await colleagues(session, organisation.id)
    sent = [_sent(request, row) for row in await sent_by_its_people(session, organisation.id)]
    seat: Seat | None = request.state.seat
    return await desk_page(
        request,
        session,
        "desk/organisation.html",
        status=status,
        **await trusted_here(request, session, organisation.id),
        holds_here=await holds_at(session, organisation.id, setting.now),
        organisation=organisation,
        title=name_of(organisation.content),
        todo=_todo(request, organisation, counted, sent, people),
        counted=counted,
        entries=[_row(one, setting) for one in found[:SHOWN]],
        next_id=found[SHOWN - 1].id if len(found) > SHOWN else None,
        which=which.value,
        sent=sent,
        people=people,
        seat=seat,
        may_see_people=seat is Seat.ADMIN or seat is None,
        layer_words={key: texts.gettext(layer.singular) for key, layer in registry.LAYERS.items()},
        done=done,
        problem=problem,
    )


async def _organisation_in(request: Request, organisation_id: str) -> Feature:
    async with transaction(database_of(request)) as session:
        return await read_feature(session, id_in(organisation_id))


def _todo(
    request: Request,
    organisation: Feature,
    counted: Counted,
    sent: list[dict[str, Any]],
    people: list[Colleague],
) -> list[ToDo]:
    texts, page = texts_of(request), f"{ORGANISATIONS_PAGE}/{organisation.id}"
    return [
        _to_confirm(counted.to_confirm, page, texts),
        _to_answer([one for one in sent if one["is_asked"]], page, texts),
        _to_complete(counted.incomplete, page, texts),
        _to_say_of_itself(organisation, page, texts),
        _to_share(len(people), page, texts),
    ]


def _to_confirm(entries: int, page: str, texts: Translator) -> ToDo:
    words = (
        texts.ngettext(
            "Nobody has checked %(n)s entry for three months. Is it still true?",
            "Nobody has checked %(n)s entries for three months. Are they still true?",
            entries,
        )
        if entries
        else texts.gettext("All entries were checked in the last three months.")
    )
    return ToDo(not entries, words, f"{page}?show=confirm#entries", texts.gettext("Look at them"))


def _to_answer(asked: list[dict[str, Any]], page: str, texts: Translator) -> ToDo:
    words = (
        texts.ngettext(
            "A moderator has asked about %(n)s change that you have sent.",
            "A moderator has asked about %(n)s changes that you have sent.",
            len(asked),
        )
        if asked
        else texts.gettext("No question of a moderator waits for an answer.")
    )
    answer = next((one["status_href"] for one in asked if one["status_href"]), f"{page}#sent")
    return ToDo(not asked, words, answer, texts.gettext("Answer"))


def _to_complete(entries: int, page: str, texts: Translator) -> ToDo:
    words = (
        texts.ngettext(
            "%(n)s entry says no opening hours, or no way to ask.",
            "%(n)s entries say no opening hours, or no way to ask.",
            entries,
        )
        if entries
        else texts.gettext("All entries say when they are open and how to ask.")
    )
    return ToDo(not entries, words, f"{page}?show=incomplete#entries", texts.gettext("Look at them"))


def _to_say_of_itself(organisation: Feature, page: str, texts: Translator) -> ToDo:
    missing = missing_of_profile(organisation.content)
    labels = Words(load_vocabulary(), texts)
    words = (
        texts.gettext(
            "The entry of your organisation says nothing yet about: %(fields)s.",
            fields=", ".join(labels.label(member) for member in missing),
        )
        if missing
        else texts.gettext("The entry of your organisation is complete.")
    )
    return ToDo(not missing, words, f"{page}/entries/{organisation.id}/change", texts.gettext("Add it"))


def _to_share(people: int, page: str, texts: Translator) -> ToDo:
    words = (
        texts.gettext("More than one person looks after these entries.")
        if people > 1
        else texts.gettext("You are alone. If you leave, nobody keeps these entries true.")
    )
    return ToDo(people > 1, words, f"{page}/people#invite", texts.gettext("Invite a colleague"))


def _row(one: OwnEntry, setting: Setting) -> dict[str, Any]:
    checked = setting.day_of(one.verified_at) if one.verified_at else None
    status = (one.content.get("status") or {}).get("state")
    return {
        "entry": one,
        "name": name_of(one.content) or "—",
        "town": (one.content.get("address") or {}).get("city", ""),
        "ring": ring(checked, setting.today).value,
        "is_closed": status == "closed",
        "is_protected": (one.content.get("place") or {}).get("disclosure", "exact") != "exact",
    }


def _sent(request: Request, row: Any) -> dict[str, Any]:
    """What waits; its private page, where a question is answered, is for whoever has sent it."""
    token = make_token(secret_of(request), "status", row.id) if row.sent_by == user_id_of(request) else ""
    return {
        "name": name_of(row.content) or "—",
        "at": row.created_at,
        "is_asked": row.state == SubmissionState.NEEDS_CHANGES,
        "status_href": f"/{row.language}/status/{token}" if token else "",
    }
