"""What the forms of an organisation share: what becomes of what is sent, said before it is sent, and sending it."""

import uuid
from typing import Any, Final

from fastapi import Request

from app.accounts.models import User
from app.db import session as transaction
from app.desk.acts import setting_of
from app.desk.own_words import told_in, why_words
from app.desk.pages import ORGANISATIONS_PAGE
from app.desk.trusted_where import trusted_where
from app.features.models import Feature
from app.moderation.actions.publish_own import send_or_publish
from app.moderation.actions.submit import Proposal
from app.moderation.models import Submission
from app.moderation.own_publication import Wanted, Why, codes_of, why_it_waits
from app.moderation.states import SubmissionState
from app.moderation.trusts import trust_in
from app.web.dependencies import Form, database_of, limited
from app.web.rate_limit import Limit

#: An organisation with forty places may put all of them right in an hour, not the whole map.
CHANGING: Final = Limit("organisation-change", times=120, period_s=3600)


async def before_sending(
    request: Request, organisation_id: uuid.UUID, layer: str, entry_id: uuid.UUID | None = None
) -> tuple[Why, ...]:
    """Give why it waits, as far as that is known before anything is typed; nothing: it is public at once."""
    async with transaction(database_of(request)) as session:
        live = await session.get(Feature, entry_id) if entry_id else None
        wanted = Wanted(organisation_id, request.state.user, layer, live)
        return await why_it_waits(session, setting_of(request), wanted)


async def outcome(
    request: Request, organisation_id: uuid.UUID, whys: tuple[Why, ...], *, asked: bool = False
) -> dict[str, Any]:
    """What the page says of it: `waits` in words, `told` for its form, `trusted` with where; `asked`: it was about to be published."""
    async with transaction(database_of(request)) as session:
        trust = await trust_in(session, organisation_id)
        where = await trusted_where(session, trust)
        waits = await why_words(request, session, whys)
    return {
        "trusted": trust is not None,
        "where": ", ".join(where),
        "waits": waits,
        "told": told_in(whys),
        "to_account": Why.NO_SECOND_STEP in whys,
        "would_wait": asked,
    }


async def send(
    request: Request,
    organisation_id: uuid.UUID,
    proposal: Proposal,
    sent: Form,
    *,
    key: uuid.UUID | None = None,
) -> str:
    """Send it, and give the address that says what became of it. `WouldWait` where that is not what the form has said."""
    user: User = request.state.user
    await limited(request, CHANGING, also=str(user.id))
    async with transaction(database_of(request)) as session:
        submission: Submission = await send_or_publish(
            session,
            setting_of(request),
            proposal,
            organisation_id=organisation_id,
            user=user,
            told=codes_of(sent.one("told")),
            key=key,
        )
        done = "published" if submission.state == SubmissionState.APPROVED else "sent"
    return f"{ORGANISATIONS_PAGE}/{organisation_id}?done={done}"
