"""What is or was on the map, for whoever takes it down or puts it back: found by its address."""

import re
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.models import Feature
from app.features.revisions import FeatureNotFound
from app.moderation.models import Submission
from app.moderation.states import SubmissionState

_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


def id_in(text: str) -> uuid.UUID | None:
    """Give the id in an id, or in the address of a page; None where there is none."""
    found = _ID.search(text)
    return uuid.UUID(found[0]) if found else None


async def read_feature(session: AsyncSession, feature_id: uuid.UUID | None) -> Feature:
    """Give a feature, on the map or not; `FeatureNotFound`."""
    found = await session.get(Feature, feature_id) if feature_id else None
    if found is None:
        raise FeatureNotFound
    return found


async def submitter_of(
    session: AsyncSession, feature_id: uuid.UUID, *, but: uuid.UUID | None = None
) -> Submission | None:
    """Give the last submission that went into a feature, if its submitter can still be written to; `but` is none of them."""
    query = (
        select(Submission)
        .where(
            Submission.feature_id == feature_id,
            Submission.state == SubmissionState.APPROVED,
            Submission.contact_email.is_not(None),
            *([Submission.id != but] if but else []),
        )
        .order_by(Submission.decided_at.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def owner_of(session: AsyncSession, feature_id: uuid.UUID) -> Submission | None:
    """Give the submission that brought a feature in, if its sender can still be written to.

    Whoever has changed it since is a stranger to it.
    """
    query = select(Submission).where(
        Submission.feature_id == feature_id,
        Submission.kind == "new",
        Submission.state == SubmissionState.APPROVED,
        Submission.contact_email.is_not(None),
    )
    found: Submission | None = await session.scalar(query.order_by(Submission.decided_at).limit(1))
    return found


async def changes_waiting(session: AsyncSession, feature_id: uuid.UUID, limit: int) -> Sequence[Submission]:
    """Give the changes of a feature that wait for a moderator, the newest first."""
    query = select(Submission).where(
        Submission.feature_id == feature_id,
        Submission.kind == "change",
        Submission.state == SubmissionState.PENDING,
    )
    return (await session.scalars(query.order_by(Submission.created_at.desc()).limit(limit))).all()
