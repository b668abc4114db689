"""How often something may be sent in: by one connection, to one e-mail address, and by everybody together.

While many send at once (`Load`), a proof of work lets a sending through. Without one a few still get through, one an
hour from a connection: whoever has no script is slowed down, not locked out.
"""

import math
import time
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request

from app.errors import Overloaded, TooManyRequests
from app.i18n import N_
from app.web.client_address import CUSTOMER_PREFIX, IPV6_PREFIX
from app.web.dependencies import database_of, limited, settings_of
from app.web.proof_of_work import GOOD_FOR_S, Challenge, new_challenge, solved
from app.web.rate_limit import ClientKeys, Limit, used

OFTEN = N_("Several forms were sent from your connection just now. Wait an hour and send this one then.")
OFTEN_TO_ONE = N_("Several forms were sent with this e-mail address just now. Send this one in an hour.")
PROVE = N_(
    "Very many forms arrive at the moment. Wait until the check at the end of the form is done, then send it once more."
)
#: Who everybody together is, among clients.
EVERYBODY = "everybody"
#: What is known of everybody is believed for longer: whenever a process forgets it, all of a flood is taken apart until it
#: knows again, and a proof that is asked for a little longer harms nobody.
EVERYBODY_BELIEVED_S = 30.0
#: From this share of what all may send on, pages carry a challenge: it is solved when it is asked for.
NEARLY = 0.5
#: One in so many of what all may send gets through without a proof while many send.
UNPROVED_ONE_IN = 4


@dataclass(frozen=True, slots=True)
class SentOften:
    """It was one too many: the field that it is about ("" for none), why, in words, and the seconds to wait."""

    field: str
    code: str
    message: str
    retry_after_s: int


async def sent_often(
    request: Request, name: str, times_an_hour: int, email: str = "", *, proof: str | None = None
) -> SentOften | None:
    """Count one sending called `name`; None while it is allowed. `Overloaded` when nobody can tell.

    Whoever has many connections could fill a stranger's mailbox, so that addresses are counted, too. `proof` is what
    came with it; None where none is ever asked for. One connection alone never makes the others prove anything, nor does
    all that a customer is given: it is stopped before it counts.
    """
    if (unproved := without_proof(request, name, proof)) is not None:
        return unproved
    for limit in (Limit(name, times_an_hour, 3600), Limit(f"{name}-customer", 4 * times_an_hour, 3600)):
        wait_s = await _wait_s(request, limit, also="")
        if wait_s is not None:
            return SentOften("", "too_often", OFTEN, wait_s)
    if (unproved := await _unproved(request, name, proof)) is not None:
        return unproved
    # Last: what is refused for another reason uses up nobody's address.
    if email:
        limit = Limit(f"{name}-mail", 2 * times_an_hour, 4 * 3600)
        wait_s = await _wait_s(request, limit, also=email)
        if wait_s is not None:
            return SentOften("email", "too_often", OFTEN_TO_ONE, wait_s)
    return None


async def _unproved(request: Request, name: str, proof: str | None) -> SentOften | None:
    """Why it has to come again with a proof; None while few send, or where one that holds has come."""
    if proof is None or await _wait_s(request, _everybody(request, name), also=EVERYBODY) is None:
        return None
    if await _is_proved(request, proof):
        return None
    for limit, whom in (
        (Limit(f"{name}-unproved", 1, 3600), ""),
        (_everybody(request, f"{name}-unproved", UNPROVED_ONE_IN), EVERYBODY),
    ):
        wait_s = await _wait_s(request, limit, also=whom)
        if wait_s is not None:
            return SentOften("", "proof_needed", PROVE, wait_s)
    return None


def without_proof(request: Request, name: str, proof: str | None) -> SentOften | None:
    """Refuse what has no proof while nobody gets through without one, as far as this process knows: no question is asked.

    In a flood most is refused here, and costs next to nothing.
    """
    wait_s = proof_needed_for_s(request, name)
    if proof is None or not wait_s or solved(proof, _secret(request), time.time()) is not None:
        return None
    return SentOften("", "proof_needed", PROVE, max(1, math.ceil(wait_s)))


def proof_needed_for_s(request: Request, name: str) -> float:
    """For how many seconds nobody gets through without a proof, as far as this process knows; else 0."""
    told = keys_of(request).told
    limits = (_everybody(request, name), _everybody(request, f"{name}-unproved", UNPROVED_ONE_IN))
    return min(told.left_s(limit.name, EVERYBODY) for limit in limits)


async def is_first_of_day(request: Request, name: str, about: str) -> bool:
    """Whether this connection has not sent `name` about something yet today. All that a customer is given is one."""
    try:
        await limited(request, Limit(f"{name}-here", 1, 24 * 3600), about=about, ipv6_prefix=CUSTOMER_PREFIX)
    except TooManyRequests:
        return False
    return True


async def challenge_if_many(request: Request, name: str) -> Challenge | None:
    """A challenge for a page whose form is `name`, while nearly as many are sent as may be; else None."""
    if proof_needed_for_s(request, name):
        return fresh_challenge(request)
    share = await used(database_of(request).write, _everybody(request, name), keys_of(request), EVERYBODY)
    return fresh_challenge(request) if share >= NEARLY else None


def asks_for_proof(name: str) -> Any:
    """The dependency of a route whose page has the form `name`: `challenge_of` gives what the page carries."""

    async def look(request: Request) -> None:
        try:
            request.state.challenge = await challenge_if_many(request, name)
        except Overloaded:
            # Reading a form needs no counter; sending it does.
            request.state.challenge = None

    return Depends(look)


def challenge_of(request: Request) -> dict[str, Any] | None:
    """What the form of this page has to carry; None while few are sent."""
    found: Challenge | None = getattr(request.state, "challenge", None)
    return found.to_dict() if found else None


def fresh_challenge(request: Request) -> Challenge:
    """A challenge of this installation."""
    return new_challenge(_secret(request), time.time())


def keys_of(request: Request) -> ClientKeys:
    """The keys of the counters."""
    keys: ClientKeys = request.app.state.client_keys
    return keys


def _secret(request: Request) -> str:
    return settings_of(request).secret_key.get_secret_value()


def _everybody(request: Request, name: str, one_in: int = 1) -> Limit:
    times = max(1, settings_of(request).proof_above_per_hour // one_in)
    return Limit(f"{name}-everybody", times, 3600, EVERYBODY_BELIEVED_S)


async def _is_proved(request: Request, proof: str) -> bool:
    """Whether a proof holds and is used for the first time."""
    challenge = solved(proof, _secret(request), time.time())
    if challenge is None:
        return False
    # Counters change their names at midnight (UTC): one solved before may be used once more after it, and not again.
    return await _wait_s(request, Limit("proof-spent", 1, GOOD_FOR_S), also=challenge) is None


async def _wait_s(request: Request, limit: Limit, *, also: str) -> int | None:
    """Count one use; the seconds to wait when it was one too many."""
    # What one customer has been given counts as one where nothing else tells people apart.
    prefix = CUSTOMER_PREFIX if limit.name.endswith(("-unproved", "-customer")) else IPV6_PREFIX
    try:
        await limited(request, limit, also=also, ipv6_prefix=prefix)
    except TooManyRequests as error:
        return error.retry_after_s or 1
    return None
