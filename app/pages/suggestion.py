"""Suggest a change of what is on the map: one page with everything that is public about it, to write over."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.db import session
from app.entering.entry import SEND, Entry
from app.entering.form_map import map_data
from app.entering.form_view import FormView
from app.entering.one_page import OnePage, one_page, rewritten
from app.errors import FieldProblem, InvalidInput
from app.features.content import Content
from app.forms import Answers
from app.forms.sealing import Seal
from app.forms.started import Started
from app.i18n import N_
from app.moderation.links import make_token
from app.moderation.said_beside import CODE as PLACE_IN_REMARK
from app.moderation.suggesting import OnTheMap, Suggestible
from app.pages.form_pages import closed, secret_of, still_wrong_href, texts_of
from app.pages.photos_sent import album_of, empty, with_photo, without_gone
from app.pages.place_forms import about_place, outdated, read_suggested
from app.pages.sender import paragraphs_in, sender_of, too_often
from app.pages.sending import send_once
from app.pages.shown_revision import shown_in, written
from app.photos.keeping import take_in
from app.taxonomy.discretion import discreet_services
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form as SentForm
from app.web.dependencies import ReadConnection, database_of, page_of, render, settings_of
from app.web.in_turn import in_turn
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires
from app.web.sent_often import asks_for_proof, challenge_of
from app.web.strict_form import FormValues

router = page_router()

SHORTEST_S = 4
PROOF = asks_for_proof("submission")
LONGEST_REMARK = 500
UNCHANGED = N_("Nothing is different from what the map says. Change what is not right, then send it.")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is being suggested: everything on one page, and what it started from."""

    at: Suggestible
    page: OnePage

    @property
    def entry(self) -> Entry:
        """The entry with everything on one page."""
        return self.page.entry

    def answered(self, answers: Answers) -> "Suggestion":
        """The same with other answers."""
        return replace(self, page=self.page.answered(answers))


@router.get("/{lang}/suggest/{feature_id:uuid}", dependencies=[requires(PUBLIC), PROOF])
async def filled_in(request: Request, lang: Language, feature_id: uuid.UUID) -> HTMLResponse:
    """The form with everything that is public."""
    at = await read_suggested(request, feature_id)
    if at is None:
        return await outdated(request, feature_id)
    return show(request, begun(request, lang, at), f"/{lang}/suggest/{feature_id}")


@router.post("/{lang}/suggest/{feature_id:uuid}", dependencies=[requires(PUBLIC), PROOF])
async def press_button(
    request: Request, lang: Language, feature_id: uuid.UUID, sent: SentForm, reader: ReadConnection
) -> Response:
    """What a button of the form does: another row, or sending."""
    base = shown_in(sent.one("base"), secret_of(request), feature_id)
    at = await read_suggested(request, feature_id, base)
    if at is None:
        return await outdated(request, feature_id)
    found = begun(request, lang, at)
    found = found.answered(found.entry.form.answers(sent.pairs))
    action, address = sent.one("action", SEND), f"/{lang}/suggest/{feature_id}"
    entry, refused = await with_photo(request, found.entry, sent)
    found = found.answered(entry.answers)
    if refused or action != SEND:
        more = found.entry.form.more(found.entry.answers, action) or found.entry.answers
        return show(request, found.answered(more), address, sent, also=refused)
    found, content = await suggested(found, at.whole, reader)
    if content is None:
        return show(request, found, address, sent)
    async with in_turn(request, sent.one("proof")):
        return await _send(request, lang, found, content, sent)


