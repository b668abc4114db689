"""The pages about areas: what is known of one, and the form in which it is changed."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse

from app.accounts.models import User
from app.accounts.roles import may
from app.areas import own
from app.areas.boundary_file import PREFIX
from app.areas.told import NoSuchArea, versions_of
from app.areas.unit_search import find_unit
from app.desk.area_form import AreaForm
from app.desk.area_rows import (
    MOST_COUNTED_OF_ONE,
    members_of,
    one,
    responsible_for,
)
from app.desk.area_words import ACTS, KINDS, LEVELS, OWN_LEVELS
from app.desk.pages import desk_page, texts_of
from app.desk.role_form import ROLES
from app.errors import Conflict, InvalidInput
from app.i18n import LANGUAGES, endonym
from app.web.dependencies import settings_of


async def area_page(
    request: Request,
    session: AsyncSession,
    code: str,
    *,
    done: str = "",
    error: Conflict | InvalidInput | None = None,
) -> HTMLResponse:
    """Give the page of one area; `error` is why what was asked for could not be done. `NoSuchArea`."""
    row, kept = await known_area(session, code)
    texts = texts_of(request)
    history = await versions_of(session, kept.code) if kept else []
    people = await _people(session, [version.by_id for version in history])
    around = [row.code, row.stable_code, *row.ancestors] if row else []
    known = await find_unit(session, row.code) if row else None
    said = [texts.gettext(one.message) for one in error.problems] if isinstance(error, InvalidInput) else []
    return await desk_page(
        request,
        session,
        "desk/area.html",
        status=error.status if error else 200,
        code=row.code if row else kept.code,
        row=row,
        kept=kept,
        members=await members_of(session, row.members) if row and row.members else (),
        missing=await _missing(session, row),
        responsible=await responsible_by_code(request, session, around),
        may_see_people=may(request.state.user, "user.see"),
        may_manage=may(request.state.user, "area.manage"),
        history=history,
        people=people,
        acts=ACTS,
        most_counted=MOST_COUNTED_OF_ONE,
        in_a_file=known is not None and known.in_a_file,
        done=done,
        problem=" ".join(said) or (texts.gettext(error.message) if error else ""),
        **area_words(request),
    )


async def form_page(
    request: Request,
    session: AsyncSession,
    shown: AreaForm,
    *,
    shape: str = "",
    row: Any = None,
    kept: Any = None,
    error: Conflict | InvalidInput | None = None,
) -> HTMLResponse:
    """Give the form of a new area, or of one that there is; `row` is what is published of it, `kept` what the desk says."""
    texts = texts_of(request)
    is_own = row is None or (kept is not None and kept.own)
    if kept is not None and kept.own:
        shape = shape_of(own.Said.of_kept(kept.content, kept.outline))
    problems = error.problems if isinstance(error, InvalidInput) else ()
    wrong: dict[str, str] = {}
    for problem in problems:
        # What is wrong with the units stands at the field where they are typed.
        path = "units" if problem.path == "members" else problem.path
        wrong.setdefault(
            path,
            texts.gettext(problem.message, place=shown.place)
            if shown.place
            else texts.gettext(problem.message),
        )
    return await desk_page(
        request,
        session,
        "desk/area_form.html",
        status=error.status if error else 200,
        row=row,
        kept=kept,
        is_own=is_own,
        shape=shape,
        values=defaultdict(str, shown.values),
        offered=[(code, words) for code, words, _ in shown.offered],
        ticked=[code for code, _, ticked in shown.offered if ticked],
        problems=[*wrong.items()],
        wrong=defaultdict(str, wrong),
        problem=texts.gettext(error.message) if error and not problems else "",
        languages=[(language, endonym(language)) for language in LANGUAGES],
        countries=[(country, country) for country in settings_of(request).countries],
        own_levels=[(key, texts.gettext(words)) for key, words in OWN_LEVELS.items()],
        prefix=PREFIX,
        **area_words(request),
    )


async def known_area(session: AsyncSession, code: str) -> tuple[Any, Any]:
    """What is published of an area, and what the desk says of it; `NoSuchArea` where there is neither."""
    row = await one(session, code)
    kept = await own.read_kept(session, row.stable_code if row else code)
    if row is None and (kept is None or not kept.own):
        raise NoSuchArea
    return row, kept


async def responsible_by_code(
    request: Request, session: AsyncSession, codes: Sequence[str]
) -> Mapping[str, Sequence[Any]]:
    """By code who has a role that is limited to it; nobody is named to whoever may not see people."""
    found: dict[str, list[Any]] = defaultdict(list)
    if codes and may(request.state.user, "user.see"):
        for row in await responsible_for(session, codes):
            found[row.code].append(row)
    return found


def area_words(request: Request) -> dict[str, Any]:
    """Give what kinds, levels and languages are called, for every page about areas."""
    texts = texts_of(request)
    return {
        "levels": {key: texts.gettext(words) for key, words in LEVELS.items()},
        "kinds": {key: texts.gettext(words) for key, words in KINDS.items()},
        "roles": {key: texts.gettext(words) for key, words in ROLES.items()},
        "lang": texts.language,
        "endonyms": {language: endonym(language) for language in LANGUAGES},
    }


async def _missing(session: AsyncSession, row: Any) -> Sequence[str]:
    """Units that an area is made of and that are not loaded any more."""
    if row is None or not row.members:
        return ()
    there = {unit.stable_code for unit in await members_of(session, row.members)}
    return sorted(set(row.members) - there)


async def _people(session: AsyncSession, ids: Iterable[uuid.UUID | None]) -> Mapping[uuid.UUID, str]:
    users = await session.scalars(select(User).where(User.id.in_({one for one in ids if one})))
    return {user.id: user.known_as for user in users}


def shape_of(said: own.Said) -> str:
    """Give what an area of one's own is made of: units, or an outline."""
    return "units" if said.outline is None else "outline"
