"""What the link of a letter opens that asks whether entries are still true: say so in one press, or that something else is."""

import datetime as dt
import re
import uuid
from typing import Any, Final

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.features.models import Feature
from app.features.setting import Setting
from app.features.wording import said
from app.i18n import N_
from app.layers.registry import LAYERS
from app.moderation.actions.remind import ask_no_more, confirm_asked
from app.moderation.reminders import Asked, read_asked
from app.pages.form_pages import closed, secret_of, texts_of
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, page_of, render, settings_of
from app.web.language import Language
from app.web.routes import BY_LINK, page_router, requires

router = page_router()

NOTHING_TICKED = N_("Tick what is still true. Of what is not, suggest a change.")
NOT_NOTED = N_(
    "Some could not be noted: they have changed since you opened this page, or somebody has reported that something is wrong. Look at their pages once more."
)
_TICK: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,9})", re.ASCII)


@router.get("/{lang}/asked/{token}", dependencies=[requires(BY_LINK)])
async def show(request: Request, lang: Language, token: str, transaction: WriteSession) -> HTMLResponse:
    """The entries that the letter asks about. Opening it says nothing yet: mail programs open links by themselves."""
    del lang
    return _page(request, await _asked(request, transaction, token))


@router.post("/{lang}/asked/{token}", dependencies=[requires(BY_LINK)])
async def say_so(
    request: Request, lang: Language, token: str, sent: Form, transaction: WriteSession
) -> Response:
    """Note what is ticked as checked today by those behind it. A second time changes nothing."""
    asked = await _asked(request, transaction, token)
    ticked = _ticked(sent.all("place"))
    if not ticked:
        return _page(request, asked, NOTHING_TICKED, status=422)
    left = await confirm_asked(transaction, _setting(request), LAYERS, asked, ticked)
    if left:
        # What could be noted is, and the page says so.
        transaction.expire_all()
        asked = await _asked(request, transaction, token)
        return _page(request, asked, NOT_NOTED, status=409)
    return _back(lang, token)


@router.post("/{lang}/asked/{token}/stop", dependencies=[requires(BY_LINK)])
async def stop(request: Request, lang: Language, token: str, transaction: WriteSession) -> Response:
    """Write no more letters of this kind to the address."""
    await ask_no_more(transaction, await _asked(request, transaction, token))
    return _back(lang, token)


async def _asked(request: Request, transaction: WriteSession, token: str) -> Asked:
    return await read_asked(transaction, _setting(request), secret_of(request), token)


def _setting(request: Request) -> Setting:
    settings = settings_of(request)
    return Setting(load_vocabulary(), settings.timezone, settings.countries[0], dt.datetime.now(dt.UTC))


def _ticked(values: list[str]) -> dict[uuid.UUID, int]:
    """The entries that were ticked, each with the revision that was looked at; what is none of ours is none."""
    found = (_TICK.fullmatch(value) for value in values)
    return {uuid.UUID(one[1]): int(one[2]) for one in found if one}


def _back(lang: str, token: str) -> RedirectResponse:
    return RedirectResponse(f"/{lang}/asked/{token}", status_code=303, headers={"Cache-Control": "no-store"})


def _page(request: Request, asked: Asked, problem: str = "", *, status: int = 200) -> HTMLResponse:
    setting, language = _setting(request), page_of(request).language
    rows = [_row(one, setting, language) for one in asked.entries]
    desk = f"/desk/organisations/{asked.organisation_id}?show=confirm#entries"
    return closed(
        render(
            request,
            "status/asked.html",
            status=status,
            action=request.url.path.removesuffix("/stop"),
            rows=rows,
            left=[row for row in rows if not row["done"]],
            desk_href=desk if asked.organisation_id else "",
            stopped=asked.is_stopped,
            problem=texts_of(request).gettext(problem) if problem else "",
        )
    )


def _row(one: Feature, setting: Setting, language: str) -> dict[str, Any]:
    return {
        "value": f"{one.id}.{one.revision}",
        "id": one.id,
        "name": said(one.content["name"], language),
        "href": f"/{language}/{one.layer}/{one.id}",
        "suggest_href": f"/{language}/suggest/{one.id}",
        "closed_href": f"/{language}/suggest/{one.id}/closed",
        "checked": one.verified_at,
        "done": one.verified_at is not None and setting.day_of(one.verified_at) == setting.today,
    }
