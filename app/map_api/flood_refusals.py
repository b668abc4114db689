"""What programs send in a flood, refused before anything takes it apart."""

import math

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.map_api.private_answers import PATH
from app.map_api.submissions import TRIES, ProofNeeded
from app.web.asgi import header
from app.web.body import DEFAULT_LIMIT, read, replay
from app.web.dependencies import refuse_told
from app.web.in_turn import ManyAtOnce
from app.web.sent_often import proof_needed_for_s


class FloodRefusals:
    """Refuses whoever was told so a moment ago, and whom there is no room for.

    Looks for a proof in the bytes of a body while nobody gets through without one: to parse a flood costs more than to refuse it.

    What has a key may have been taken in before, and is answered as it was then: it goes on, as all does that may have a
    proof.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or raise `ProofNeeded`, `TooManyRequests`, `ManyAtOnce`."""
        if (
            scope["type"] != "http"
            or scope["method"] != "POST"
            or scope["path"] != PATH
            or header(scope, "idempotency-key") is not None
        ):
            await self.app(scope, receive, send)
            return
        no_room = False
        if not (wait_s := proof_needed_for_s(Request(scope), "submission")):
            refuse_told(Request(scope), TRIES)
            no_room = scope["app"].state.turns.are_full
            if not no_room:
                await self.app(scope, receive, send)
                return
        body = await read(scope, receive, DEFAULT_LIMIT, lambda: None)
        if b'"report"' in body:
            # Perhaps one; of these there may be few.
            wait_s = min(wait_s, proof_needed_for_s(Request(scope), "report"))
        if b'"proof"' not in body:
            if wait_s:
                raise ProofNeeded(retry_after_s=max(1, math.ceil(wait_s)))
            if no_room:
                raise ManyAtOnce
        await self.app(scope, replay(body, receive), send)
