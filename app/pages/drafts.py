"""Each step of a form has an address, so that Back, Forward and reload work; what was typed is kept sealed for hours.

A press of a button is answered by the address of the step that it leads to (Post/Redirect/Get). `docs/decisions` says
why the answers are kept at all, and why nobody can read them there.
"""

from dataclasses import replace

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.db import session
from app.entering.entry import Entry
from app.errors import FieldProblem, Gone, NotFound, TooManyRequests
from app.forms.drafts import Draft, drop_draft, keep_draft, make_room, makes_room, read_draft
from app.forms.sealing import Seal, is_address
from app.pages.form_pages import secret_of
from app.web.dependencies import database_of, limited
from app.web.rate_limit import Limit
from app.web.strict_form import FormValues

#: Presses of buttons in forms by one connection, whose answers are kept; a room full of people fits in.
KEEPING = Limit("form-draft", 600, 3600)


class DraftGone(Gone):
    """These answers are no longer here: they were sent, or nobody went on for six hours. You can start again."""


class NoSuchStep(NotFound):
    """This form has no such step."""


def seal_of(request: Request, draft: str) -> Seal:
    """What opens the draft of an address; `NotFound` for a text that can be none."""
    if not is_address(draft):
        raise NotFound
    return Seal(draft, secret_of(request))


def step_number(text: str, entry: Entry) -> int:
    """The step in an address; `NoSuchStep` when the form has none of that number."""
    if text not in {str(number) for number in range(1, entry.last + 1)}:
        raise NoSuchStep
    return int(text)


async def draft_of(request: Request, seal: Seal) -> Draft | None:
    """What was typed under this address so far."""
    async with session(database_of(request)) as transaction:
        return await read_draft(transaction, seal)


def entry_at(blank: Entry, draft: Draft | None, at: int) -> Entry:
    """An entry as its step is shown: with what is kept, and with what was wrong if the last press led here.

    `DraftGone` for a later step of which nothing is kept.
    """
    if draft is None:
        if at > 1:
            raise DraftGone
        return blank
    return replace(
        blank,
        answers=blank.form.answers(draft.pairs),
        at=at,
        problems=draft.problems if draft.at == at else (),
        candidates=draft.candidates,
    )


def draft_after(
    entry: Entry, sent: FormValues, before: Draft | None, also: tuple[FieldProblem, ...] = ()
) -> Draft:
    """What is kept after a press; `also` are problems beside the entry's own."""
    return Draft(
        pairs=_told(entry),
        at=entry.at,
        started=sent.one("started"),
        email=sent.one("email") or (before.email if before else ""),
        problems=(*entry.problems, *also),
        candidates=entry.candidates or (before.candidates if before else {}),
    )


async def lead_on(request: Request, seal: Seal, draft: Draft, address: str) -> Response | None:
    """Keep a draft and lead to its step below `address`; None for a long one, and when this connection has had enough kept.

    Then nothing is kept of it any more: what was kept before would count for more than what the page carries.
    """
    try:
        await limited(request, KEEPING)
        allowed = True
    except TooManyRequests:
        allowed = False
    async with session(database_of(request)) as transaction:
        if not (allowed and await keep_draft(transaction, seal, draft)):
            await drop_draft(transaction, seal)
            return None
    if makes_room(seal):
        async with session(database_of(request)) as transaction:
            await make_room(transaction)
    return to_step(address, seal.address, draft.at)


def to_step(address: str, draft: str, at: int) -> RedirectResponse:
    """The address of a step."""
    return RedirectResponse(f"{address}/{draft}/{at}", status_code=303, headers={"Cache-Control": "no-store"})


def _told(entry: Entry) -> list[tuple[str, str]]:
    """The answers, without the address and the pin of a place that is protected: not even sealed are they kept."""
    gone = [
        asked
        for asked in entry.form.fields
        if asked.place.startswith(("address", "place.position")) and not asked.shown(entry.answers)
    ]
    return [
        (name, value) for name, value in entry.answers.pairs() if not any(asked.owns(name) for asked in gone)
    ]
