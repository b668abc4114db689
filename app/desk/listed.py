"""Submissions as the desk lists them: their names, the pane beside a page, and the one that was decided just before."""

import uuid
from collections.abc import Sequence
from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.accounts.scopes import Scope
from app.desk.pages import texts_of
from app.errors import NotFound
from app.features.publishing import DEMONSTRATION
from app.i18n import N_, Translator
from app.layers import registry
from app.moderation.agreements import standing
from app.moderation.models import Submission
from app.moderation.scope import is_within, submissions_within
from app.moderation.screening.reading import scores
from app.moderation.states import SubmissionState
from app.moderation.submissions import read
from app.moderation.waiting import DOUBTFUL, LIKELY_SPAM, NOT_OTHERS, Asked

#: What a moderator has made of a submission.
_SAID = frozenset(
    (SubmissionState.APPROVED, SubmissionState.REJECTED, SubmissionState.SPAM, SubmissionState.NEEDS_CHANGES)
)


class NoSuchSubmission(NotFound):
    """There is no such submission."""


def id_of(given: str) -> uuid.UUID:
    """Give the id in an address; `NoSuchSubmission` for anything else."""
    try:
        return uuid.UUID(given)
    except ValueError:
        raise NoSuchSubmission from None


def within_of(request: Request, permission: str) -> Scope:
    """Where whoever asks has a permission, as a condition on submissions `s`."""
    user: User = request.state.user
    return submissions_within(user, permission, "s")


def whole_queue(request: Request, permission: str = "submission.see") -> Asked:
    """All that waits and that whoever asks may see, or may decide on and no colleague looks at just now."""
    user: User = request.state.user
    assigned = "" if permission == "submission.see" else NOT_OTHERS
    return Asked(user.id, within_of(request, permission), assigned=assigned)


def name_of(content: dict[str, Any]) -> str:
    """Give the name in its own language, "" where a content has none."""
    name = content.get("name") or {}
    return str(name.get("texts", {}).get(name.get("source"), ""))


def source_words(texts: Translator, source: str | None) -> str:
    """Give the short name of a source; of the invented ones what they are, "" for none."""
    return texts.gettext(N_("A made-up example")) if source == DEMONSTRATION else source or ""


async def decided(request: Request, session: AsyncSession, given: str) -> dict[str, Any] | None:
    """Give id, name, state, version and moment of what was decided just before; None for anything else in the address.

    Of what waits for a second yes `agreed` as the state, of what is left to a colleague `left`, and nothing to undo.
    """
    try:
        submission = await read(session, id_of(given))
    except NotFound:
        return None
    if not await is_within(session, request.state.user, "submission.see", "submission", submission.id):
        return None
    if submission.state == SubmissionState.PENDING:
        me, kept = request.state.user.id, await standing(session, submission=submission)
        state = (
            "agreed" if kept and kept.agreed_by == me else "left" if submission.second_asked_by == me else ""
        )
        return {"id": submission.id, "name": name_of(submission.content), "state": state} if state else None
    if submission.state not in _SAID:
        return None
    return {
        "id": submission.id,
        "name": name_of(submission.content),
        "state": submission.state,
        "version": submission.version,
        "at": submission.decided_at,
    }


def risk_of(score: int | None) -> str:
    """How much a score says: `low`, `mid` for what is doubtful, `high` for what is likely spam."""
    return "high" if (score or 0) >= LIKELY_SPAM else "mid" if (score or 0) >= DOUBTFUL else "low"


async def items(
    request: Request, session: AsyncSession, found: Sequence[Submission], chosen: uuid.UUID | None = None
) -> list[dict[str, Any]]:
    """What the pane shows of each; `chosen` is the one whose page it stands beside."""
    texts = texts_of(request)
    ids = [submission.id for submission in found]
    risk = await scores(session, ids)
    following = ids.index(chosen) + 1 if chosen in ids else None
    return [
        {
            "submission": submission,
            "name": name_of(submission.content) or "—",
            "town": (submission.content.get("address") or {}).get("city", ""),
            "layer": texts.gettext(registry.layer(submission.layer).singular),
            "score": risk.get(submission.id),
            "risk": risk_of(risk.get(submission.id)),
            "chosen": submission.id == chosen,
            "following": index == following,
        }
        for index, submission in enumerate(found)
    ]
