"""Whose a submission is, when one of an organisation's people has sent it: said as it is now, not as it was then."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.memberships import belongs_to, seat_of
from app.accounts.models import User
from app.desk.listed import name_of
from app.features.models import Feature
from app.moderation.models import Submission
from app.moderation.trusts import is_own_approval


@dataclass(frozen=True, slots=True)
class SentFor:
    """The organisation and who sent it; `belongs`: they still do, and what is to change is still the organisation's.

    `by_itself`: the organisation, which is trusted, has published it, and nobody has undone that.
    """

    organisation_id: uuid.UUID
    organisation: str
    by: str
    belongs: bool
    by_itself: bool = False


async def sent_for(session: AsyncSession, submission: Submission) -> SentFor | None:
    """Give whose it is; None of what anybody has sent."""
    if submission.organisation_id is None or submission.sent_by is None:
        return None
    organisation = await session.get(Feature, submission.organisation_id)
    user = await session.get(User, submission.sent_by)
    seat = await seat_of(session, submission.sent_by, submission.organisation_id)
    owns = submission.content.get("organisation") == {"id": str(submission.organisation_id)}
    if submission.feature_id is not None:
        owns = await belongs_to(session, submission.organisation_id, submission.feature_id)
    belongs = user is not None and user.suspended_at is None and seat is not None and owns
    name = name_of(organisation.content) if organisation else ""
    by_itself = await is_own_approval(session, submission.id)
    return SentFor(
        submission.organisation_id, name or "—", user.known_as if user else "—", belongs, by_itself
    )


async def names_of_senders(session: AsyncSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Give the names of the organisations for which some of these submissions were sent, by submission."""
    query = (
        select(Submission.id, Feature.content["name"])
        .join(Feature, Feature.id == Submission.organisation_id)
        .where(Submission.id.in_(ids), Submission.organisation_id.is_not(None))
    )
    return {row[0]: name_of({"name": row[1]}) for row in await session.execute(query)}
