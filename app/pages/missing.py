"""Tell us what was missing: what was searched, shown to the person before it goes anywhere, and a few words if they like."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.areas.unit_search import KnownUnit, find_unit, unit_at
from app.db import Executor, session
from app.errors import FieldProblem, InvalidInput
from app.forms.started import Started
from app.i18n import N_, Translator
from app.moderation.missing import KINDS, Need, known_codes, name_of_code, tell_missing
from app.pages.finder_question import FinderQuestion, finder_question
from app.pages.form_pages import closed, secret_of, texts_of
from app.pages.gazetteer import town
from app.pages.sender import paragraphs_in, sender_of, too_often
from app.pages.views.units import unit_words
from app.taxonomy.discretion import asks_discreetly
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary
from app.web.dependencies import Form, ReadConnection, database_of, render
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires
from app.web.sent_often import asks_for_proof, challenge_of
from app.web.strict_form import FormValues
from geo.bbox import BBox, parse_bbox
from geo.errors import GeoError

router = page_router()

SHORTEST_S = 1
AN_HOUR = 10
LONGEST: Final = 500
LONGEST_SEARCH: Final = 100
#: A part of the map that is wider says nothing of where somebody looked.
WIDEST_DEGREES: Final = 1.0
#: A unit, the ones above it, and none that turns in a circle.
MOST_LEVELS: Final = 4
SAY_WHAT = N_("Say what you were looking for: keep one of the ticks, or write it.")


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form shows: the ticks by kind, the units from the smallest up, and what is typed."""

    codes: dict[str, tuple[str, ...]]
    units: Sequence[KnownUnit]
    typed: dict[str, str]


@router.get("/{lang}/missing", dependencies=[requires(PUBLIC), asks_for_proof("missing")])
async def form(
    request: Request,
    reader: ReadConnection,
    lang: Language,
    question: Annotated[FinderQuestion, Depends(finder_question)],
) -> HTMLResponse:
    """The form, filled in with the question that found nothing."""
    del lang
    vocabulary = load_vocabulary()
    codes = {kind: known_codes(kind, getattr(question, kind), vocabulary) for kind in KINDS}
    units = await _units(reader, await _smallest(reader, question))
    typed = {"searched": question.q[:LONGEST_SEARCH], "body": "", "area": units[0].code if units else ""}
    return _show(request, Offered(codes, units, typed))


@router.post("/{lang}/missing", dependencies=[requires(PUBLIC), asks_for_proof("missing")])
async def send(request: Request, reader: ReadConnection, lang: Language, sent: Form) -> Response:
    """Take it in: once, however often the button is pressed."""
    vocabulary = load_vocabulary()
    codes = {kind: known_codes(kind, sent.all(kind), vocabulary) for kind in KINDS}
    searched, too_long = paragraphs_in(sent, "searched", LONGEST_SEARCH)
    body, wrong = paragraphs_in(sent, "body", LONGEST)
    units = await _units(reader, sent.one("smallest"))
    area = sent.one("area")
    need = Need(codes, searched, body, area if area in {unit.code for unit in units} else None)
    problems = [problem for problem in (too_long, wrong) if problem]
    if need.is_empty and not problems:
        problems.append(FieldProblem("body", "missing", SAY_WHAT))
    sender = sender_of(request, sent, shortest_s=SHORTEST_S, needs_email=False)
    problems += sender.problems
    typed = {"searched": sent.one("searched"), "body": sent.one("body"), "area": area}
    offered = Offered(codes, units, typed)
    if problems or sender.stamp is None:
        return _show(request, offered, sent, problems)
    often = await too_often(request, "missing", AN_HOUR, sent=sent)
    if often:
        page = _show(request, offered, sent, [often[0]], status=429)
        page.headers["Retry-After"] = str(often[1])
        return page
    async with session(database_of(request)) as transaction:
        await tell_missing(transaction, need, language=lang, number=sender.stamp.number)
    thanks = f"/{lang}/missing/sent{'?out=1' if _is_discreet(offered) else ''}"
    return RedirectResponse(thanks, status_code=303, headers={"Cache-Control": "no-store"})


@router.get("/{lang}/missing/sent", dependencies=[requires(PUBLIC)])
async def thanks(request: Request, lang: Language) -> HTMLResponse:
    """That it has arrived. With `out` it has the way out that the form had; its address does not say why."""
    out = "out" in request.query_params
    return closed(render(request, "missing/sent.html", finder_href=f"/{lang}/", discreet=out))


async def _smallest(connection: Executor, question: FinderQuestion) -> str:
    """The code of the smallest unit in which somebody looked; "" when they looked everywhere. No position is kept."""
    if question.area:
        return question.area
    middle = question.near_position
    if question.place:
        around = await town(connection, question.place)
        middle = around.position if around else middle
    box = _box(question.bbox)
    if middle is None and box is not None and box.east - box.west <= WIDEST_DEGREES:
        middle = box.centre
    return await unit_at(connection, *middle) if middle else ""


def _box(given: str) -> BBox | None:
    if not given:
        return None
    try:
        return parse_bbox(given)
    except GeoError as error:
        raise InvalidInput(FieldProblem("bbox", error.code, SAY_WHAT)) from None


async def _units(connection: Executor, code: str) -> list[KnownUnit]:
    """A unit and those above it."""
    units: list[KnownUnit] = []
    while code and len(units) < MOST_LEVELS:
        unit = await find_unit(connection, code[:60])
        if unit is None:
            break
        units.append(unit)
        code = unit.parent_code or ""
    return units


def _show(
    request: Request,
    offered: Offered,
    sent: FormValues | None = None,
    problems: Sequence[FieldProblem] = (),
    *,
    status: int | None = None,
) -> HTMLResponse:
    texts, vocabulary = texts_of(request), load_vocabulary()
    stamp = sender_of(request, sent, shortest_s=0, needs_email=False).stamp if sent else None
    found = [(problem.path, texts.gettext(problem.message)) for problem in problems]
    data: dict[str, Any] = {
        "action": f"/{texts.language}/missing",
        "ticks": _ticks(offered.codes, vocabulary, texts),
        "groups": [(group.code, group.names[texts.language]) for group in vocabulary.groups.values()],
        "units": [
            (unit.code, unit_words(unit.level, unit.kind, unit.name, unit.names, texts))
            for unit in offered.units
        ],
        "typed": offered.typed,
        "errors": dict(reversed(found)),
        "summary": [(path or "body", message) for path, message in found],
        "started": (stamp or Started.now(time.time())).written(secret_of(request)),
        "discreet": _is_discreet(offered),
        "challenge": challenge_of(request),
    }
    return closed(render(request, "missing/form.html", status=status or (422 if found else 200), **data))


def _is_discreet(offered: Offered) -> bool:
    """Whether such help was looked for as nobody else is to know of."""
    return asks_discreetly(
        load_vocabulary(),
        services=offered.codes["service"],
        audiences=offered.codes["audience"],
        text=offered.typed["searched"],
    )


def _ticks(
    codes: dict[str, tuple[str, ...]], vocabulary: Vocabulary, texts: Translator
) -> list[tuple[str, str, str]]:
    """Field, code and words of each tick."""
    return [
        (kind, code, name_of_code(kind, code, vocabulary, texts.language))
        for kind in KINDS
        for code in codes[kind]
    ]
