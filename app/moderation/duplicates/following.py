"""What was said about the loser of a merge follows to the winner: open reports, and suggestions that wait."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.content import OutdatedContent
from app.features.layer import Layer
from app.features.models import Revision
from app.features.publishing import Publication
from app.features.setting import Setting
from app.features.spine import Spine
from app.moderation.merging import merge
from app.moderation.models import Submission
from app.moderation.states import OPEN_STATES, SubmissionState

_OPEN = (*OPEN_STATES, SubmissionState.UNCONFIRMED)


async def follow(
    session: AsyncSession, setting: Setting, layer: Layer, loser: Spine, winner: Publication
) -> dict[str, Any]:
    """Lead them to the winner, and give what is needed to lead them back.

    A suggestion is a difference: it is laid on what the winner says now. One that cannot be read any more stays.
    """
    given = {"loser": loser.id, "winner": winner.feature_id}
    reports = [str(key) for key in (await session.scalars(_MOVE_REPORTS, given)).all()]
    query = select(Submission).where(
        Submission.feature_id == loser.id, Submission.state.in_(_OPEN), Submission.channel != "import"
    )
    live = await session.get_one(Revision, (winner.feature_id, winner.revision))
    moved: dict[str, Any] = {}
    for submission in (await session.scalars(query.order_by(Submission.id))).all():
        base = await session.get(Revision, (loser.id, submission.base_revision))
        if base is None:
            continue
        try:
            contents = [layer.content.kept(data) for data in (base.content, submission.content, live.content)]
        except OutdatedContent:
            continue
        laid = merge(layer, setting.vocabulary, *contents).content
        moved[str(submission.id)] = {
            "base_revision": submission.base_revision,
            "content": submission.content,
            "laid": laid,
        }
        submission.feature_id, submission.base_revision = winner.feature_id, winner.revision
        submission.content = laid
        submission.version += 1
    await session.flush()
    return {"reports": reports, "submissions": moved}


async def unfollow(session: AsyncSession, loser_id: uuid.UUID, moved: Mapping[str, Any]) -> None:
    """Lead back what still waits as it was led on; what was decided or corrected since stays with the winner."""
    await session.execute(_MOVE_BACK, {"loser": loser_id, "reports": moved["reports"]})
    for key, was in moved["submissions"].items():
        submission = await session.get(Submission, uuid.UUID(key), populate_existing=True)
        if submission is None or submission.state not in _OPEN or submission.content != was["laid"]:
            continue
        submission.feature_id, submission.base_revision = loser_id, was["base_revision"]
        submission.content = was["content"]
        submission.version += 1
    await session.flush()


_MOVE_REPORTS = text(
    "UPDATE core.report SET feature_id = :winner WHERE feature_id = :loser AND state = 'open' RETURNING id"
)
_MOVE_BACK = text("UPDATE core.report SET feature_id = :loser WHERE id = ANY(CAST(:reports AS uuid[]))")
