"""What is or was on the map, for whoever takes it down or puts it back: found, and told with its history."""

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.features.models import Feature, Revision
from app.features.revisions import FeatureNotFound
from app.moderation.models import Submission
from app.moderation.states import SubmissionState

_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
#: So many of the last changes are told.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class PastRevision:
    """One entry of the history. `action` is publish, import, unpublish, republish; `by` is a colleague's name, or ""."""

    number: int
    action: str
    reason: str
    at: dt.datetime
    by: str


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


async def history_of(session: AsyncSession, feature_id: uuid.UUID) -> Sequence[PastRevision]:
    """Give the last changes of a feature, the newest first."""
    query = (
        select(Revision, User)
        .outerjoin(User, User.id == Revision.actor_id)
        .where(Revision.feature_id == feature_id)
        .order_by(Revision.number.desc())
        .limit(SHOWN)
    )
    return [
        PastRevision(
            revision.number,
            revision.action,
            revision.reason or "",
            revision.created_at,
            user.known_as if user else "",
        )
        for revision, user in await session.execute(query)
    ]


async def submitter_of(session: AsyncSession, feature_id: uuid.UUID) -> Submission | None:
    """Give the last submission that went into a feature, if its submitter can still be written to."""
    query = (
        select(Submission)
        .where(
            Submission.feature_id == feature_id,
            Submission.state == SubmissionState.APPROVED,
            Submission.contact_email.is_not(None),
        )
        .order_by(Submission.decided_at.desc())
        .limit(1)
    )
    return await session.scalar(query)
