"""Report a problem with something on the map: a reason, a few words if one likes, no account."""

from collections.abc import Iterable
from typing import Final

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.db import session
from app.entering.complaint import AN_HOUR, LONGEST, problem_of_reason
from app.errors import FieldProblem
from app.i18n import N_
from app.moderation.actions.report import Complaint, report, will_be_cut
from app.moderation.being_checked import kind_of
from app.moderation.suggesting import OnTheMap
from app.pages.form_pages import closed
from app.pages.place_forms import PlaceOnTheMap, show_short_form, whose
from app.pages.sender import paragraphs_in, sender_of, too_often
from app.pages.suggestion import may_close
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, database_of, page_of, render
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires
from app.web.sent_often import asks_for_proof, is_first_of_day
from app.web.strict_form import FormValues

router = page_router()

SHORTEST_S = 2
FIELDS = ("reason", "body", "email")
#: What comes of a report, by what a moderator does about it. Nobody is promised what no program can keep.
NEXT: Final = {
    "propose_change": N_("A moderator compares it with what the map says."),
    "ask_owner": N_("A moderator asks those who run the place."),
    "call_point": N_("A moderator finds out whether the number is right."),
    "confirm_closure": N_("A moderator makes sure of it. Until then the place stays on the map."),
    "set_capacity": N_("A moderator asks when there will be room again."),
    "compare_duplicates": N_("A moderator compares the two and makes one of them."),
    "hide_and_review": N_(
        "A moderator looks and decides whether it stays on the map. We do not tell anybody there that you have written."
    ),
    "protect_place": N_(
        "A moderator looks whether the place has to be hidden. We do not tell anybody there that you have written."
    ),
    "contact_reporter": N_(
        "A moderator reads it in confidence. We do not tell anybody there that you have written."
    ),
}
#: Whoever stands before a closed door needs another one.
ELSEWHERE: Final = frozenset(
    {"closed_now", "closed_for_good", "moved", "full", "refused", "wrong_services", "wrong_language"}
)
LAW: Final = frozenset({"refused", "discriminated", "exploitation"})
LEGAL_HELP: Final = "legal_advice"
#: Reasons of somebody who may need help at once.
DANGER = frozenset({"unsafe", "exploitation", "refused", "discriminated"})


@router.get("/{lang}/report/{feature_id:uuid}", dependencies=[requires(PUBLIC), asks_for_proof("report")])
async def form(request: Request, lang: Language, at: PlaceOnTheMap) -> HTMLResponse:
    """The form."""
    del lang
    return _show(request, at)


@router.post("/{lang}/report/{feature_id:uuid}", dependencies=[requires(PUBLIC), asks_for_proof("report")])
async def send(request: Request, lang: Language, at: PlaceOnTheMap, sent: Form) -> Response:
    """Take the report in: once, however often the button is pressed."""
    reason = sent.one("reason")
    body, wrong = paragraphs_in(sent, "body", LONGEST)
    # What is too long is there.
    missing = problem_of_reason(reason, body or sent.one("body") * bool(wrong))
    problems = [problem for problem in (missing, wrong) if problem]
    sender = sender_of(request, sent, shortest_s=SHORTEST_S, needs_email=False)
    problems += sender.problems
    if problems or sender.stamp is None:
        return _show(request, at, sent, problems)
    often = await too_often(request, "report", AN_HOUR, sender.email, sent=sent)
    if often:
        return _show(request, at, sent, [often[0]], retry_after_s=often[1])
    independent = await is_first_of_day(request, kind_of(reason), str(at.feature_id))
    complaint = Complaint(
        at.feature_id, reason, body, sender.email, lang, sender.stamp.number, independent=independent
    )
    async with session(database_of(request)) as transaction:
        await report(transaction, complaint)
        cut = "&cut=1" if await will_be_cut(transaction, complaint) else ""
    thanks = f"/{lang}/report/{at.feature_id}/sent?reason={reason}{cut}"
    return RedirectResponse(thanks, status_code=303, headers={"Cache-Control": "no-store"})


@router.get("/{lang}/report/{feature_id:uuid}/sent", dependencies=[requires(PUBLIC)])
async def thanks(request: Request, lang: Language, at: PlaceOnTheMap) -> HTMLResponse:
    """That it has arrived, and what the visitor can do besides. Says nothing about any report."""
    reason = load_vocabulary().report_reasons.get(request.query_params.get("reason", ""))
    change = reason is not None and reason.next_step == "propose_change"
    closes = reason is not None and reason.next_step == "confirm_closure" and may_close(at)
    return closed(
        render(
            request,
            "report/sent.html",
            suggest_href=f"/{lang}/suggest/{at.feature_id}" if change else "",
            closed_href=f"/{lang}/suggest/{at.feature_id}/closed" if closes else "",
            cut=at.is_protected and request.query_params.get("cut") == "1",
            danger=reason is not None and reason.code in DANGER,
            next_words=NEXT.get(reason.next_step, "") if reason is not None else "",
            elsewhere=reason is not None and reason.code in ELSEWHERE,
            legal_href=f"/{lang}/?service={LEGAL_HELP}" if reason is not None and reason.code in LAW else "",
            **whose(request, at),
        )
    )


def _show(
    request: Request,
    at: OnTheMap,
    sent: FormValues | None = None,
    problems: Iterable[FieldProblem] = (),
    *,
    retry_after_s: int | None = None,
) -> HTMLResponse:
    language = page_of(request).language
    reasons = load_vocabulary().report_reasons.values()
    return show_short_form(
        request,
        "report/form.html",
        at,
        sent,
        problems,
        fields=FIELDS,
        retry_after_s=retry_after_s,
        action=f"/{language}/report/{at.feature_id}",
        suggest_href=f"/{language}/suggest/{at.feature_id}",
        reasons=[(term.code, term.names[language]) for term in reasons if not term.retired],
    )
