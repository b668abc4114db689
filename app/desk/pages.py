"""What all pages of the desk share: the person, their language, the sections, the counts."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse

from app.accounts.memberships import organisations_of
from app.accounts.models import User
from app.accounts.roles import may
from app.i18n import N_, Translator, translator
from app.moderation.openings import count_standing
from app.moderation.place_claims import count_standing as count_claims
from app.moderation.reports import count_open
from app.moderation.scope import features_within, submissions_within
from app.moderation.submissions import counts
from app.moderation.trusts import count_to_look_at
from app.web.dependencies import page_of, render, settings_of
from app.web.etag import private

#: Seldom is there one; these sections stand only where something waits.
OPENINGS = "/desk/openings"
CLAIMS = "/desk/claims"
ORGANISATIONS_PAGE = "/desk/organisations"
BY_THEMSELVES = "/desk/by-themselves"
_SELDOM = frozenset({OPENINGS, CLAIMS, BY_THEMSELVES})
#: Used less than every day: they open from one word, so that the bar stays one row. What waits in them stands beside it.
_MORE = frozenset(
    {
        *_SELDOM,
        "/desk/imports",
        "/desk/statistics",
        "/desk/people",
        "/desk/banners",
        "/desk/letters",
        "/desk/services",
        "/desk/areas",
        "/desk/audit",
        "/desk/inbox",
    }
)
_SECTIONS = (
    # Nobody has it by a role: who belongs to an organisation is shown it.
    ("organisation.speak", N_("Your organisation"), ORGANISATIONS_PAGE),
    ("submission.see", N_("Queue"), "/desk"),
    ("report.see", N_("Reports"), "/desk/reports"),
    ("feature.verify", N_("Confirmed"), "/desk/confirmations"),
    ("missing.see", N_("Not found"), "/desk/missing"),
    ("duplicate.see", N_("Perhaps the same"), "/desk/duplicates"),
    ("feature.see", N_("On the map"), "/desk/published"),
    ("feature.publish", N_("To be shown again"), OPENINGS),
    ("feature.publish", N_("Said to be theirs"), CLAIMS),
    ("submission.see", N_("Published by organisations"), BY_THEMSELVES),
    ("import.stage", N_("Import"), "/desk/imports"),
    ("submission.see", N_("Statistics"), "/desk/statistics"),
    ("user.see", N_("People"), "/desk/people"),
    ("banner.post", N_("Notices"), "/desk/banners"),
    ("taxonomy.manage", N_("Services"), "/desk/services"),
    ("area.see", N_("Areas"), "/desk/areas"),
    ("letter.word", N_("Letters"), "/desk/letters"),
    ("audit.see", N_("Audit log"), "/desk/audit"),
    ("mail.see", N_("Local inbox"), "/desk/inbox"),
)


def first_page_of(user: User) -> str | None:
    """The first page of the desk that somebody may see by a role; None for whoever has none that holds."""
    return next(
        (href for permission, _, href in _SECTIONS if href not in _SELDOM and may(user, permission)), None
    )


def texts_of(request: Request) -> Translator:
    """The translator for whoever is signed in."""
    return translator(page_of(request).language, settings_of(request).timezone)


async def desk_page(
    request: Request, session: AsyncSession, template: str, *, status: int = 200, **data: Any
) -> HTMLResponse:
    """Answer with a page of the desk, which no cache keeps."""
    user: User = request.state.user
    waiting = await counts(session, submissions_within(user, "submission.see"))
    reported = await count_open(session, features_within(user, "report.see"))
    asked = await count_standing(session, features_within(user, "feature.publish"))
    claimed = await count_claims(session, features_within(user, "feature.publish"))
    published = await count_to_look_at(session, submissions_within(user, "submission.see"))
    numbers = {
        "/desk": waiting.pending,
        "/desk/reports": reported,
        OPENINGS: asked,
        CLAIMS: claimed,
        BY_THEMSELVES: published,
    }
    texts = texts_of(request)
    own = await organisations_of(session, user.id)
    sections = [
        {
            "words": texts.gettext(words),
            "href": href,
            "current": request.url.path == href
            or request.url.path.startswith({"/desk": "/desk/submissions/"}.get(href, f"{href}/")),
            "count": numbers.get(href),
            "is_more": href in _MORE,
        }
        for permission, words, href in _SECTIONS
        if (may(user, permission) or (own and href == ORGANISATIONS_PAGE))
        and not (href == "/desk/inbox" and settings_of(request).smtp_url)
        and not (href in _SELDOM and not numbers[href] and not request.url.path.startswith(href))
    ]
    page = page_of(request, person=user.name or user.email)
    shown: Mapping[str, Any] = {
        "sections": sections,
        "waiting": waiting,
        "undo_seconds": settings_of(request).undo_seconds,
        "undo_for": dt.timedelta(seconds=settings_of(request).undo_seconds),
        "reader": user.id,
        **data,
    }
    return private_page(render(request, template, status=status, page=page, **shown))


def secret_of(request: Request) -> str:
    """The key of what is signed: codes, and the moments at which submissions were shown."""
    return settings_of(request).secret_key.get_secret_value()


def private_page(response: HTMLResponse) -> HTMLResponse:
    """Mark a page as nobody else's."""
    private(response)
    return response
