"""Takes a complete entry in: once, however often its button was pressed."""

import datetime as dt
import uuid

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.content import Content
from app.features.layer import Layer
from app.forms.started import Started
from app.moderation.actions.submit import Proposal, submit
from app.moderation.models import Submission

#: The same content from the same address within this time is the same submission.
SAME_WITHIN = dt.timedelta(hours=1)


async def send_once(
    session: AsyncSession,
    stamp: Started,
    layer: Layer,
    content: Content,
    *,
    language: str,
    email: str,
    change_of: tuple[uuid.UUID, int] | None = None,
    remark: str = "",
) -> uuid.UUID:
    """Store a submission and have its confirmation mailed; gives the first one's id when it is sent again.

    `change_of` is the feature that is to change, and the revision that the change was made from.
    """
    feature_id, base_revision = change_of or (None, None)
    # Two presses of one button wait for each other here, and the second one finds what the first has stored.
    await session.execute(
        text("SELECT pg_advisory_xact_lock(:key)"), {"key": int.from_bytes(stamp.number, "big", signed=True)}
    )
    there = await session.scalar(
        select(Submission.id)
        .where(
            Submission.layer == layer.key,
            Submission.feature_id.is_not_distinct_from(feature_id),
            Submission.channel == "form",
            Submission.contact_email == email,
            Submission.content == content.to_dict(),
            Submission.created_at > func.now() - SAME_WITHIN,
        )
        .order_by(Submission.created_at)
        .limit(1)
    )
    if there is not None:
        return there
    proposal = Proposal(layer, content, feature_id, base_revision)
    submission = await submit(session, proposal, language=language, contact_email=email, remark=remark)
    return submission.id
