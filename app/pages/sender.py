"""Who sends a form: no robot as far as one can see, not too often, with an address that can be one."""

import time
from dataclasses import dataclass

from fastapi import Request
from pydantic_core import PydanticCustomError

from app.errors import FieldProblem
from app.features.problems import MESSAGES
from app.features.text import Paragraphs
from app.forms.started import LONGEST_S, Started
from app.i18n import N_
from app.mail.addresses import UnusableAddress, normalised
from app.pages.form_pages import stamp_of
from app.web.sent_often import sent_often
from app.web.strict_form import FormValues

TRAPPED = N_("A field that people do not see was filled in. If you are a person, send the form once more.")
EXPIRED = N_("This page was open for long. Look through your answers and send them once more.")
HASTY = N_("That was very fast. Look through your answers and send them once more.")


@dataclass(frozen=True, slots=True)
class Sender:
    """What a form says of whoever sends it. `stamp` is when they began; without one there is a problem."""

    email: str
    stamp: Started | None
    problems: tuple[FieldProblem, ...]


def sender_of(request: Request, sent: FormValues, *, shortest_s: float, needs_email: bool) -> Sender:
    """Read the sender. Faster than `shortest_s` nobody fills the form in."""
    stamp = stamp_of(request, sent.one("started"))
    problems = [problem for problem in [_robot(sent, stamp, shortest_s)] if problem]
    typed, email = sent.one("email").strip(), ""
    if typed or needs_email:
        try:
            email = normalised(typed)
        except UnusableAddress as error:
            problems += error.problems
    return Sender(email, stamp, tuple(problems))


def _robot(sent: FormValues, stamp: Started | None, shortest_s: float) -> FieldProblem | None:
    if sent.one("nickname"):
        return FieldProblem("", "robot", TRAPPED)
    if stamp is None or stamp.age_s(time.time()) > LONGEST_S:
        return FieldProblem("", "too_old", EXPIRED)
    if stamp.age_s(time.time()) < shortest_s:
        return FieldProblem("", "too_fast", HASTY)
    return None


async def too_often(
    request: Request, name: str, times_an_hour: int, email: str = "", *, sent: FormValues | None = None
) -> tuple[FieldProblem, int] | None:
    """Count one form called `name`; the problem and the seconds to wait when it was one too many.

    `sent` is a form that may carry a proof of work.
    """
    proof = sent.one("proof") if sent is not None else None
    often = await sent_often(request, name, times_an_hour, email, proof=proof)
    return (FieldProblem(often.field, often.code, often.message), often.retry_after_s) if often else None


def paragraphs_in(sent: FormValues, name: str, most: int) -> tuple[str, FieldProblem | None]:
    """A text that may be left out, cleaned, and what is wrong with it."""
    try:
        return Paragraphs(most, least=0).clean(sent.one(name)), None
    except PydanticCustomError as error:
        return "", FieldProblem(name, error.type, MESSAGES[error.type])