async def _send(
    request: Request, lang: str, found: Suggestion, content: Content, sent: FormValues
) -> Response:
    """Take the suggestion in, or say what is wrong with its sender."""
    address = f"/{lang}/suggest/{found.at.feature_id}"
    sender = sender_of(request, sent, shortest_s=SHORTEST_S, needs_email=True)
    remark, wrong = paragraphs_in(sent, "remark", LONGEST_REMARK)
    problems = (*sender.problems, *((wrong,) if wrong else ()))
    if problems or sender.stamp is None:
        return show(request, found, address, sent, also=problems)
    often = await too_often(
        request, "submission", settings_of(request).submissions_per_hour, sender.email, sent=sent
    )
    if often:
        return show(request, found, address, sent, also=(often[0],), retry_after_s=often[1])
    try:
        album = album_of(request, found.entry.form, found.entry.answers)
        return await store(
            request, lang, found.at, content, sender.stamp, email=sender.email, remark=remark, album=album
        )
    except InvalidInput as error:
        if any(one.code == PLACE_IN_REMARK for one in error.problems):
            return show(request, found, address, sent, also=tuple(error.problems))
        entry = without_gone(found.entry, error)
        return show(request, found.answered(entry.answers), address, sent, also=entry.problems)


def begun(
    request: Request, language: str, at: Suggestible, whole: dict[str, Any] | None = None
) -> Suggestion:
    """A form that is filled in with what is public, or with `whole`; of a protected place without any question where."""
    countries = settings_of(request).countries
    content = whole or at.whole
    page = one_page(
        at.layer,
        countries,
        language,
        content,
        title=N_("Suggest a change"),
        place=not at.is_protected,
        live=at.whole,
    )
    return Suggestion(at, page)


async def suggested(
    found: Suggestion, whole: dict[str, Any], reader: ReadConnection
) -> tuple[Suggestion, Content | None]:
    """The suggestion with its problems, or the content that comes of it; see `rewritten`."""
    page, content = await rewritten(found.page, whole, reader, unchanged=UNCHANGED)
    return replace(found, page=page), content


async def store(
    request: Request,
    language: str,
    at: Suggestible,
    content: Content,
    stamp: Started,
    *,
    email: str,
    remark: str,
    album: Seal | None = None,
) -> Response:
    """Take it in with the photos of its page, and lead to where it is; `InvalidInput` for one that is gone."""
    async with session(database_of(request)) as transaction:
        await take_in(transaction, content.to_dict(), album)
        submission_id = await send_once(
            transaction,
            stamp,
            at.layer,
            content,
            language=language,
            email=email,
            change_of=(at.feature_id, at.revision),
            remark=remark,
        )
    await empty(request, album)
    token = make_token(secret_of(request), "sent", submission_id)
    return RedirectResponse(
        f"/{language}/sent/{token}", status_code=303, headers={"Cache-Control": "no-store"}
    )


def show(
    request: Request,
    found: Suggestion,
    action: str,
    sent: FormValues | None = None,
    *,
    also: tuple[FieldProblem, ...] = (),
    retry_after_s: int | None = None,
    photos_at: str = "",
    **more: Any,
) -> HTMLResponse:
    """The page; 422 when something in it is not right, 429 when it was one time too many."""
    entry, texts = found.entry, texts_of(request)
    problems = (*entry.problems, *also)
    language = page_of(request).language
    data: dict[str, Any] = {
        **about_place(request, found.at, sent),
        "action": action,
        "view": FormView(
            entry.form,
            entry.answers,
            texts,
            1,
            problems,
            entry.candidates,
            takes_photos=True,
            photos_at=photos_at,
        ),
        "parts_of": found.page.parts,
        "opened": found.page.opened(problems, sent.one("action") if sent else ""),
        "base": written(secret_of(request), found.at.feature_id, found.at.revision),
        "map": map_data(settings_of(request)),
        "protected": found.at.is_protected,
        "email": sent.one("email") if sent else "",
        "remark": sent.one("remark") if sent else "",
        "closed_href": f"/{language}/suggest/{found.at.feature_id}/closed" if may_close(found.at) else "",
        "report_href": f"/{language}/report/{found.at.feature_id}",
        "begun": f"suggest/{found.at.feature_id}",
        "discreet_codes": " ".join(discreet_services(load_vocabulary())),
        "correcting": False,
        "challenge": challenge_of(request),
        "still_wrong_href": still_wrong_href(entry),
        **more,
    }
    status = 429 if retry_after_s is not None else 422 if problems else 200
    answer = render(request, "suggest/form.html", status=status, **data)
    return closed(answer, retry_after_s)


def may_close(at: OnTheMap) -> bool:
    """Whether things of this layer can be closed."""
    return "status" in at.layer.content.model_fields
