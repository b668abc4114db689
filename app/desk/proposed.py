"""What publishing a submission would make public now, and what of that a moderator may read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.features.content import OutdatedContent
from app.features.models import Feature
from app.features.setting import Setting
from app.layers import registry
from app.moderation.actions.approve import first_yes
from app.moderation.agreement_models import Agreement
from app.moderation.models import Submission
from app.moderation.states import SubmissionState
from app.moderation.suggesting import is_suggestion, merge_of
from app.moderation.withheld import Told


@dataclass(frozen=True, slots=True)
class Proposed:
    """`content` as JSON is read beside `compared`, what is live; None where it is compared with nothing.

    `conflicts` are fields that have changed since it was suggested. `kept` is the first yes of two, `would_be` what the second
    one would publish. `problem` says why it cannot be laid on what is live.
    """

    content: dict[str, Any]
    compared: dict[str, Any] | None
    conflicts: tuple[str, ...] = ()
    kept: Agreement | None = None
    would_be: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


async def proposed(
    session: AsyncSession, setting: Setting, submission: Submission, live: Feature | None, told: Told
) -> Proposed:
    """Give what a submission would make public, as far as it may be told; `live` is the entry that it is about."""
    found = await _as_sent(session, setting, submission, live, told)
    kept = await first_yes(session, setting, registry.layer(submission.layer), submission)
    if kept is None or kept.content is None:
        return replace(found, kept=kept, would_be=found.content)
    # A colleague has corrected it, and has said yes to it as corrected.
    return replace(found, content=told.content(kept.content), conflicts=(), kept=kept, would_be=kept.content)


async def _as_sent(
    session: AsyncSession, setting: Setting, submission: Submission, live: Feature | None, told: Told
) -> Proposed:
    sent = told.content(submission.content)
    if live is None or submission.kind != "change" or submission.state == SubmissionState.APPROVED:
        return Proposed(sent, None)
    if not is_suggestion(submission):
        return Proposed(sent, live.content)
    # Whoever suggested it has not seen what is hidden, and takes nothing of it away.
    layer = registry.layer(submission.layer)
    try:
        merged = await merge_of(session, layer, setting.vocabulary, submission, live)
        # The database keeps members in an order of its own, and words follow the order.
        compared = layer.content.kept(live.content).to_dict()
    except OutdatedContent as error:
        return Proposed(sent, live.content, problem=error.message)
    return Proposed(told.content(merged.content), compared, merged.conflicts)
