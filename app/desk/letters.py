"""The letters that the program sends, for administrators: their words, a look at them, one sent to oneself, what they were."""

from typing import Annotated, Any, Final

from fastapi import Path, Query, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.models import User
from app.db import session as transaction
from app.desk.acts import refusal, version_in
from app.desk.guard import user_id_of
from app.desk.pages import desk_page
from app.errors import Conflict, InvalidInput
from app.i18n import LANGUAGES, N_, endonym
from app.letters import keeping
from app.mail.kept_words import newest
from app.mail.letter_kinds import KINDS, LetterKind
from app.mail.trial import products_words, sample_letter
from app.mail.wording import LONGEST_BODY, LONGEST_SUBJECT, Wording, read_wording
from app.templating import Templates
from app.web.dependencies import Form, WriteSession, database_of, limited
from app.web.query import PlainText
from app.web.rate_limit import Limit
from app.web.routes import page_router, requires

router = page_router("/desk/letters")

Letter = Annotated[str, Path(max_length=60)]
Done = Annotated[PlainText, Query(max_length=20)]
#: Whoever tries words out sends themselves some letters, and no flood.
TRIALS: Final = Limit("letter-trial", 10, 3600)
DONE: Final = {
    "keep": N_("The letter has these words from the next one on."),
    "products": N_("The letter has the program's words again."),
    "back": N_("The letter has the words again that it had then."),
    "try": N_("A letter with invented values is on its way to you."),
}


@router.get("", dependencies=[requires("letter.word")])
async def show_letters(request: Request, session: WriteSession) -> HTMLResponse:
    """Every kind of letter in every language, and which have other words than the program's."""
    changed = await keeping.changed_letters(session)
    data: dict[str, Any] = {
        "kinds": KINDS.values(),
        "changed": changed,
        "all_languages": [(one, endonym(one)) for one in LANGUAGES],
    }
    return await desk_page(request, session, "desk/letters.html", **data)


@router.get("/{letter_kind}/{letter_language}", dependencies=[requires("letter.word")])
async def one_letter(
    request: Request, session: WriteSession, letter_kind: Letter, letter_language: Letter, done: Done = ""
) -> HTMLResponse:
    """The words of one letter, and what they were."""
    kind, language = _named(letter_kind, letter_language)
    return await _page(request, session, kind, language, done=DONE.get(done, ""))


@router.post("/{letter_kind}/{letter_language}", dependencies=[requires("letter.word")])
async def act_on_letter(
    request: Request, form: Form, letter_kind: Letter, letter_language: Letter
) -> Response:
    """Look at other words, send them to oneself, keep them, or put back what was; what is wrong is said on the same page."""
    kind, language = _named(letter_kind, letter_language)
    act, base = form.one("act"), version_in(form, "base")
    typed = Wording(form.one("subject"), form.one("body"))
    actor = Actor("staff", user_id_of(request))
    try:
        # What is put back was typed once already.
        wording = None if act in {"products", "back"} else read_wording(kind, typed.subject, typed.body)
        if act == "try":
            await limited(request, TRIALS, also=str(user_id_of(request)))
        async with transaction(database_of(request)) as session:
            if act == "products":
                await keeping.keep_products(session, kind, language, base=base, actor=actor)
            elif act == "back":
                number = version_in(form, "number")
                await keeping.put_back(session, kind, language, number, base=base, actor=actor)
            elif wording is not None and act == "keep":
                await keeping.keep(session, kind, language, wording, base=base, actor=actor)
            elif act == "try":
                await keeping.try_on_oneself(session, request.state.user, kind, language, wording)
                return await _page(request, session, kind, language, typed=typed, base=base, done=DONE["try"])
            else:
                return await _page(request, session, kind, language, typed=typed, base=base, look=wording)
    except (Conflict, InvalidInput) as error:
        kept = None if act in {"products", "back"} else typed
        async with transaction(database_of(request)) as session:
            return await _page(request, session, kind, language, typed=kept, base=base, **refusal(error))
    return RedirectResponse(f"/desk/letters/{kind.key}/{language}?done={act}", status_code=303)


def _named(kind: str, language: str) -> tuple[LetterKind, str]:
    if language not in LANGUAGES:
        raise keeping.NoSuchLetter
    return keeping.letter_kind(kind), language


async def _page(
    request: Request,
    session: AsyncSession,
    kind: LetterKind,
    language: str,
    *,
    typed: Wording | None = None,
    base: int | None = None,
    look: Wording | None = None,
    status: int = 200,
    **more: Any,
) -> HTMLResponse:
    templates: Templates = request.app.state.templates
    products = products_words(templates, kind, language)
    found = await newest(session, kind.key, language)
    holds = Wording(found.subject, found.body) if found and found.subject and found.body else None
    history = await keeping.history_of(session, kind, language)
    users = await session.scalars(
        select(User).where(User.id.in_({one.by_id for one in history if one.by_id}))
    )
    shown = sample_letter(templates, kind, look or holds, language)
    data: dict[str, Any] = {
        "kind": kind,
        "letter_language": language,
        "language_name": endonym(language),
        "typed": typed or holds or products,
        "products": products,
        "is_changed": holds is not None,
        "base": (found.number if found else 0) if base is None else base,
        "now": found.number if found else 0,
        "history": history,
        "names": {user.id: user.known_as for user in users},
        "look": shown,
        "is_look": look is not None,
        "longest_subject": LONGEST_SUBJECT,
        "longest_body": LONGEST_BODY,
        "done": "",
        "problem": "",
        "problem_field": "",
        **more,
    }
    return await desk_page(request, session, "desk/letter.html", status=status, **data)
