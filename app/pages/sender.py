"""Who sends a form: no robot as far as one can see, not too often, with an address that can be one."""

import time
from dataclasses import dataclass

from fastapi import Request
from pydantic_core import PydanticCustomError

from app.errors import FieldProblem, TooManyRequests
from app.features.problems import MESSAGES
from app.features.text import Paragraphs
from app.forms.started import LONGEST_S, Started
from app.i18n import N_
from app.mail.addresses import UnusableAddress, normalised
from app.pages.form_pages import stamp_of
from app.web.dependencies import limited
from app.web.rate_limit import Limit
from app.web.strict_form import FormValues

TRAPPED = N_("A field that people do not see was filled in. If you are a person, send the form once more.")
EXPIRED = N_("This page was open for long. Look through your answers and send them once more.")
HASTY = N_("That was very fast. Look through your answers and send them once more.")
OFTEN = N_("Several forms were sent from your connection just now. Wait an hour and send this one then.")
OFTEN_TO_ONE = N_("Several forms were sent with this e-mail address just now. Send this one in an hour.")


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
    request: Request, name: str, times_an_hour: int, email: str = ""
) -> tuple[FieldProblem, int] | None:
    """Count one form called `name`; the problem and the seconds to wait when it was one too many.

    Whoever has many connections could fill a stranger's mailbox, so that addresses are counted, too.
    """
    counted = [(Limit(name, times_an_hour, 3600), "", FieldProblem("", "too_often", OFTEN))]
    if email:
        to_one = Limit(f"{name}-mail", 2 * times_an_hour, 4 * 3600)
        counted.append((to_one, email, FieldProblem("email", "too_often", OFTEN_TO_ONE)))
    for limit, whom, problem in counted:
        try:
            await limited(request, limit, also=whom)
        except TooManyRequests as error:
            return problem, error.retry_after_s or 1
    return None


def paragraphs_in(sent: FormValues, name: str, most: int) -> tuple[str, FieldProblem | None]:
    """A text that may be left out, cleaned, and what is wrong with it."""
    try:
        return Paragraphs(most, least=0).clean(sent.one(name)), None
    except PydanticCustomError as error:
        return "", FieldProblem(name, error.type, MESSAGES[error.type])
